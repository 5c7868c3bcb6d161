import { type Labels, type Question, type Service, type Slo, type Vocabulary } from '../types';

const question = (name: string, members: Partial<Question> = {}): Question => ({
  name,
  question: `What about ${name}?`,
  words: `All about ${name}`,
  alertable: false,
  measures: false,
  by: false,
  lookback: false,
  window: true,
  audience: false,
  visualization: 'table',
  ...members,
});

/** A small vocabulary; its texts differ from the backend's, which proves that the editor has none of its own. */
export const vocabulary: Vocabulary = {
  queryTypes: [
    question('number', {
      alertable: true,
      measures: true,
      by: true,
      lookback: true,
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
    question('statement', { audience: true }),
    question('catalog', { select: false, window: false }),
  ],
  measures: [
    { name: 'sli', title: 'SLI', unit: 'ratio', words: 'Share of good events', lookback: false, money: false },
    {
      name: 'budget_remaining',
      title: 'Budget remaining',
      unit: 'ratio of the budget',
      words: 'What is left',
      lookback: false,
      money: false,
    },
    { name: 'burn_rate', title: 'Burn rate', unit: 'x', words: 'How fast it goes', lookback: true, money: false },
  ],
  by: [
    { name: 'slo', title: 'SLO' },
    { name: 'service', title: 'Service' },
  ],
  audiences: [{ name: 'executive', title: 'Executive' }],
};

export const slos: Slo[] = [
  {
    name: 'checkout-availability',
    displayName: 'Checkout works',
    service: 'checkout',
    owner: 'payments',
    labels: { tier: 'gold' },
  },
  { name: 'checkout-latency', service: 'checkout', owner: 'payments', labels: { tier: 'standard' } },
  { name: 'search-availability', displayName: 'Search works', service: 'search', labels: { tier: 'gold' } },
];

export const services: Service[] = [{ name: 'checkout', displayName: 'Checkout' }, { name: 'search' }];

export const labels: Labels = { tier: ['gold', 'standard'] };
