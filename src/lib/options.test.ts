import { labels, slos, vocabulary } from '../testing/fixtures';
import {
  isVariable,
  matches,
  matchesDuration,
  measureOptions,
  questionOptions,
  sloOptions,
  textOptions,
  type Purpose,
} from './options';

it('shows the display name of an SLO, and below it what tells it apart', () => {
  expect(sloOptions(slos)).toMatchObject([
    { label: 'Checkout works', description: 'checkout-availability · service checkout · owner payments' },
    { label: 'checkout-latency', description: 'service checkout · owner payments' },
    { label: 'Search works', description: 'search-availability · service search' },
  ]);
});

it('shows the words and the unit of a measure, under the unit that it shares with others', () => {
  const groups = measureOptions(vocabulary.measures);
  expect(groups.map(({ label, options }) => [label, options.map(({ value }) => value)])).toEqual([
    ['Ratio', ['sli', 'sli_low']],
    ['Ratio of the budget', ['budget_remaining']],
    ['X', ['burn_rate']],
  ]);
  expect(groups[0].options[0]).toEqual({ value: 'sli', label: 'SLI', description: 'Share of good events [ratio]' });
});

it('offers only the questions that serve the purpose', () => {
  const names = (purpose?: Purpose) => questionOptions(vocabulary.queryTypes, purpose).map(({ value }) => value);
  expect(names('alerting')).toEqual(['number', 'series', 'alert']);
  expect(names('annotations')).toEqual(['incidents']);
  expect(names()).toHaveLength(vocabulary.queryTypes.length);
});

it('marks what can be alerted on where that is not all there is', () => {
  const words = (purpose?: Purpose) =>
    questionOptions(vocabulary.queryTypes, purpose).find(({ value }) => value === 'number')?.description;
  expect(words()).toBe('All about number Can be alerted on.');
  expect(words('alerting')).toBe('All about number');
});

it.each([
  ['8d', false],
  ['28', true],
  ['', true],
])('finds the window of 28 days by "%s": %s', (search, found) => {
  expect(matchesDuration({ value: '28d', label: '28d' }, search)).toBe(found);
});

it('finds a calendar window by any part of its title', () => {
  expect(matchesDuration({ value: 'month', label: 'Calendar month' }, 'MON')).toBe(true);
});

it.each([
  ['$slo', true],
  ['${slo:csv}-x', true],
  ['checkout', false],
  ['costs $', false],
])('takes "%s" for a variable: %s', (text, expected) => {
  expect(isVariable(text)).toBe(expected);
});

it.each([
  ['works', true],
  ['CHECKOUT-AVAIL', true],
  ['payments checkout', true],
  ['search', false],
])('searches the name, the display name, the service and the owner for %s', (search, found) => {
  const [option] = sloOptions(slos);
  // As the select hands it over.
  expect(matches({ label: option.label, value: option.value, data: option }, search)).toBe(found);
});

it('never hides the offer to take what was typed', () => {
  expect(matches({ ...textOptions(labels.tier)[0], __isNew__: true }, '$tier')).toBe(true);
});
