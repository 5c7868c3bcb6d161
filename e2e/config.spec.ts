import fs from 'node:fs/promises';
import { choose, expect, offered, test } from './support';

const type = 'stakes-slo-datasource';

test('from a new data source to a panel that shows a template SLO takes under ten clicks', async ({
  page,
  stakes,
  request,
}) => {
  let clicks = 0;
  const click = async (name: string | RegExp, role: 'button' | 'link' = 'button') => {
    await page.getByRole(role, { name }).first().click();
    clicks += 1;
  };
  await page.goto('/connections/datasources/new');
  await click(/Stakes/);
  await page.waitForURL('**/datasources/edit/*');
  const uid = page.url().split('/').at(-1) ?? '';
  const name = await page.getByLabel('Name', { exact: true }).inputValue();
  try {
    await page.getByLabel('Data source connection URL').click();
    clicks += 1;
    await page.keyboard.type(stakes.url);
    await click('Start with an example');
    await expect(page.getByRole('status', { name: 'Result of the check' })).toContainText('1 SLO, no problems');
    await click('Save & test');
    await expect(page.getByText(/answered in .* 1 SLO/)).toBeVisible();
    await click('Build a dashboard', 'link');
    await page
      .getByTestId('data-testid Create new panel button')
      .or(page.getByRole('button', { name: /Add visualization/ }))
      .first()
      .click();
    clicks += 1;
    await click(new RegExp(`^${name}\\b`));
    await expect(page.getByText(/^Shows the error budget remaining of every SLO/)).toBeVisible();
    const asked = page.waitForResponse((answer) => answer.url().includes('/api/ds/query'));
    await page.getByTestId('data-testid RefreshPicker run button').click();
    clicks += 1;
    expect((await (await asked).json()).results.A.status).toBe(200);
    expect(clicks).toBeLessThan(10);
  } finally {
    await request.delete(`/api/datasources/uid/${uid}`);
  }
});

test('the catalogue is checked while it is written, and problems are named with their lines', async ({
  createDataSourceConfigPage,
  page,
}) => {
  await createDataSourceConfigPage({ type });
  await page.getByRole('button', { name: 'Start with an example' }).click();
  const check = page.getByRole('status', { name: 'Result of the check' });
  await expect(check).toContainText('no problems');
  await page.locator('.monaco-editor').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('---\nkind: Nonsense\n');
  await expect(check).toContainText(/[1-9]\d* problem/);
  const problems = page.getByRole('list', { name: 'Problems of the catalogue' });
  await expect(problems.getByRole('button', { name: /^Line \d+/ }).first()).toBeVisible();
});

