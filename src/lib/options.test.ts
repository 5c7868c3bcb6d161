import { labels, slos, vocabulary } from '../testing/fixtures';
import { matches, measureOptions, questionOptions, sloOptions, textOptions } from './options';

it('shows the display name of an SLO, and below it what tells it apart', () => {
  expect(sloOptions(slos)).toMatchObject([
    { label: 'Checkout works', description: 'checkout-availability · service checkout · owner payments' },
    { label: 'checkout-latency', description: 'service checkout · owner payments' },
    { label: 'Search works', description: 'search-availability · service search' },
  ]);
});

it('shows the words and the unit of a measure', () => {
  expect(measureOptions(vocabulary.measures)[0]).toEqual({
    value: 'sli',
    label: 'SLI',
    description: 'Share of good events [ratio]',
  });
});

it('offers only alertable questions to alerting', () => {
  const names = (onlyAlertable: boolean) =>
    questionOptions(vocabulary.queryTypes, onlyAlertable).map(({ value }) => value);
  expect(names(true)).toEqual(['number', 'series']);
  expect(names(false)).toHaveLength(5);
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
