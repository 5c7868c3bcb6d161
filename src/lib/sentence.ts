import { texts } from '../texts';
import { type QueryBody, type Selection, type Vocabulary } from '../types';
import { targetsText } from './targets';
import {
  choices,
  controlsFor,
  defaultChoice,
  findQuestion,
  findTerm,
  titleOf,
  type Choice,
  type Controls,
} from './vocabulary';

/** What Stakes takes when the query leaves the lookback blank. */
export const DEFAULT_LOOKBACK = '1h';

/** What Stakes measures when the query names nothing. */
export const DEFAULT_MEASURE = 'budget_remaining';

/** What Grafana calls its panels. */
const VISUALIZATIONS: Record<string, string> = {
  stat: 'Stat',
  table: 'Table',
  timeseries: 'Time series',
  'state-timeline': 'State timeline',
  'status-history': 'Status history',
};

/**
 * Grafana does not change the visualization with the question, and some show nothing of the answer. The question
 * names the one for its first format; the words of the others say what they are for.
 */
export function visualizationHint(
  vocabulary: Vocabulary,
  queryType: string | undefined,
  format: string | undefined
): string {
  const question = findQuestion(vocabulary, queryType);
  const [first, ...others] = question?.formats ?? [];
  const other = format === first?.name ? undefined : findTerm(others, format ?? '');
  const name = other ? other.name : question?.visualization;
  if (other && name !== TABLE) {
    return other.words ?? '';
  }
  return name ? texts.sentence.bestShownAs(VISUALIZATIONS[name] ?? name) : '';
}

/** The format whose rows every table shows. */
const TABLE = 'table';

/** What people call SLOs, and journeys, by their names in the catalogue. */
export interface DisplayNames {
  slos: ReadonlyMap<string, string>;
  journeys?: ReadonlyMap<string, string>;
}

/** Says in plain language what a query will answer; empty when the vocabulary does not know the question. */
export function sentence(
  vocabulary: Vocabulary,
  queryType: string | undefined,
  body: QueryBody,
  displayNames: DisplayNames
): string {
  const question = findQuestion(vocabulary, queryType);
  if (!question) {
    return '';
  }
  const names = body.measures?.length ? body.measures : [DEFAULT_MEASURE];
  const controls = controlsFor(vocabulary, queryType, { ...body, measures: names });
  const about = controls.select ? subject(body.select, displayNames) : '';
  const needsWindow = controls.window && (!controls.measures || names.some((name) => !isRate(vocabulary, name)));
  const over = needsWindow ? windowPhrase(vocabulary, body) : '';
  const rest = refinements(vocabulary, queryType, controls, body);
  const pool = controls.pool && body.pool ? texts.sentence.pool(titleOf(vocabulary.pools, body.pool)) : '';
  if (!controls.measures) {
    const rows = controls.by && body.by ? texts.sentence.rowEach(titleOf(vocabulary.by, body.by)) : '';
    const rates = controls.lookback ? texts.sentence.ratesOver(body.lookback ?? DEFAULT_LOOKBACK) : '';
    return texts.sentence.answers(question.question, about, over, rows + pool + rates + rest);
  }
  const measures = names.map((name) => measurePhrase(vocabulary, name, body.lookback));
  const each = question.visualization === 'timeseries' ? texts.sentence.lineEach : texts.sentence.valueEach;
  const by = controls.by ? each(titleOf(vocabulary.by, body.by ?? 'slo'), measures.length > 1) : '';
  return texts.sentence.shows(measures, about, over, by + pool, rest);
}

/** The clauses for everything that is neither the subject nor the measures. */
function refinements(
  vocabulary: Vocabulary,
  queryType: string | undefined,
  controls: Controls,
  body: QueryBody
): string {
  const chosen = (choice: Choice) => {
    const name = controls[choice] ? body[choice] : undefined;
    return name && titleOf(choices(vocabulary, choice), name);
  };
  const period = controls.period && (body.period ?? defaultChoice(vocabulary, 'period'));
  const clause = <T>(value: T | '' | false | undefined, say: (value: T) => string) => (value ? say(value) : '');
  return [
    clause(period, (name) => texts.sentence.period(titleOf(vocabulary.periods, name))),
    clause(controls.horizon && body.horizon, texts.sentence.horizon),
    clause(chosen('scenario'), texts.sentence.scenario),
    clause(controls.failures && body.failures, texts.sentence.failures),
    clause(controls.targets && targetsText(body.targets), (text) => texts.sentence.targets(text.split(', '))),
    clause(controls.cost && body.cost, texts.sentence.cost),
    clause(chosen('audience'), texts.sentence.audience),
    clause(chosen('locale'), texts.sentence.locale),
    clause(controls.format && body.format, (name) =>
      texts.sentence.format(titleOf(findQuestion(vocabulary, queryType)?.formats, name))
    ),
  ].join('');
}

function windowPhrase(vocabulary: Vocabulary, { window, select: { slo = [] } = {} }: QueryBody): string {
  if (!window) {
    return texts.sentence.overOwn(slo.length > 1);
  }
  const unit = findTerm(vocabulary.periods, window);
  return unit ? texts.sentence.overCurrent(unit.title) : texts.sentence.overLast(window);
}

/** Measures that are all taken over the lookback leave nothing for the window. */
function isRate(vocabulary: Vocabulary, measure: string): boolean {
  return Boolean(findTerm(vocabulary.measures, measure)?.lookback);
}

function measurePhrase(vocabulary: Vocabulary, name: string, lookback = DEFAULT_LOOKBACK): string {
  const title = findTerm(vocabulary.measures, name)?.title;
  const words = title ? texts.sentence.lowerFirst(title) : name;
  return isRate(vocabulary, name) ? texts.sentence.rate(words, lookback) : words;
}

function subject(select: Selection = {}, { slos, journeys }: DisplayNames): string {
  const { slo = [], service = [], journey = [], labels = {} } = select;
  const { everySlo, list, ofServices, ofJourneys, withLabels } = texts.sentence;
  const matchers = Object.entries(labels).map(([key, value]): [string, string[]] => [key, [value].flat()]);
  return [
    slo.length > 0 ? list(slo.map((name) => slos.get(name) ?? name)) : everySlo,
    ...(service.length > 0 ? [ofServices(service)] : []),
    ...(journey.length > 0 ? [ofJourneys(journey.map((name) => journeys?.get(name) ?? name))] : []),
    ...(matchers.length > 0 ? [withLabels(matchers)] : []),
  ].join(' ');
}
