import { type QueryBody, type Selection } from '../types';
import { shorten } from './query';
import { targetOf } from './targets';

/**
 * What a text with variables stands for: all its values, `undefined` when it stands for everything.
 * A plain text stands for itself.
 */
export type Resolve = (text: string) => string[] | undefined;

/** Custom "All" values that people write to say "everything"; a selection says that by being empty. */
const EVERYTHING: ReadonlySet<string> = new Set(['$__all', '*', '.*', '.+']);

/** Encloses the place of a variable in a text; no name or label holds it. */
const MARK = '\u0000';
const PLACE = new RegExp(`${MARK}(\\d+)${MARK}`);

/**
 * Resolves one text by way of Grafana's replace function. Its formatter receives the values of a variable
 * before they are joined, so that no separator and no escaping has to be undone afterwards.
 */
export function resolveWith(replace: (text: string, format: (value: unknown) => string) => string): Resolve {
  return (text) => {
    const captured: string[][] = [];
    const replaced = replace(text, (value) => {
      const values = [value].flat().map(String);
      captured.push(values);
      return `${MARK}${captured.length - 1}${MARK}`;
    });
    const values = expand(replaced, captured);
    if (values.some((value) => EVERYTHING.has(value))) {
      return undefined;
    }
    // A variable without a value must not turn into "everything": the text stays, and the backend names it.
    return values.length === 0 || values.includes('') ? [text] : values;
  };
}

/** Every combination of the values at their places in the text. */
function expand(text: string, captured: string[][]): string[] {
  const place = PLACE.exec(text);
  if (!place) {
    return [text];
  }
  return captured[Number(place[1])].flatMap((value) =>
    expand(text.slice(0, place.index) + value + text.slice(place.index + place[0].length), captured)
  );
}

/** Members that are one text each. */
const TEXTS = [
  'by',
  'lookback',
  'window',
  'period',
  'format',
  'pool',
  'scenario',
  'failures',
  'horizon',
  'cost',
  'audience',
  'locale',
] as const;

/** The body with all its variables resolved. */
export function interpolate(body: QueryBody, resolve: Resolve): QueryBody {
  return shorten({
    ...body,
    ...Object.fromEntries(TEXTS.map((member) => [member, interpolateText(body[member], resolve)])),
    measures: body.measures?.flatMap((name) => resolve(name) ?? name),
    targets: body.targets?.flatMap((target) => interpolateTarget(target, resolve)),
    select: interpolateSelection(body.select, resolve),
  });
}

function interpolateTarget(target: number | string, resolve: Resolve): Array<number | string> {
  return typeof target === 'number' ? [target] : (resolve(target) ?? [target]).map(targetOf);
}

export function interpolateSelection(select: Selection = {}, resolve: Resolve): Selection {
  return shorten({
    ...select,
    slo: interpolateList(select.slo, resolve),
    service: interpolateList(select.service, resolve),
    journey: interpolateList(select.journey, resolve),
    labels: interpolateLabels(select.labels, resolve),
  });
}

function interpolateList(texts: string[] = [], resolve: Resolve): string[] {
  const resolved = texts.filter(Boolean).map(resolve);
  // "Everything" next to a name is still everything.
  if (resolved.includes(undefined)) {
    return [];
  }
  return [...new Set(resolved.flatMap((values) => values ?? []))];
}

function interpolateLabels(labels: Selection['labels'] = {}, resolve: Resolve): Selection['labels'] {
  const matchers = Object.entries(labels).map(([key, value]): [string, string[]] => [
    key,
    interpolateList([value].flat(), resolve),
  ]);
  return Object.fromEntries(
    matchers
      .filter(([, values]) => values.length > 0)
      .map(([key, values]) => [key, values.length === 1 ? values[0] : values])
  );
}

/** Several values make no duration; joined, they make an error that shows them. */
function interpolateText(text: string | undefined, resolve: Resolve): string | undefined {
  return text && resolve(text)?.join(',');
}
