import { type Labels, type Measure, type Named, type Question, type Slo, type Term, type Vocabulary } from '../types';

const question = (name: string, members: Partial<Question> = {}): Question => ({
  name,
  question: `What about ${name}?`,
  words: `All about ${name}`,
  alertable: false,
  select: true,
  window: true,
  visualization: 'table',
  ...members,
});

const term = (title: string): Term => ({ name: title.toLowerCase().replace(/ /g, '-'), title });

const measure = (name: string, title: string, unit: string, words: string): Measure => ({
  name,
  title,
  unit,
  words,
  lookback: name === 'burn_rate',
  money: false,
});

/** A small vocabulary; its texts differ from the backend's, which proves that the editor has none of its own. */
export const vocabulary: Vocabulary = {
  queryTypes: [
    question('number', {
      alertable: true,
      measures: true,
      by: true,
      lookback: true,
      pool: true,
      visualization: 'stat',
    }),
    question('series', {
      alertable: true,
      measures: true,
      by: true,
      lookback: true,
      visualization: 'timeseries',
    }),
    question('scorecard', { by: true, lookback: true }),
    question('history', { window: false, period: true, formats: [term('Table'), term('Series')] }),
    question('alert', { alertable: true, formats: [term('Numbers'), term('Table')], visualization: 'stat' }),
    question('incidents', { window: false }),
    question('forecast', { horizon: true, scenario: true }),
    question('whatif', { targets: true, cost: true }),
    question('statement', { audience: true, locale: true }),
    question('catalog', { select: false, window: false }),
  ],
  measures: [
    measure('sli', 'SLI', 'ratio', 'Share of good events'),
    measure('budget_remaining', 'Budget remaining', 'ratio of the budget', 'What is left'),
    measure('burn_rate', 'Burn rate', 'x', 'How fast it goes'),
    measure('sli_low', 'SLI, lower bound', 'ratio', 'At least'),
  ],
  by: [
    { name: 'slo', title: 'SLO' },
    { name: 'service', title: 'Service' },
  ],
  audiences: [term('Executive')],
  periods: [term('Day'), term('Month')],
  pools: [term('Events'), term('Worst')],
  scenarios: [term('As now'), term('Quiet'), { ...term('My own'), failures: true }],
  locales: [term('English'), term('German')],
};

export const slos: Slo[] = [
  {
    name: 'checkout-availability',
    displayName: 'Checkout works',
    service: 'checkout',
    owner: 'payments',
    labels: { tier: 'gold' },
    journeys: ['buy'],
    objectives: [{ name: '', target: 0.9995, window: '28d' }],
  },
  { name: 'checkout-latency', service: 'checkout', owner: 'payments', labels: { tier: 'standard' } },
  { name: 'search-availability', displayName: 'Search works', service: 'search', labels: { tier: 'gold' } },
];

export const services: Named[] = [{ name: 'checkout', displayName: 'Checkout' }, { name: 'search' }];

export const journeys: Named[] = [{ name: 'buy', displayName: 'Buy something' }];

export const labels: Labels = { tier: ['gold', 'standard'] };
