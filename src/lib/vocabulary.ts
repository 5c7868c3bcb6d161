import { type Measure, type QueryBody, type Question, type Term, type Vocabulary } from '../types';

/** Which controls matter to a query; the others are hidden, and their values dropped when the question changes. */
export interface Controls {
  select: boolean;
  measures: boolean;
  by: boolean;
  lookback: boolean;
  window: boolean;
  audience: boolean;
}

/** Without the backend's words everything can still be edited by name. */
const ALL_CONTROLS: Controls = { select: true, measures: true, by: true, lookback: true, window: true, audience: true };

export function findQuestion(vocabulary: Vocabulary | undefined, queryType?: string): Question | undefined {
  return vocabulary?.queryTypes.find((question) => question.name === queryType);
}

export function controlsFor(vocabulary: Vocabulary | undefined, queryType?: string, measures?: string[]): Controls {
  if (!vocabulary) {
    return ALL_CONTROLS;
  }
  const question = findQuestion(vocabulary, queryType);
  return {
    select: question?.select ?? true,
    measures: Boolean(question?.measures),
    by: Boolean(question?.by),
    lookback: Boolean(question?.lookback) && (!question?.measures || usesLookback(vocabulary, measures)),
    window: Boolean(question?.window),
    // One audience is no choice.
    audience: Boolean(question?.audience) && vocabulary.audiences.length > 1,
  };
}

/** A measure that the vocabulary does not know may need the lookback: it is not taken away. */
function usesLookback(vocabulary: Vocabulary, measures: string[] = []): boolean {
  return measures.some((name) => findTerm(vocabulary.measures, name)?.lookback ?? true);
}

export function findTerm<T extends { name: string }>(terms: T[] = [], name: string): T | undefined {
  return terms.find((term) => term.name === name);
}

/** The title of a term, or its name where the vocabulary does not know it. */
export function titleOf(terms: Array<Term | Measure> | undefined, name: string): string {
  return findTerm<Term | Measure>(terms, name)?.title ?? name;
}

/** The body that a new question starts with: the same SLOs, and of the rest what matters to it. */
export function bodyForQuestion(body: QueryBody, question: Question, fallback: string[]): QueryBody {
  return {
    ...body,
    measures: question.measures ? (body.measures?.length ? body.measures : fallback) : undefined,
    by: question.by ? body.by : undefined,
    lookback: question.lookback ? body.lookback : undefined,
    window: question.window ? body.window : undefined,
    audience: question.audience ? body.audience : undefined,
  };
}
