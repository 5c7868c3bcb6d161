import { choose, expect, test } from './support';

test('Explore starts with a scorecard, and asks what is chosen', async ({ explorePage, page, stakes }) => {
  await explorePage.datasource.set(stakes.name);
  await expect(page.getByText('Which promises do we keep?', { exact: true })).toBeVisible();
  await expect(explorePage.tablePanel.locator).toBeVisible();
  await choose(page, 'Question', 'How has it been over time?');
  await expect(explorePage.timeSeriesPanel.locator).toBeVisible();
  await expect(page.getByText(/^Shows the .* of every SLO/)).toBeVisible();
});

test('an error stands in Explore once', async ({ page, stakes }) => {
  const pane = {
    datasource: stakes.uid,
    queries: [
      {
        refId: 'A',
        datasource: { type: 'stakes-slo-datasource', uid: stakes.uid },
        queryType: 'scorecard',
        query: { version: 1, select: { slo: ['no-such-slo'] } },
      },
    ],
    range: { from: 'now-6h', to: 'now' },
  };
  await page.goto(`/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ a: pane }))}`);
  await expect(page.getByText('The error below is about this.')).toHaveCount(1);
  await expect(page.getByText(/there is no SLO "no-such-slo"/)).toHaveCount(1);
});
