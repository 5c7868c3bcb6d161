import { expect, test as base } from '@grafana/plugin-e2e';
import { type APIRequestContext, type Locator, type Page } from '@playwright/test';

export { expect };

const PLUGIN_ID = 'stakes-slo-datasource';

/** A data source of the plugin, as Grafana's API describes it. */
export interface Source {
  uid: string;
  name: string;
  url: string;
}

export interface Question {
  name: string;
  question: string;
  alertable: boolean;
  visualization: string;
}

interface Fixtures {
  /** The data source that the tests ask: the first of the plugin that holds SLOs */
  stakes: Source;
  questions: Question[];
  /** Skips the tests where there is nothing to test */
  reachable: void;
}

/** Tests of the plugin in a Grafana that somebody started; without one they are skipped. */
export const test = base.extend<Fixtures>({
  /** A session of its own for each test: Grafana wants one to be renewed after ten minutes, which all tests may take. */
  storageState: async ({ playwright, baseURL, grafanaAPICredentials }, use) => {
    if (!baseURL) {
      await use(undefined);
      return;
    }
    const visitor = await playwright.request.newContext({ baseURL, storageState: undefined });
    const login = await visitor.post('/login', { data: grafanaAPICredentials });
    expect(login.ok(), `Grafana lets ${grafanaAPICredentials.user} in`).toBe(true);
    await use(await visitor.storageState());
    await visitor.dispose();
  },
  reachable: [
    async ({}, use) => {
      base.skip(!process.env.GRAFANA_URL, 'GRAFANA_URL does not name a Grafana that has the plugin');
      await use();
    },
    { auto: true },
  ],
  stakes: async ({ request }, use) => {
    const found = await withSLOs(request);
    base.skip(!found, `Grafana at ${process.env.GRAFANA_URL} has no data source of Stakes with SLOs`);
    await use(found as Source);
  },
  questions: async ({ request, stakes }, use) => {
    const { queryTypes } = await resource<{ queryTypes: Question[] }>(request, stakes, 'vocabulary');
    await use(queryTypes);
  },
});

async function withSLOs(request: APIRequestContext): Promise<Source | undefined> {
  const all: Array<Source & { type: string }> = await (await request.get('/api/datasources')).json();
  for (const source of all.filter(({ type }) => type === PLUGIN_ID)) {
    if ((await resource<unknown[]>(request, source, 'slos')).length > 0) {
      return source;
    }
  }
  return undefined;
}

export async function resource<T>(request: APIRequestContext, { uid }: Source, name: string): Promise<T> {
  return (await request.get(`/api/datasources/uid/${uid}/resources/${name}`)).json();
}

/** A query of the data source, as dashboards keep it. */
export function query({ uid }: Source, queryType: string, body: object = {}) {
  return { refId: 'A', datasource: { type: PLUGIN_ID, uid }, queryType, query: { version: 1, ...body } };
}

/** A panel that asks one thing. */
export function panel(source: Source, type: string, target: object) {
  const { datasource } = query(source, '');
  return { id: 1, type, title: 'Asked', gridPos: { x: 0, y: 0, w: 24, h: 12 }, datasource, targets: [target] };
}

/** Saves a dashboard, which every run writes anew, and returns its uid. */
export async function saveDashboard(request: APIRequestContext, uid: string, members: object): Promise<string> {
  const dashboard = { uid, title: uid, time: { from: 'now-6h', to: 'now' }, ...members };
  const answer = await request.post('/api/dashboards/db', { data: { dashboard, overwrite: true } });
  expect(answer.ok()).toBe(true);
  return uid;
}

/** Chooses the data source of a query, where plugin-e2e does not know this Grafana's layout. */
export async function chooseDataSource(page: Page, name: string) {
  const picker = page.getByTestId('data-testid Select a data source').first();
  await picker.fill(name);
  await page
    .getByRole('button', { name: new RegExp(`^${name}\\b`) })
    .first()
    .click();
}

/** Chooses an option of one of the editor's selects, with the keyboard alone. */
export async function choose(page: Page | Locator, label: string, option: string) {
  const select = page.getByLabel(label, { exact: true });
  await select.fill(option);
  await select.press('Enter');
}

/** What a select offers, by the first line of each option. */
export async function offered(page: Page, label: string): Promise<string[]> {
  const select = page.getByLabel(label, { exact: true });
  await select.press('Escape');
  await select.press('ArrowDown');
  // Grafana has other lists of options on the same page, which always stand open.
  const options = page.locator('[role="option"][id^="react-select-"]');
  await expect(options.first()).toBeVisible();
  const names = await options.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? one.textContent));
  await select.press('Escape');
  return names.map((name) => name ?? '');
}
