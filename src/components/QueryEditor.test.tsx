import { CoreApp } from '@grafana/data';
import { screen, waitFor } from '@testing-library/react';
import { vocabulary } from '../testing/fixtures';
import { choose, fakeDataSource, offered, renderEditor } from '../testing/render';
import { type StakesQuery } from '../types';
import { QueryEditor } from './QueryEditor';

interface Options {
  query?: Partial<StakesQuery>;
  app?: CoreApp;
  answers?: Parameters<typeof fakeDataSource>[0];
}

const series = { queryType: 'series', query: { version: 1, measures: ['budget_remaining'] } };

function setup({ query = series, app, answers }: Options = {}) {
  const onRunQuery = jest.fn();
  const editor = renderEditor(QueryEditor, {
    query: { refId: 'A', ...query } as StakesQuery,
    app,
    datasource: fakeDataSource(answers),
    onChange: jest.fn(),
    onRunQuery,
  });
  return { ...editor, onRunQuery };
}

const control = (name: string) => screen.queryByLabelText(name);
const loaded = () => screen.findByLabelText('Question');

describe('the question', () => {
  it('is shown in the words of the backend', async () => {
    setup();
    expect(await screen.findByText('What about series?')).toBeVisible();
    expect(await offered('Question')).toEqual(
      vocabulary.queryTypes.map(({ question, words }) => `${question}${words}`)
    );
  });

  it('keeps the SLOs when it changes, and drops what no longer matters', async () => {
    const select = { slo: ['checkout-latency'] };
    const { saved, onRunQuery } = setup({ query: { ...series, query: { ...series.query, select, lookback: '5m' } } });
    await choose('Question', /What about catalog/);
    expect(saved()).toEqual({ refId: 'A', queryType: 'catalog', query: { version: 1, select } });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it('starts with a measure where it needs one', async () => {
    const { saved } = setup({ query: { queryType: 'scorecard', query: { version: 1 } } });
    await choose('Question', /What about number/);
    expect(saved().query?.measures).toEqual(['budget_remaining']);
  });

  it('is one of the alertable ones in alerting', async () => {
    setup({ app: CoreApp.UnifiedAlerting });
    expect(await offered('Question')).toHaveLength(2);
  });

  it('says when it cannot be alerted on', async () => {
    setup({ app: CoreApp.UnifiedAlerting, query: { queryType: 'scorecard', query: { version: 1 } } });
    expect(await screen.findByText('What about scorecard?')).toBeVisible();
    expect(screen.getByText(/alert rule cannot be made of this question/)).toBeVisible();
  });

  it.each([
    [CoreApp.Explore, { queryType: 'scorecard', query: { version: 1 } }],
    [CoreApp.UnifiedAlerting, { queryType: 'number', query: { version: 1, measures: ['burn_rate'] } }],
  ])('is asked at once for a query without one, in %s', async (app, expected) => {
    const { saved, onRunQuery } = setup({ query: {}, app });
    await loaded();
    expect(saved()).toEqual({ refId: 'A', ...expected });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });
});

describe('a query without a question', () => {
  it('keeps what it says, and becomes the series that the backend takes it for', async () => {
    const { saved } = setup({ query: { query: { version: 1, measures: ['sli'] } }, app: CoreApp.Explore });
    await loaded();
    expect(saved()).toEqual({ refId: 'A', queryType: 'series', query: { version: 1, measures: ['sli'] } });
  });
});

describe('a query of a later version', () => {
  it.each<[string, Partial<StakesQuery>, RegExp]>([
    ['question', { queryType: 'oracle', query: { version: 1, window: '9d' } }, /does not know the question "oracle"/],
    ['layout', { queryType: 'series', query: { version: 2, window: '9d' } }, /written by a later version/],
  ])('with an unknown %s is shown and not touched', async (_, query, message) => {
    const { onChange } = setup({ query });
    expect(await screen.findByText(message)).toBeVisible();
    expect(screen.getByLabelText('Query as JSON')).toHaveTextContent('"window": "9d"');
    expect(screen.queryByRole('combobox')).toBeNull();
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('the SLOs', () => {
  it('are found by display name, with service and owner beside it', async () => {
    const { saved, onRunQuery, user } = setup();
    await user.type(await screen.findByLabelText('SLOs'), 'payments works');
    await user.click(await screen.findByRole('option', { name: /Checkout works.*service checkout.*owner payments/ }));
    expect(saved().query?.select).toEqual({ slo: ['checkout-availability'] });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it('can be a variable', async () => {
    const { saved, user } = setup();
    await user.type(await screen.findByLabelText('SLOs'), '$slo');
    await user.click(await screen.findByRole('option', { name: /Use "\$slo"/ }));
    expect(saved().query?.select).toEqual({ slo: ['$slo'] });
  });

  it('are all of them again when the last choice is removed', async () => {
    const { saved, user } = setup({ query: { ...series, query: { ...series.query, select: { slo: ['$slo'] } } } });
    await user.type(await screen.findByLabelText('SLOs'), '{Backspace}');
    expect(saved()).toEqual({ refId: 'A', ...series });
  });

  it('can be those of a service', async () => {
    const { saved } = setup();
    await choose('Services', /Checkout/);
    expect(saved().query?.select).toEqual({ service: ['checkout'] });
  });
});

describe('labels', () => {
  it('narrow once they have a value', async () => {
    const { saved, onChange, user } = setup();
    await user.click(await screen.findByRole('button', { name: 'Add label' }));
    await choose('Label 1', 'tier');
    expect(onChange).not.toHaveBeenCalled();
    await choose('Value of label tier', 'gold');
    expect(saved().query?.select).toEqual({ labels: { tier: 'gold' } });
  });

  it('can be removed', async () => {
    const select = { labels: { tier: 'gold', team: '$team' } };
    const { saved, user } = setup({ query: { ...series, query: { ...series.query, select } } });
    await user.click(await screen.findByRole('button', { name: 'Remove label tier' }));
    expect(saved().query?.select).toEqual({ labels: { team: '$team' } });
    expect(screen.getByText('$team')).toBeVisible();
  });
});

describe('measures', () => {
  it('are offered with words and unit', async () => {
    setup({ query: { queryType: 'series', query: { version: 1 } } });
    expect(await offered('Measures')).toContain('Burn rateHow fast it goes [x]');
  });

  it('bring the lookback with them when they need it', async () => {
    const { saved } = setup();
    await loaded();
    expect(control('Lookback')).toBeNull();
    await choose('Measures', /Burn rate/);
    expect(saved().query?.measures).toEqual(['budget_remaining', 'burn_rate']);
    expect(control('Lookback')).toBeVisible();
  });
});

describe('controls', () => {
  it.each([
    ['series', ['SLOs', 'Measures', 'By', 'Window']],
    ['scorecard', ['SLOs', 'By', 'Lookback', 'Window']],
    ['statement', ['SLOs', 'Window']],
    ['catalog', []],
  ])('of %s are those that matter', async (queryType, expected) => {
    setup({ query: { queryType, query: { version: 1 } } });
    await loaded();
    const all = ['SLOs', 'Measures', 'By', 'Lookback', 'Window', 'Audience'];
    expect(all.filter((name) => control(name))).toEqual(expected);
  });

  it('offer an audience when there are several', async () => {
    const audiences = [...vocabulary.audiences, { name: 'engineer', title: 'Engineer' }];
    const answers = { vocabulary: async () => ({ ...vocabulary, audiences }) };
    const { saved } = setup({ query: { queryType: 'statement', query: { version: 1 } }, answers });
    await choose('Audience', 'Engineer');
    expect(saved().query?.audience).toBe('engineer');
  });

  it('leave the default of "by" out of the query', async () => {
    const { saved } = setup();
    await choose('By', 'Service');
    expect(saved().query?.by).toBe('service');
    await choose('By', 'SLO');
    expect(saved().query).not.toHaveProperty('by');
  });
});

describe('a duration', () => {
  it('is committed on Enter and on leaving, not on each key', async () => {
    const { saved, onRunQuery, user } = setup();
    await user.type(await screen.findByLabelText('Window'), '7d');
    expect(onRunQuery).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    expect(saved().query?.window).toBe('7d');
    await user.clear(screen.getByLabelText('Window'));
    await user.tab();
    expect(saved()).toEqual({ refId: 'A', ...series });
    expect(onRunQuery).toHaveBeenCalledTimes(2);
  });

  it('is not committed while it is wrong', async () => {
    const { onChange, user } = setup();
    await user.type(await screen.findByLabelText('Window'), 'a week{Enter}');
    expect(screen.getByText(/"a week" is not a duration/)).toBeVisible();
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('the sentence', () => {
  it('says what the query will answer', async () => {
    setup({ query: { ...series, query: { ...series.query, select: { slo: ['checkout-availability'] } } } });
    await waitFor(() =>
      expect(screen.getByRole('status')).toHaveTextContent(
        /^Shows the budget remaining of Checkout works over its own window, one line per SLO\.$/
      )
    );
  });

  it('says in the panel editor which visualization shows it', async () => {
    setup({ app: CoreApp.PanelEditor });
    expect(await screen.findByText(/one line per SLO\. Best shown as Time series\.$/)).toBeVisible();
  });
});

describe('when the backend does not answer', () => {
  const fail = () => Promise.reject(new Error('connection refused'));

  it('says so in one sentence, and can still be edited by name', async () => {
    const { saved, user } = setup({ answers: { vocabulary: fail, slos: fail, services: fail, labels: fail } });
    expect(
      await screen.findByText(/could not load the vocabulary, SLOs, services, labels: connection refused/)
    ).toBeVisible();
    expect(screen.getByText('budget_remaining')).toBeVisible();
    await user.type(screen.getByLabelText('Measures'), 'sli{Enter}');
    expect(saved().query?.measures).toEqual(['budget_remaining', 'sli']);
    await user.type(screen.getByLabelText('SLOs'), 'checkout{Enter}');
    expect(saved().query?.select).toEqual({ slo: ['checkout'] });
  });

  it('names only what is missing', async () => {
    setup({ answers: { services: fail } });
    expect(await screen.findByText(/could not load the services: connection refused/)).toBeVisible();
    expect(screen.getByText('What about series?')).toBeVisible();
  });
});
