import { type APIRequestContext } from '@playwright/test';
import { expect, panel, query, saveDashboard, test } from './support';

const VIEWER = { name: 'Viewer of the tests', login: 'e2e-viewer', password: 'e2e-viewer' };

async function ensureViewer(request: APIRequestContext) {
  const status = (await request.post('/api/admin/users', { data: VIEWER })).status();
  expect([200, 412]).toContain(status); // 412: there is one already
}

test('a viewer sees answers, and reaches neither the settings nor what they hold', async ({
  browser,
  request,
  stakes,
  baseURL,
}) => {
  await ensureViewer(request);
  const uid = await saveDashboard(request, 'e2e-viewer', {
    panels: [panel(stakes, 'table', query(stakes, 'scorecard'))],
  });
  const context = await browser.newContext({ baseURL, storageState: undefined });
  try {
    const login = await context.request.post('/login', { data: { user: VIEWER.login, password: VIEWER.password } });
    expect(login.ok()).toBe(true);
    const page = await context.newPage();
    const answered = page.waitForResponse((answer) => answer.url().includes('/api/ds/query'));
    await page.goto(`/d/${uid}`);
    expect((await (await answered).json()).results.A.status).toBe(200);
    await expect(page.getByText('What we promised').first()).toBeVisible();

    const api = (path: string) => context.request.get(`/api/datasources/uid/${stakes.uid}${path}`);
    const settings = await (await request.get(`/api/datasources/uid/${stakes.uid}`)).json();
    const change = await context.request.put(`/api/datasources/uid/${stakes.uid}`, { data: settings });
    expect(change.status()).toBe(403);
    await page.goto(`/connections/datasources/edit/${stakes.uid}`);
    await page.waitForLoadState('networkidle');
    await expect(page.getByRole('button', { name: /Save & test/ })).toHaveCount(0);
    expect(await (await api('')).text()).not.toContain('secureJsonData":');
    for (const name of ['vocabulary', 'slos', 'services', 'labels', 'journeys']) {
      const answer = await api(`/resources/${name}`);
      expect(answer.status(), name).toBe(200);
      // Neither queries nor what an event is worth.
      expect(await answer.text(), name).not.toMatch(/perEvent|rate\(|_total\b/);
    }
  } finally {
    await context.close();
  }
});
