import { type AdHocVariableFilter } from '@grafana/data';
import { type Selection } from '../types';
import { filterKeys, filterProblem, narrow } from './filters';

const is = (key: string, value: string): AdHocVariableFilter => ({ key, operator: '=', value });
const oneOf = (key: string, ...values: string[]): AdHocVariableFilter => ({
  key,
  operator: '=|',
  value: values[0],
  values,
});

it.each<[string, Selection | undefined, AdHocVariableFilter[], Selection | undefined]>([
  ['nothing', undefined, [], undefined],
  ['a label', undefined, [is('tier', 'gold')], { labels: { tier: 'gold' } }],
  ['one of several', undefined, [oneOf('tier', 'gold', 'silver')], { labels: { tier: ['gold', 'silver'] } }],
  [
    'a label beside others',
    { slo: ['a'], labels: { region: 'eu' } },
    [is('tier', 'gold')],
    { slo: ['a'], labels: { region: 'eu', tier: 'gold' } },
  ],
  [
    'what the query and the filter have in common',
    { labels: { tier: ['gold', 'silver'] } },
    [oneOf('tier', 'silver', 'bronze')],
    { labels: { tier: 'silver' } },
  ],
  ['a service', { service: ['a', 'b'] }, [is('service', 'b')], { service: ['b'] }],
  ['an SLO', undefined, [is('slo', 'a'), is('journey', 'j')], { slo: ['a'], journey: ['j'] }],
  [
    'nothing at all, which is not everything',
    { labels: { tier: 'gold' } },
    [is('tier', 'silver')],
    { labels: { tier: 'gold and at once silver' } },
  ],
])('narrows to %s', (_, select, filters, expected) => {
  const body = select ? { version: 1, select } : { version: 1 };
  expect(narrow(body, filters).select).toEqual(expected);
});

it.each(['!=', '=~', '!~', '<', '!=|'])('says that it cannot follow %s', (operator) => {
  expect(filterProblem([is('a', 'b'), { key: 'tier', operator, value: 'gold' }])).toContain(
    `cannot filter by tier ${operator} gold`
  );
});

it('follows equality', () => {
  expect(filterProblem([is('a', 'b'), oneOf('c', 'd')])).toBeUndefined();
  expect(filterProblem()).toBeUndefined();
});

it('offers the labels after what every SLO has', () => {
  expect(filterKeys({ tier: [], region: [], service: [] })).toEqual(['slo', 'service', 'journey', 'region', 'tier']);
});
