import { type Flags, type Measure, type QueryBody, type Question, type Term, type Vocabulary } from '../types';

/** Every control that a question can ask for, in the order in which the editor shows them. */
export const CONTROLS = [
  'select',
  'measures',
  'by',
  'pool',
  'period',
  'lookback',
  'window',
  'horizon',
  'scenario',
  'targets',
  'cost',
  'audience',
  'locale',
] as const satisfies ReadonlyArray<keyof Flags>;

/** Which controls matter to a query; the others are hidden, and their values dropped when the question changes. */
export type Controls = Record<(typeof CONTROLS)[number] | 'failures' | 'format', boolean>;

/** The lists of the vocabulary that a control chooses from; where there is one entry, there is no choice. */
const CHOICES = {
  pool: 'pools',
  period: 'periods',
  scenario: 'scenarios',
  audience: 'audiences',
  locale: 'locales',
} as const;

/** A control that is a choice of one term. */
export type Choice = keyof typeof CHOICES;

/** What Stakes takes where a query names no period. The other lists start with their default. */
const DEFAULT_PERIOD = 'month';

export function findQuestion(vocabulary: Vocabulary | undefined, queryType?: string): Question | undefined {
  return vocabulary?.queryTypes.find((question) => question.name === queryType);
}

export function controlsFor(
  vocabulary: Vocabulary | undefined,
  queryType?: string,
  { measures, scenario }: Pick<QueryBody, 'measures' | 'scenario'> = {}
): Controls {
  const question = findQuestion(vocabulary, queryType);
  const matters = (control: (typeof CONTROLS)[number]): boolean => {
    if (!vocabulary) {
      // Without the backend's words everything can still be edited by name.
      return true;
    }
    if (!question?.[control]) {
      return false;
    }
    if (isChoice(control)) {
      return choices(vocabulary, control).length > 1;
    }
    return control !== 'lookback' || !question.measures || usesLookback(vocabulary, measures);
  };
  return Object.fromEntries([
    ...CONTROLS.map((control) => [control, matters(control)]),
    ['failures', matters('scenario') && takesFailures(vocabulary, scenario)],
    ['format', (question?.formats ?? []).length > 1],
  ]);
}

function isChoice(control: string): control is Choice {
  return control in CHOICES;
}

/** What a choice is made from. */
export function choices(vocabulary: Vocabulary | undefined, control: Choice): Term[] {
  return vocabulary?.[CHOICES[control]] ?? [];
}

/** What Stakes takes where the query leaves a choice open. */
export function defaultChoice(vocabulary: Vocabulary | undefined, control: Choice): string | undefined {
  return control === 'period' ? DEFAULT_PERIOD : choices(vocabulary, control)[0]?.name;
}

/** A scenario that the vocabulary does not know, such as a variable, may need failures: they are not taken away. */
function takesFailures(vocabulary: Vocabulary | undefined, scenario?: string): boolean {
  return !vocabulary || (scenario !== undefined && (takenBy(vocabulary, scenario) ?? false));
}

function takenBy({ scenarios }: Vocabulary, name: string): boolean | undefined {
  const known = findTerm(scenarios, name);
  return known ? known.failures : true;
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
  const dropped = CONTROLS.filter((control) => control !== 'select' && !question[control]);
  const hasFormat = question.formats?.some(({ name }) => name === body.format);
  return {
    ...body,
    ...Object.fromEntries(dropped.map((control) => [control, undefined])),
    failures: question.scenario ? body.failures : undefined,
    ...(question.measures && !body.measures?.length ? { measures: fallback } : {}),
    format: hasFormat ? body.format : undefined,
  };
}
