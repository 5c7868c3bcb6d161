import { CoreApp, type PanelData } from '@grafana/data';
import { act, screen, waitFor } from '@testing-library/react';
import { vocabulary } from '../testing/fixtures';
import { choose, fakeDataSource, offered, renderEditor } from '../testing/render';
import { type QueryBody, type StakesQuery } from '../types';
import { QueryEditor } from './QueryEditor';

interface Options {
  query?: Partial<StakesQuery>;
  app?: CoreApp;
  answers?: Parameters<typeof fakeDataSource>[0];
  data?: PanelData;
}

const series = { queryType: 'series', query: { version: 1, measures: ['budget_remaining'] } };

function setup({ query = series, app, answers, data }: Options = {}) {
  const onRunQuery = jest.fn();
  const editor = renderEditor(QueryEditor, {
    query: { refId: 'A', ...query } as StakesQuery,
    app,
    data,
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
      vocabulary.queryTypes.map(
        ({ question, words, alertable }) => `${question}${words}${alertable ? ' Can be alerted on.' : ''}`
      )
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
    expect(await offered('Question')).toEqual([/number/, /series/, /alert/].map((name) => expect.stringMatching(name)));
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

  it('can only be names of the catalogue, once it is there', async () => {
    const { onChange, user } = setup();
    await user.type(await screen.findByLabelText('SLOs'), 'misspelt');
    expect(screen.queryByRole('option')).toBeNull();
    expect(onChange).not.toHaveBeenCalled();
  });

  it('are still shown when they are gone from the catalogue', async () => {
    setup({ query: { ...series, query: { ...series.query, select: { slo: ['gone'] } } } });
    expect(await screen.findByText('gone')).toBeVisible();
  });

  it('are found among hundreds', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      name: `slo-${index}`,
      service: `service-${index % 20}`,
      owner: `team-${index % 7}`,
    }));
    const { user } = setup({ answers: { slos: async () => many } });
    await user.type(await screen.findByLabelText('SLOs'), 'service-13 team-4 333');
    expect(screen.getAllByRole('option')).toHaveLength(1);
    expect(screen.getByRole('option')).toHaveTextContent('slo-333service service-13 · owner team-4');
  });

  it('can be the steps of a journey', async () => {
    const { saved } = setup();
    await choose('Journeys', /Buy something/);
    expect(saved().query?.select).toEqual({ journey: ['buy'] });
    expect(screen.getByRole('status')).toHaveTextContent('every SLO in journey Buy something');
  });

  it('have no journeys to choose where the catalogue has none', async () => {
    setup({ answers: { journeys: async () => [] } });
    await loaded();
    await waitFor(() => expect(control('Journeys')).toBeNull());
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
    expect(screen.getByLabelText('Label 1')).toHaveFocus();
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

  it('can be a variable, but no name that nobody knows', async () => {
    const { saved, onChange, user } = setup();
    await user.type(await screen.findByLabelText('Measures'), 'speed{Enter}');
    expect(onChange).not.toHaveBeenCalled();
    await user.clear(screen.getByLabelText('Measures'));
    await user.type(screen.getByLabelText('Measures'), '$measure{Enter}');
    expect(saved().query?.measures).toEqual(['budget_remaining', '$measure']);
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
  const ALL = [
    ...['SLOs', 'Journeys', 'Measures', 'By', 'Pooling', 'Period', 'Lookback', 'Window', 'Horizon', 'Scenario'],
    ...['Failures', 'Targets', 'Audience', 'Language', 'Format'],
  ];

  it.each([
    ['series', ['SLOs', 'Journeys', 'Measures', 'By', 'Window']],
    ['number', ['SLOs', 'Journeys', 'Measures', 'By', 'Pooling', 'Window']],
    ['scorecard', ['SLOs', 'Journeys', 'By', 'Lookback', 'Window']],
    ['history', ['SLOs', 'Journeys', 'Period', 'Format']],
    ['forecast', ['SLOs', 'Journeys', 'Window', 'Horizon', 'Scenario']],
    ['whatif', ['SLOs', 'Journeys', 'Window', 'Targets']],
    ['statement', ['SLOs', 'Journeys', 'Window', 'Language']],
    ['catalog', []],
  ])('of %s are those that matter', async (queryType, expected) => {
    setup({ query: { queryType, query: { version: 1, measures: ['sli'] } } });
    await loaded();
    expect(ALL.filter((name) => control(name))).toEqual(expected);
  });

  it("ask how many fail in a scenario of one's own", async () => {
    const { user, saved } = setup({ query: { queryType: 'forecast', query: { version: 1, scenario: 'my-own' } } });
    await user.type(await screen.findByLabelText('Failures'), '2x{Enter}');
    expect(saved().query).toEqual({ version: 1, scenario: 'my-own', failures: '2x' });
  });

  it.each<[string, string, string, Partial<QueryBody>]>([
    ['number', 'Pooling', 'Worst', { pool: 'worst' }],
    ['history', 'Period', 'Day', { period: 'day' }],
    ['history', 'Format', 'Series', { format: 'series' }],
    ['forecast', 'Scenario', 'Quiet', { scenario: 'quiet' }],
    ['statement', 'Language', 'German', { locale: 'german' }],
  ])('of %s save what is chosen as %s', async (queryType, label, option, expected) => {
    const { saved, onRunQuery } = setup({ query: { queryType, query: { version: 1, measures: ['sli'] } } });
    await choose(label, option);
    expect(saved().query).toEqual({ version: 1, measures: ['sli'], ...expected });
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['number', 'Pooling', 'Events', { pool: 'worst' }],
    ['history', 'Period', 'Month', { period: 'day' }],
    ['history', 'Format', 'Table', { format: 'series' }],
    ['series', 'By', 'SLO', { by: 'service' }],
  ])('of %s leave the default of %s out of the query', async (queryType, label, option, body) => {
    const { saved } = setup({ query: { queryType, query: { version: 1, measures: ['sli'], ...body } } });
    await choose(label, option);
    expect(saved().query).toEqual({ version: 1, measures: ['sli'] });
  });

  it('offer an audience when there are several', async () => {
    const audiences = [...vocabulary.audiences, { name: 'engineer', title: 'Engineer' }];
    const answers = { vocabulary: async () => ({ ...vocabulary, audiences }) };
    const { saved } = setup({ query: { queryType: 'statement', query: { version: 1 } }, answers });
    await choose('Audience', 'Engineer');
    expect(saved().query?.audience).toBe('engineer');
  });

  it('explain their words to the keyboard as well', async () => {
    setup();
    const about = await screen.findByRole('button', { name: /error budget is the failures/ });
    act(() => about.focus());
    expect(await screen.findByRole('tooltip')).toHaveTextContent(/error budget is the failures that a promise allows/);
  });
});

describe('targets', () => {
  const whatif = { queryType: 'whatif', query: { version: 1, targets: [0.999] } };

  it('are percent on the screen and ratios in the query', async () => {
    const { saved, onRunQuery, user } = setup({ query: whatif });
    expect(await screen.findByLabelText('Targets')).toHaveValue('99.9');
    await user.type(screen.getByLabelText('Targets'), ', 99.95, $target');
    expect(onRunQuery).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    expect(saved().query?.targets).toEqual([0.999, 0.9995, '$target']);
    await user.clear(screen.getByLabelText('Targets'));
    await user.tab();
    expect(saved().query).toEqual({ version: 1 });
  });

  it('stand beside what a higher one costs', async () => {
    const { saved, user } = setup({ query: whatif });
    await user.type(await screen.findByLabelText('Cost a year'), 'plenty{Enter}');
    expect(screen.getByText(/"plenty" is not an amount of money/)).toBeVisible();
    await user.clear(screen.getByLabelText('Cost a year'));
    await user.type(screen.getByLabelText('Cost a year'), '$cost{Enter}');
    expect(saved().query?.cost).toBe('$cost');
  });

  it('are not committed while one is wrong', async () => {
    const { onChange, user } = setup({ query: whatif });
    await user.type(await screen.findByLabelText('Targets'), ', 100{Enter}');
    expect(screen.getByText(/"100" is not a target/)).toBeVisible();
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('the format', () => {
  const alert = (format?: string) => ({ queryType: 'alert', query: { version: 1, ...(format && { format }) } });

  it('is no choice in alerting, where only numbers can be judged', async () => {
    setup({ query: alert(), app: CoreApp.UnifiedAlerting });
    await loaded();
    expect(control('Format')).toBeNull();
  });

  it('that cannot be alerted on is named, and can be left', async () => {
    const { saved } = setup({ query: alert('table'), app: CoreApp.UnifiedAlerting });
    expect(await screen.findByText(/alert rule cannot be made of this format/)).toBeVisible();
    await choose('Format', 'Numbers');
    expect(saved()).toEqual({ refId: 'A', ...alert() });
    expect(control('Format')).toBeNull();
  });
});

describe('what the backend says', () => {
  const data = (message: string) =>
    ({ state: 'Error', series: [], errors: [{ refId: 'A', message }] }) as unknown as PanelData;
  const select = { slo: ['gone'] };
  const query = { ...series, query: { ...series.query, select } };

  it('is marked at the control that it concerns, and left to Grafana to say', async () => {
    setup({ query, data: data('there is no SLO "gone"') });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(/^The error below is about this\.$/);
    const field = alert.parentElement?.parentElement;
    expect(field).toContainElement(control('SLOs'));
    expect(field).not.toContainElement(control('Services'));
  });

  it('marks nothing where it concerns the query as a whole', async () => {
    setup({ query, data: data('the store did not answer') });
    await loaded();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.queryByText('the store did not answer')).toBeNull();
  });

  const warned = (...warnings: string[]) =>
    ({
      state: 'Done',
      series: [{ refId: 'A', meta: { notices: warnings.map((text) => ({ severity: 'warning', text })) } }],
    }) as unknown as PanelData;

  it('is shown at once where it is a warning', async () => {
    setup({ query, data: warned('few events') });
    expect(await screen.findByText('few events')).toBeVisible();
  });

  it('stays short where there are many warnings', async () => {
    const { user } = setup({ query, data: warned('one', 'two', 'three', 'four', 'five') });
    expect(await screen.findByText('5 warnings')).toBeVisible();
    expect(screen.getByText('three')).toBeVisible();
    expect(screen.getByText('four')).not.toBeVisible();
    await user.click(screen.getByText('2 more'));
    expect(screen.getByText('five')).toBeVisible();
  });
});

describe('the data', () => {
  const answered = (uid: string, to = 0) =>
    ({
      state: 'Done',
      series: [],
      timeRange: { to: { valueOf: () => to } },
      request: { startTime: 1000, targets: [{ refId: 'A', datasource: { uid } }] },
    }) as unknown as PanelData;

  it('is asked for anew where another data source gave it', async () => {
    const { onRunQuery } = setup({ data: answered('another') });
    await loaded();
    expect(onRunQuery).toHaveBeenCalledTimes(1);
  });

  it('is left as it is where this data source gave it', async () => {
    const { onRunQuery } = setup({ data: answered('stakes') });
    await loaded();
    expect(onRunQuery).not.toHaveBeenCalled();
  });

  it.each([
    [1000, true],
    [1001, false],
  ])('of what lies ahead needs a time range that ends later: %d', async (to, isHinted) => {
    setup({ query: { queryType: 'forecast', query: { version: 1 } }, data: answered('stakes', to) });
    const status = await screen.findByRole('status');
    expect(status.textContent?.includes('let that end later')).toBe(isHinted);
  });
});

describe('a window', () => {
  it('can be a unit of the calendar', async () => {
    const { saved } = setup();
    expect(await offered('Window')).toEqual(
      expect.arrayContaining(['28dThe last 28 days', 'MonthThe month of the calendar so far'])
    );
    await choose('Window', /^Month/);
    expect(saved().query?.window).toBe('month');
    expect(screen.getByRole('status')).toHaveTextContent('over the month so far');
  });

  it.each(['8d', '1h30m', '$window'])('can be typed: %s', async (text) => {
    const { saved, onRunQuery, user } = setup();
    await user.type(await screen.findByLabelText('Window'), text);
    expect(onRunQuery).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    expect(saved().query?.window).toBe(text);
  });

  it('that is wrong is explained and not taken over', async () => {
    const { onChange, user } = setup();
    await user.type(await screen.findByLabelText('Window'), 'a week{Enter}');
    expect(screen.getByText('"a week" is not a window. Write a duration like 28d, or day or month.')).toBeVisible();
    expect(onChange).not.toHaveBeenCalled();
  });

  it('is each SLO’s own again when it is cleared', async () => {
    const { saved, user } = setup({ query: { ...series, query: { ...series.query, window: '7d' } } });
    await user.type(await screen.findByLabelText('Window'), '{Backspace}');
    expect(saved()).toEqual({ refId: 'A', ...series });
  });
});

describe('a duration', () => {
  const burnRate = { queryType: 'series', query: { version: 1, measures: ['burn_rate'] } };

  it('is committed on Enter and on leaving, not on each key', async () => {
    const { saved, onRunQuery, user } = setup({ query: burnRate });
    await user.type(await screen.findByLabelText('Lookback'), '30m');
    expect(onRunQuery).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    expect(saved().query?.lookback).toBe('30m');
    await user.clear(screen.getByLabelText('Lookback'));
    await user.tab();
    expect(saved()).toEqual({ refId: 'A', ...burnRate });
    expect(onRunQuery).toHaveBeenCalledTimes(2);
  });

  it('is not committed while it is wrong', async () => {
    const { onChange, user } = setup({ query: burnRate });
    await user.type(await screen.findByLabelText('Lookback'), 'a while{Enter}');
    expect(screen.getByText(/"a while" is not a duration/)).toBeVisible();
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

  it('says so for the format that is chosen', async () => {
    const format = 'table';
    setup({ app: CoreApp.PanelEditor, query: { queryType: 'alert', query: { version: 1, format } } });
    expect(await screen.findByText(/given as table\. Best shown as Table\.$/)).toBeVisible();
  });
});

describe('when the backend does not answer', () => {
  const fail = () => Promise.reject(new Error('connection refused'));

  it('says so in one sentence, and can still be edited by name', async () => {
    const { saved, user } = setup({
      answers: { vocabulary: fail, slos: fail, services: fail, labels: fail, journeys: fail },
    });
    expect(
      await screen.findByText(/could not load the vocabulary, SLOs, services, journeys, labels: connection refused/)
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
