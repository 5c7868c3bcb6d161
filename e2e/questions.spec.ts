import { type Response } from '@playwright/test';
import { choose, expect, offered, panel, query, saveDashboard, test } from './support';

/** Visualizations of the vocabulary, under the names that Grafana gives them. */
const TITLES: Record<string, string> = { stat: 'Stat', table: 'Table', timeseries: 'Time series' };

test('every question gets an answer in the panel editor, in the visualization that is suggested', async ({
  page,
  stakes,
  questions,
  request,
}) => {
  test.setTimeout(questions.length * 20_000);
  for (const { name, question, visualization } of questions) {
    await test.step(name, async () => {
      const target = query(stakes, name, name === 'number' || name === 'series' ? { measures: ['burn_rate'] } : {});
      const uid = await saveDashboard(request, 'e2e-question', { panels: [panel(stakes, visualization, target)] });
      const answered = page.waitForResponse((answer) => answer.url().includes('/api/ds/query'));
      await page.goto(`/d/${uid}?editPanel=1`);
      const { results } = await (await answered).json();
      expect(results.A.error).toBeUndefined();
      await expect(page.getByText(question, { exact: true })).toBeVisible();
      await expect(page.getByText(`Best shown as ${TITLES[visualization] ?? visualization}.`)).toBeVisible();
      await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
    });
  }
});

test('a question is asked with the keyboard alone, and only when it is complete', async ({ page, stakes, request }) => {
  const target = query(stakes, 'series', { measures: ['burn_rate'] });
  const uid = await saveDashboard(request, 'e2e-keyboard', { panels: [panel(stakes, 'timeseries', target)] });
  await page.goto(`/d/${uid}?editPanel=1`);
  const lookback = page.getByLabel('Lookback', { exact: true });
  await lookback.waitFor();
  await page.waitForLoadState('networkidle');
  let asked = 0;
  page.on('request', (sent) => (asked += Number(sent.url().includes('/api/ds/query'))));
  await lookback.focus();
  await page.keyboard.type('30m');
  expect(asked).toBe(0);
  await page.keyboard.press('Enter');
  await expect.poll(() => asked).toBe(1);
  await expect(page.getByText(/burn rate \(last 30m\)/)).toBeVisible();
  await choose(page, 'Question', 'Which promises do we keep?');
  await expect.poll(() => asked).toBe(2);
  await expect(page.getByLabel('Measures', { exact: true })).toHaveCount(0);
});

/** What a control is given, and what the query then holds. */
const CONTROLS: Array<
  [queryType: string, controls: Array<[label: string, typed: string]>, body: Record<string, unknown>]
> = [
  [
    'whatif',
    [
      ['Targets', '99, 99.9'],
      ['Cost a year', '20000'],
    ],
    { targets: [0.99, 0.999], cost: '20000' },
  ],
  [
    'forecast',
    [
      ['Horizon', '7d'],
      ['Scenario', 'My own'],
      ['Failures', '2x'],
    ],
    { horizon: '7d', scenario: 'own', failures: '2x' },
  ],
  [
    'priorities',
    [
      ['Horizon', '14d'],
      ['Language', 'Deutsch'],
    ],
    { horizon: '14d', locale: 'de' },
  ],
  [
    'review',
    [
      ['Lookback', '6h'],
      ['Language', 'Français'],
    ],
    { lookback: '6h', locale: 'fr' },
  ],
  ['risks', [['Window', '90d']], { window: '90d' }],
];

for (const [queryType, controls, body] of CONTROLS) {
  test(`${queryType} is asked with its own controls`, async ({ page, stakes, request }) => {
    const uid = await saveDashboard(request, 'e2e-controls', {
      panels: [panel(stakes, 'table', query(stakes, queryType))],
    });
    await page.goto(`/d/${uid}?editPanel=1`);
    const answers: Response[] = [];
    page.on('response', (answer) => answer.url().includes('/api/ds/query') && answers.push(answer));
    for (const [label, typed] of controls) {
      await choose(page, label, typed);
    }
    const asked = () => answers.at(-1)?.request().postDataJSON().queries[0].query ?? {};
    await expect.poll(asked).toMatchObject(body);
    expect((await answers.at(-1)!.json()).results.A.status).toBe(200);
  });
}

test('an error is said once, and the control that it is about is marked', async ({ page, stakes, request }) => {
  const target = query(stakes, 'series', { measures: ['burn_rate'], select: { slo: ['no-such-slo'] } });
  const uid = await saveDashboard(request, 'e2e-error', { panels: [panel(stakes, 'timeseries', target)] });
  await page.goto(`/d/${uid}?editPanel=1`);
  await expect(page.getByText('The error below is about this.')).toHaveCount(1);
  await expect(page.getByText(/there is no SLO "no-such-slo"/)).toHaveCount(1);
});

test('an SLO is found among others by a part of its name, its service or its owner', async ({
  page,
  stakes,
  request,
}) => {
  const slos: Array<{ name: string; displayName: string; owner: string }> = await (
    await request.get(`/api/datasources/uid/${stakes.uid}/resources/slos`)
  ).json();
  const uid = await saveDashboard(request, 'e2e-search', {
    panels: [panel(stakes, 'table', query(stakes, 'scorecard'))],
  });
  await page.goto(`/d/${uid}?editPanel=1`);
  const last = slos[slos.length - 1];
  await choose(page, 'SLOs', last.name);
  await expect(page.getByText(`for ${last.displayName || last.name} over its own window`)).toBeVisible();
  expect((await offered(page, 'SLOs')).length).toBe(slos.length - 1);
});

test('the help page asks an example with one click', async ({ page, stakes, request }) => {
  const uid = await saveDashboard(request, 'e2e-help', {
    panels: [panel(stakes, 'table', query(stakes, 'catalog'))],
  });
  await page.goto(`/d/${uid}?editPanel=1`);
  await page.getByRole('button', { name: 'Show data source help' }).first().click();
  await page.getByRole('button', { name: 'Which services keep their promises?' }).click();
  await expect(page.getByText('Which promises do we keep?', { exact: true })).toBeVisible();
  await expect(page.getByText(/one row per service/)).toBeVisible();
});
