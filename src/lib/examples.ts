import { texts } from '../texts';
import { QUERY_VERSION, type QueryBody, type StakesQuery, type Vocabulary } from '../types';
import { bodyForQuestion, findQuestion } from './vocabulary';

/** A query that is worth trying, and why. */
export interface Example {
  title: string;
  words: string;
  query: Pick<StakesQuery, 'queryType' | 'query'>;
}

type Start = [id: keyof typeof texts.help.examples, queryType: string, body: Partial<QueryBody>];

const STARTS: Start[] = [
  ['remaining', 'number', { measures: ['budget_remaining'] }],
  ['burning', 'series', { measures: ['burn_rate'], lookback: '1h' }],
  ['services', 'scorecard', { by: 'service' }],
  ['month', 'number', { measures: ['sli'], window: 'month' }],
  ['loss', 'number', { measures: ['loss'] }],
];

/** Examples that the backend can answer, with its own title for the question that each asks. */
export function examples(vocabulary: Vocabulary): Example[] {
  return STARTS.filter(([, queryType, { measures = [] }]) => {
    const isKnown = (name: string) => vocabulary.measures.some((measure) => measure.name === name);
    return findQuestion(vocabulary, queryType) && measures.every(isKnown);
  }).map(([id, queryType, body]) => ({
    title: texts.help.examples[id],
    words: findQuestion(vocabulary, queryType)?.question ?? '',
    query: { queryType, query: { version: QUERY_VERSION, ...body } },
  }));
}

/** Every question of the backend, about everything that there is. */
export function questionExamples(vocabulary: Vocabulary, measure: string): Example[] {
  return vocabulary.queryTypes.map((question) => ({
    title: question.question,
    words: question.words,
    query: {
      queryType: question.name,
      query: withMeasure(bodyForQuestion({ version: QUERY_VERSION }, question, [measure])),
    },
  }));
}

/** Only what is said: a member that is undefined would be one more thing to save. */
function withMeasure({ version, measures }: QueryBody): QueryBody {
  return measures ? { version, measures } : { version };
}
