import { type QueryBody, type Selection, type Vocabulary } from '../types';
import { controlsFor, findQuestion, findTerm, titleOf } from './vocabulary';

/** What Stakes takes when the query leaves the lookback blank. */
export const DEFAULT_LOOKBACK = '1h';

/** What Stakes measures when the query names nothing. */
export const DEFAULT_MEASURE = 'budget_remaining';

/** What Grafana calls its panels. */
const VISUALIZATIONS: Record<string, string> = { stat: 'Stat', table: 'Table', timeseries: 'Time series' };

/** Grafana does not change the visualization with the question, and some show nothing of the answer. */
export function visualizationHint(vocabulary: Vocabulary, queryType: string | undefined): string {
  const name = findQuestion(vocabulary, queryType)?.visualization;
  return name ? `Best shown as ${VISUALIZATIONS[name] ?? name}.` : '';
}

/** Says in plain language what a query will answer; empty when the vocabulary does not know the question. */
export function sentence(
  vocabulary: Vocabulary,
  queryType: string | undefined,
  body: QueryBody,
  displayNames: ReadonlyMap<string, string>
): string {
  const question = findQuestion(vocabulary, queryType);
  if (!question) {
    return '';
  }
  const names = body.measures?.length ? body.measures : [DEFAULT_MEASURE];
  const controls = controlsFor(vocabulary, queryType, names);
  const about = controls.select ? subject(body.select, displayNames) : '';
  const over =
    controls.window && (!controls.measures || needsWindow(vocabulary, names))
      ? ` over ${body.window ? `the last ${body.window}` : ownWindow(body.select)}`
      : '';
  const by = lowerFirst(titleOf(vocabulary.by, body.by ?? 'slo'));
  if (!controls.measures) {
    const rate = controls.lookback ? `, rates over the last ${body.lookback ?? DEFAULT_LOOKBACK}` : '';
    return `Answers “${question.question}”${about && ` for ${about}`}${over}${rate}.`;
  }
  const measures = names.map((name) => measurePhrase(vocabulary, name, body.lookback));
  const one = question.visualization === 'timeseries' ? 'line' : 'value';
  const each = controls.by ? `, one ${one} per ${by}${measures.length > 1 ? ' and measure' : ''}` : '';
  return `Shows the ${list(measures)} of ${about}${over}${each}.`;
}

function ownWindow({ slo = [] }: Selection = {}): string {
  return slo.length > 1 ? 'their own windows' : 'its own window';
}

/** Measures that are all taken over the lookback leave nothing for the window. */
function needsWindow(vocabulary: Vocabulary, measures: string[]): boolean {
  return measures.some((name) => !findTerm(vocabulary.measures, name)?.lookback);
}

function measurePhrase(vocabulary: Vocabulary, name: string, lookback = DEFAULT_LOOKBACK): string {
  const measure = findTerm(vocabulary.measures, name);
  const title = measure ? lowerFirst(measure.title) : name;
  return measure?.lookback ? `${title} (last ${lookback})` : title;
}

function subject(select: Selection = {}, displayNames: ReadonlyMap<string, string>): string {
  const { slo = [], service = [], labels = {} } = select;
  const named = slo.length > 0 ? list(slo.map((name) => displayNames.get(name) ?? name)) : 'every SLO';
  const matchers = Object.entries(labels).map(([key, value]) => `${key} ${list([value].flat(), 'or')}`);
  const narrowed = [
    ...(service.length > 0 ? [`of ${service.length > 1 ? 'services' : 'service'} ${list(service, 'or')}`] : []),
    ...(matchers.length > 0 ? [`with ${list(matchers)}`] : []),
  ];
  return [named, ...narrowed].join(' ');
}

function list(words: string[], conjunction = 'and'): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** "Budget remaining" reads as "budget remaining" in a sentence, but "SLI" stays as it is. */
function lowerFirst(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? title[0].toLowerCase() + title.slice(1) : title;
}
