import AxeBuilder from '@axe-core/playwright';
import { type Page } from '@playwright/test';
import { expect, panel, query, saveDashboard, test } from './support';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/** What axe finds in a part of the page, in one line each. */
async function violations(page: Page, part: string): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include(part).withTags(TAGS).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`)
  );
}

for (const theme of ['dark', 'light']) {
  test(`axe finds nothing in the query editor, ${theme}`, async ({ page, stakes, request }) => {
    const target = query(stakes, 'series', {
      measures: ['burn_rate', 'sli'],
      select: { slo: ['no-such-slo'], labels: { tier: 'gold' } },
    });
    const uid = await saveDashboard(request, 'e2e-axe', { panels: [panel(stakes, 'timeseries', target)] });
    await page.goto(`/d/${uid}?editPanel=1&theme=${theme}`);
    await expect(page.getByText('The error below is about this.')).toBeVisible();
    expect(await violations(page, '[data-testid="stakes-query-editor"]')).toEqual([]);
  });

  test(`axe finds nothing in our part of the settings, ${theme}`, async ({ createDataSourceConfigPage, page }) => {
    const config = await createDataSourceConfigPage({ type: 'stakes-slo-datasource' });
    await page.goto(`/connections/datasources/edit/${config.datasource.uid}?theme=${theme}`);
    await page.getByRole('button', { name: 'Start with an example' }).click();
    await expect(page.getByRole('status', { name: 'Result of the check' })).toContainText('no problems');
    expect(await violations(page, '[data-testid="stakes-settings"]')).toEqual([]);
  });
}
