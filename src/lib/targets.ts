import { texts } from '../texts';

/** Targets are ratios inside and percent on screen. */

/** Enough digits for five nines, and few enough to hide how computers write 99.95. */
const DIGITS = 12;

/** 0.999 as 99.9. */
export function percentText(ratio: number): string {
  return String(round(ratio * 100));
}

/** Candidate targets as they are typed: "99.9, 99.95". */
export function targetsText(targets: Array<number | string> = []): string {
  return targets.map((target) => (typeof target === 'number' ? percentText(target) : target)).join(', ');
}

/** What was typed, as ratios; variables stay as they are. */
export function parseTargets(text: string): Array<number | string> {
  return parts(text).map((part) => (isVariable(part) ? part : round(Number(bare(part)) / 100)));
}

/** A comma inside what may be one number, as many languages write 99.9. After a point it can only divide two. */
const DECIMAL_COMMA = /(?<![\d.])\d+,\d+(?![\d.])/;

/** Says what is wrong with a list of targets, in words; nothing when it is fine. */
export function targetsProblem(text: string): string | undefined {
  const [doubtful] = DECIMAL_COMMA.exec(text) ?? [];
  if (doubtful !== undefined) {
    return texts.problems.decimalComma(doubtful);
  }
  const wrong = parts(text).find((part) => !isVariable(part) && !isTarget(Number(bare(part)) / 100));
  return wrong === undefined ? undefined : texts.problems.target(wrong);
}

/**
 * The ratio that the value of a variable stands for. A variable may hold ratios, as the list of objectives
 * gives them, or percent, as people write them. What is neither stays, and the backend names it.
 */
export function targetOf(text: string): number | string {
  const number = Number(bare(text));
  if (text.trim() === '' || Number.isNaN(number)) {
    return text;
  }
  return number > 1 ? round(number / 100) : number;
}

/** Says what is wrong with an amount of money a year, in words; nothing when it is fine. */
export function costProblem(text: string): string | undefined {
  const bareText = text.trim();
  const fine = bareText === '' || isVariable(bareText) || /^\d+(\.\d+)?$/.test(bareText);
  return fine ? undefined : texts.problems.cost(bareText);
}

function parts(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '%');
}

function bare(part: string): string {
  return part.replace(/\s*%$/, '');
}

function isVariable(part: string): boolean {
  return part.includes('$');
}

/** Nothing is never broken: a target of 100 % leaves no budget to speak of. */
function isTarget(ratio: number): boolean {
  return ratio > 0 && ratio < 1;
}

function round(number: number): number {
  return Number(number.toPrecision(DIGITS));
}
