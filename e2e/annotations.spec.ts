import { expect, offered, query, saveDashboard, test } from './support';

test('incidents become annotations', async ({ annotationEditPage, page, stakes, questions, request }) => {
  const { datasource, ...target } = query(stakes, 'incidents');
  const uid = await saveDashboard(request, 'e2e-annotations', {
    annotations: { list: [{ name: 'Incidents', enable: true, iconColor: 'red', datasource, target }] },
  });
  await page.goto(`/d/${uid}?editview=annotations&editIndex=1&from=now-56d&to=now`);
  // Grafana's own annotations are the first.
  await expect(page.getByText('When did it go wrong?', { exact: true })).toBeVisible();
  await expect(annotationEditPage.runQuery()).toBeOK();
  await expect(page.getByText(/^\d+ events? \(from \d+ fields?\)|No events found/)).toBeVisible();
  // No other question marks times.
  const incidents = questions.filter(({ name }) => name === 'incidents').map(({ question }) => question);
  expect((await offered(page, 'Question')).length).toBe(incidents.length);
});