test('the catalogue is completed, and tried on real data before it is saved', async ({
  createDataSourceConfigPage,
  page,
  stakes,
}) => {
  const config = await createDataSourceConfigPage({ type });
  await page.getByLabel('Data source connection URL').fill(stakes.url);
  await config.saveAndTest();
  await page.getByRole('button', { name: 'Start with an example' }).click();
  await page.getByRole('button', { name: 'Try it on real data' }).click();
  await expect(page.getByRole('term').filter({ hasText: 'Prometheus answers' })).toBeVisible();
  await page.locator('.monaco-editor').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('---\napiV');
  const suggestion = (text: string) => page.locator('.suggest-widget').getByText(text, { exact: true }).first();
  await expect(suggestion('apiVersion:')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.type('stakes');
  await expect(suggestion('stakes/v1')).toBeVisible();
  // What was tried was another text.
  await expect(page.getByRole('term')).toHaveCount(0);
});

test('a confidential catalogue is kept, counted, and never shown again', async ({
  createDataSourceConfigPage,
  page,
  stakes,
  request,
}) => {
  const config = await createDataSourceConfigPage({ type });
  await page.getByLabel('Data source connection URL').fill(stakes.url);
  const secret = [
    'apiVersion: stakes/v1',
    'kind: Value',
    'metadata: {name: secret-value}',
    'spec: {select: {}, currency: EUR, perEvent: {low: 1, base: 2, high: 3}, notRecovered: {low: 0, base: 0.5, high: 1}, setBy: x}',
  ].join('\n');
  await page.getByRole('textbox', { name: 'Confidential documents' }).fill(secret);
  await config.saveAndTest();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Confidential documents' })).toHaveValue('configured');
  const saved = await (await request.get(`/api/datasources/uid/${config.datasource.uid}`)).text();
  expect(saved).not.toContain('secret-value');
  expect(JSON.parse(saved).secureJsonFields).toEqual({ catalog: true });
});

test('a provisioned data source can be looked at, and not changed', async ({ page, stakes, request }) => {
  const { readOnly } = await (await request.get(`/api/datasources/uid/${stakes.uid}`)).json();
  test.skip(!readOnly, `the data source ${stakes.name} is not provisioned`);
  await page.goto(`/connections/datasources/edit/${stakes.uid}`);
  await expect(page.getByLabel('Currency', { exact: true })).toBeDisabled();
  await expect(page.getByLabel('Add from template')).toHaveCount(0);
});

test('what is saved can be taken along as files', async ({ page, stakes }) => {
  await page.goto(`/connections/datasources/edit/${stakes.uid}`);
  for (const [button, file, content] of [
    ['Prometheus rules', 'stakes-prometheus.yaml', /^groups:/m],
    ['Mimir rules', 'stakes-mimir.yaml', /^namespace:/m],
    ['Thanos rules', 'stakes-thanos.yaml', /^groups:/m],
    ['Grafana alert rules', 'stakes-grafana.yaml', /^apiVersion: 1$/m],
    ['OpenSLO', 'stakes-openslo.yaml', /^apiVersion: openslo\/v1$/m],
  ] as const) {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: button, exact: true }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(file);
    expect(await fs.readFile(await download.path(), 'utf8'), file).toMatch(content);
  }
});

test('SLOs from other places are chosen, saved, and their health is told', async ({
  createDataSourceConfigPage,
  page,
  stakes,
  request,
}) => {
  const config = await createDataSourceConfigPage({ type });
  await page.getByLabel('Data source connection URL').fill(stakes.url);
  const tools = page.getByRole('group', { name: 'Discover' });
  for (const tool of ['Sloth', 'Grafana SLO']) {
    // Grafana draws its own box above the input.
    await tools.getByRole('checkbox', { name: tool }).uncheck({ force: true });
  }
  const urls = page.getByLabel('Addresses', { exact: true });
  await urls.fill('slos.yaml');
  await expect(page.getByText(/"slos.yaml" is not an address/)).toBeVisible();
  // Nobody listens at this port.
  await urls.fill('http://127.0.0.1:9/slos.yaml');
  const checked = page.waitForResponse((answer) => answer.url().endsWith('/health'));
  await page.getByRole('button', { name: 'Save & test' }).click();
  expect((await (await checked).json()).details.verboseMessage).toContain('address 1: the server cannot be reached');
  const { jsonData } = await (await request.get(`/api/datasources/uid/${config.datasource.uid}`)).json();
  expect(jsonData.discover).toEqual(['pyrra']);
  expect(jsonData.catalogUrls).toEqual(['http://127.0.0.1:9/slos.yaml']);
});

test('every template loads without a problem', async ({ createDataSourceConfigPage, page }) => {
  await createDataSourceConfigPage({ type });
  await page.getByRole('button', { name: 'Start with an example' }).click();
  const check = page.getByRole('status', { name: 'Result of the check' });
  await expect(check).toContainText('1 SLO, no problems');
  const templates = ['Latency', 'Probe', 'Journey', 'Value', 'Agreement', 'Correction'];
  expect(await offered(page, 'Add from template')).toHaveLength(templates.length + 1);
  for (const template of templates) {
    const checked = page.waitForResponse((answer) => answer.url().endsWith('/validate'));
    await choose(page, 'Add from template', template);
    expect((await (await checked).json()).problems, template).toEqual([]);
  }
  await expect(check).toContainText('3 SLOs, no problems');
});
