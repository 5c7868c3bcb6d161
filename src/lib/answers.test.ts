import { LoadingState, type DataFrame, type PanelData } from '@grafana/data';
import { type QueryBody } from '../types';
import { answerTo, marks, placeOf } from './answers';

const body: QueryBody = {
  version: 1,
  select: { slo: ['checkout', '$slo'], service: ['shop'], labels: { tier: 'gold' } },
  measures: ['sli'],
  window: '28x',
  targets: [0.9, '${goal}'],
};

it.each([
  ['there is no SLO "checkout"; did you mean "checkout-api"?', 'slo'],
  ['there is no service "shop"', 'service'],
  ['no SLO has the label "tier"', 'labels'],
  ['the variable $slo was not replaced', 'slo'],
  ['the variable ${goal} was not replaced', 'targets'],
  ['there is no measure "sli"', 'measures'],
  ['window: "28x" is not a duration', 'window'],
  ['a scenario of your own needs failures: a share such as 0.5 %, or a multiple of that of the lookback', 'failures'],
  ['lookback 30s is not a whole number of minutes', 'lookback'],
  ['the cost is "plenty"; expected money a year as a number', 'cost'],
  ['Prometheus did not answer within 30s', undefined],
])('finds the control that "%s" is about', (message, expected) => {
  expect(placeOf(message, body)).toBe(expected);
});

it('marks each control that a message is about, and none for what concerns the query as a whole', () => {
  const messages = ['there is no measure "sli"', 'lookback 1s is too short', 'the store is down'];
  const mark = 'The error below is about this.';
  expect(marks(messages, body)).toEqual({ measures: mark, lookback: mark });
});

it('reads errors and warnings of its own query, each once', () => {
  const frame = (refId: string, text: string, severity: 'info' | 'warning') =>
    ({ refId, fields: [], length: 0, meta: { notices: [{ text, severity }] } }) as DataFrame;
  const data = {
    state: LoadingState.Error,
    errors: [
      { refId: 'A', message: 'a' },
      { refId: 'A', data: { message: 'a' } },
      { refId: 'B', message: 'b' },
      { message: 'all' },
    ],
    series: [frame('A', 'careful', 'warning'), frame('A', 'careful', 'warning'), frame('A', 'fyi', 'info')],
  } as unknown as PanelData;
  expect(answerTo('A', data)).toEqual({ errors: ['a', 'all'], warnings: ['careful'] });
  expect(answerTo('A')).toEqual({ errors: [], warnings: [] });
});
