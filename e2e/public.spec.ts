import { type APIRequestContext } from '@playwright/test';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, saveDashboard, test } from './support';

const SOURCE = 'e2e-private';

/** PromQL, the words of a catalogue, what an event is worth, and names. */
const CONFIDENCES = [
  /\b(rate|increase|sum)\s*\(|_total\b|shop_http/,
  /apiVersion|metricSource|executedQueryString/,
  /perEvent|notRecovered|setBy/,
  /Example Marketplace|Head of Marketing|Chief Financial Officer|data protection officer/,
];

/** The shop's data source once more, with its catalogue among the secrets. */
async function saveSource(request: APIRequestContext, from: string): Promise<string> {
  const shop = await (await request.get(`/api/datasources/uid/${from}`)).json();
  const { catalog, ...jsonData } = shop.jsonData;
  await request.delete(`/api/datasources/uid/${SOURCE}`);
  const { type, url, access } = shop;
  const data = { name: SOURCE, uid: SOURCE, type, url, access, jsonData, secureJsonData: { catalog } };
  expect((await request.post('/api/datasources', { data })).ok()).toBe(true);
  return catalog;
}

test('a public dashboard holds neither the catalogue nor PromQL, assumptions or names', async ({
  playwright,
  request,
  stakes,
  baseURL,
}) => {
  const catalog = await saveSource(request, stakes.uid);
  const file = path.join(__dirname, '..', 'dashboards', 'promises.json');
  const { __inputs, __requires, ...promises } = JSON.parse(
    readFileSync(file, 'utf8').replaceAll('${DS_STAKES}', SOURCE)
  );
  const uid = await saveDashboard(request, 'e2e-public', { ...promises, uid: 'e2e-public', title: 'e2e-public' });
  const published = await request.post(`/api/dashboards/uid/${uid}/public-dashboards`, { data: { isEnabled: true } });
  expect(published.ok()).toBe(true);
  const { uid: share, accessToken } = await published.json();
  const anybody = await playwright.request.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  try {
    const read = async (what: string, answer: Awaited<ReturnType<typeof anybody.get>>) => {
      expect(answer.status(), what).toBe(200);
      const text = await answer.text();
      for (const confidence of CONFIDENCES) {
        expect(text, what).not.toMatch(confidence);
      }
      return JSON.parse(text);
    };
    const address = `/api/public/dashboards/${accessToken}`;
    const { dashboard } = await read('the dashboard', await anybody.get(address));
    const asking = dashboard.panels.filter((panel: { targets?: unknown[] }) => panel.targets?.length);
    expect(asking.length).toBeGreaterThan(6);
    for (const { id, title } of asking) {
      const data = { intervalMs: 3_600_000, maxDataPoints: 500 };
      const { results } = await read(title, await anybody.post(`${address}/panels/${id}/query`, { data }));
      expect(results.A.status, title).toBe(200);
      expect(results.A.frames.length, title).toBeGreaterThan(0);
    }
    // The page brings the settings of all data sources along, but not what is among their secrets.
    const page = await (await anybody.get(`/public-dashboards/${accessToken}`)).text();
    const settings = new RegExp(`"${SOURCE}":\\{.*?"jsonData":(\\{[^}]*\\})`).exec(page)?.[1] ?? '';
    expect(Object.keys(JSON.parse(settings)).sort()).toEqual(['currency', 'httpMethod', 'timeInterval']);
    expect(catalog).toContain('perEvent');
  } finally {
    await anybody.dispose();
    await request.delete(`/api/dashboards/uid/${uid}/public-dashboards/${share}`);
    await request.delete(`/api/dashboards/uid/${uid}`);
    await request.delete(`/api/datasources/uid/${SOURCE}`);
  }
});
