import { texts } from '../texts';
import { type Problem, type Validation } from '../types';

/** "3 SLOs, no problems": the result of a validation in one line. */
export function summary({ slos, problems }: Validation): string {
  return texts.catalog.summary(slos, problems?.length ?? 0);
}

/** One problem in one line: where it is, then what it is. */
export function problemText({ document, path, message }: Problem): string {
  const where = [document && texts.catalog.inDocument(document), path].filter(Boolean).join(', ');
  return where ? `${where}: ${message}` : message;
}

/** A problem as the code editor marks it: from the first to the last character of its line. */
export interface LineMark {
  line: number;
  message: string;
  warning: boolean;
}

/** A problem that names no line, or one beyond the text, is marked at the nearest line there is. */
export function lineMarks(problems: Problem[], lines: number): LineMark[] {
  return problems.map((problem) => ({
    line: Math.min(Math.max(problem.line ?? 1, 1), lines),
    message: problemText(problem),
    warning: isWarning(problem),
  }));
}

export function isWarning({ severity }: Problem): boolean {
  return severity !== undefined && severity !== 'error';
}
