import { type Locator, type Page } from '@playwright/test';
import { expect, panel, query, saveDashboard, test } from './support';

/** More stops than any of our pages has. */
const STOPS = 150;

/** Goes with Tab alone to a control, from wherever the focus is. */
async function tabTo(page: Page, control: Locator, key = 'Tab') {
  for (let stop = 0; stop < STOPS; stop++) {
    if (
      await control
        .evaluate((element) => element === document.activeElement, undefined, { timeout: 2_000 })
        .catch(() => false)
    ) {
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`${control} is not reached with ${STOPS} times Tab`);
}

const tabBackTo = (page: Page, control: Locator) => tabTo(page, control, 'Shift+Tab');

test('somebody without a mouse sets a data source up', async ({
  createDataSourceConfigPage,
  page,
  stakes,
  request,
}) => {
  test.setTimeout(180_000);
  const config = await createDataSourceConfigPage({ type: 'stakes-slo-datasource' });
  await tabTo(page, page.getByLabel('Data source connection URL'));
  await page.keyboard.type(stakes.url);
  const start = page.getByRole('button', { name: 'Start with an example' });
  await tabTo(page, start);
  await page.keyboard.press('Enter');
  const check = page.getByRole('status', { name: 'Result of the check' });
  await expect(check).toContainText('1 SLO, no problems');
  // What was added is looked at in the editor, where Tab indents until it is told to move on.
  const editor = page.locator('.monaco-editor.focused');
  await expect(editor).toBeVisible();
  await page.keyboard.press('Control+m');
  await tabBackTo(page, page.getByLabel('Add from template'));
  await page.keyboard.type('Value');
  await page.keyboard.press('Enter');
  await expect(editor).toContainText('kind: Value');
  await tabTo(page, page.getByRole('checkbox', { name: 'Pyrra' }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByLabel('Currency', { exact: true }));
  await page.keyboard.type('CHF');
  await tabTo(page, page.getByLabel('First day of the week', { exact: true }));
  await page.keyboard.type('Sunday');
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'OpenSLO', exact: true }));
  await tabTo(page, page.getByRole('button', { name: 'Save & test' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText(/answered in .* 1 SLO/)).toBeVisible();
  const { jsonData } = await (await request.get(`/api/datasources/uid/${config.datasource.uid}`)).json();
  expect(jsonData).toMatchObject({ currency: 'CHF', weekStart: 'sunday', discover: ['sloth', 'grafana'] });
  expect(jsonData.catalog).toContain('kind: Value');
  // It is tried on the store that is saved.
  await tabBackTo(page, page.getByRole('button', { name: 'Try it on real data' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('term').filter({ hasText: 'Prometheus answers' })).toBeVisible();
});

test('somebody without a mouse asks a question', async ({ page, stakes, request }) => {
  test.setTimeout(120_000);
  const target = query(stakes, 'series', { measures: ['burn_rate'] });
  const uid = await saveDashboard(request, 'e2e-tab', { panels: [panel(stakes, 'timeseries', target)] });
  await page.goto(`/d/${uid}?editPanel=1`);
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await field('Question').waitFor();
  await tabTo(page, field('Question'));
  await page.keyboard.type('What if we promised more');
  await page.keyboard.press('Enter');
  for (const label of ['SLOs', 'Services', 'Journeys']) {
    await tabTo(page, field(label));
  }
  const add = page.getByRole('button', { name: 'Add label' });
  await tabTo(page, add);
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: /^Remove label/ }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Remove label/ })).toHaveCount(0);
  await tabTo(page, field('Window'));
  await tabTo(page, field('Targets'));
  await page.keyboard.type('99.5');
  await tabTo(page, field('Cost a year'));
  await page.keyboard.type('1000');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/with a target of 99.5 %, if more costs 1000 a year/)).toBeVisible();
});
