import { vocabulary } from '../testing/fixtures';
import { type QueryBody } from '../types';
import { sentence } from './sentence';

const names = {
  slos: new Map([['checkout-availability', 'Checkout works']]),
  journeys: new Map([['buy', 'Buy something']]),
};
const say = (queryType: string, body: Partial<QueryBody>) =>
  sentence(vocabulary, queryType, { version: 1, ...body }, names);

it.each<[string, Partial<QueryBody>, string]>([
  [
    'series',
    { measures: ['budget_remaining', 'sli'], select: { slo: ['checkout-availability'] } },
    'Shows the budget remaining and SLI of Checkout works over its own window, one line per SLO and measure.',
  ],
  [
    'number',
    { measures: ['burn_rate'], by: 'service', window: '7d', lookback: '5m', select: { service: ['a', 'b'] } },
    'Shows the burn rate (last 5m) of every SLO of services a or b, one value per service.',
  ],
  [
    'series',
    { measures: ['burn_rate'], select: { slo: ['$slo'], labels: { tier: 'gold', region: ['eu', 'us'] } } },
    'Shows the burn rate (last 1h) of $slo with tier gold and region eu or us, one line per SLO.',
  ],
  [
    'number',
    { measures: ['burn_rate', 'sli'], window: '7d' },
    'Shows the burn rate (last 1h) and SLI of every SLO over the last 7d, one value per SLO and measure.',
  ],
  [
    'number',
    { measures: ['sli'], select: { slo: ['checkout-availability', 'b'] } },
    'Shows the SLI of Checkout works and b over their own windows, one value per SLO.',
  ],
  ['series', {}, 'Shows the budget remaining of every SLO over its own window, one line per SLO.'],
  ['scorecard', {}, 'Answers “What about scorecard?” for every SLO over its own window, rates over the last 1h.'],
  ['history', {}, 'Answers “What about history?” for every SLO, month by month.'],
  [
    'history',
    { period: 'day', format: 'series', select: { journey: ['buy'] } },
    'Answers “What about history?” for every SLO in journey Buy something, day by day, given as series.',
  ],
  [
    'number',
    { measures: ['sli'], by: 'service', pool: 'worst', window: 'month' },
    'Shows the SLI of every SLO over the month so far, one value per service (worst).',
  ],
  [
    'forecast',
    { horizon: '14d', scenario: 'quiet' },
    'Answers “What about forecast?” for every SLO over its own window, looking 14d ahead, assuming “Quiet”.',
  ],
  [
    'forecast',
    { scenario: 'my-own', failures: '0.5 %' },
    'Answers “What about forecast?” for every SLO over its own window, assuming “My own” with 0.5 % failing.',
  ],
  [
    'forecast',
    { scenario: 'quiet', failures: '0.5 %' },
    'Answers “What about forecast?” for every SLO over its own window, assuming “Quiet”.',
  ],
  [
    'whatif',
    { targets: [0.999, 0.9995, '$target'], cost: '20000' },
    'Answers “What about whatif?” for every SLO over its own window, with targets of 99.9 %, 99.95 % and $target, if more costs 20000 a year.',
  ],
  [
    'statement',
    { locale: 'german', audience: 'executive' },
    'Answers “What about statement?” for every SLO over its own window, in German.',
  ],
  [
    'scorecard',
    { by: 'service', period: 'day' },
    'Answers “What about scorecard?” for every SLO over its own window, one row per service, rates over the last 1h.',
  ],
  ['catalog', {}, 'Answers “What about catalog?”.'],
  ['of-a-later-version', {}, ''],
])('%s %j', (queryType, body, expected) => {
  expect(say(queryType, body)).toBe(expected);
});
