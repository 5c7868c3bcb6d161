import { choose, expect, panel, query, resource, saveDashboard, test } from './support';

const ALL = { text: ['All'], value: ['$__all'] };

test('chained variables with several values narrow what a panel asks', async ({ page, stakes, request }) => {
  const slos = await resource<Array<{ name: string; service: string }>>(request, stakes, 'slos');
  const [{ service }] = slos;
  const { datasource } = query(stakes, '');
  const variable = (name: string, list: object) => ({
    type: 'query',
    name,
    datasource,
    query: { refId: 'variable', ...list },
    multi: true,
    includeAll: true,
    current: ALL,
    refresh: 1,
  });
  const uid = await saveDashboard(request, 'e2e-variables', {
    templating: {
      list: [
        variable('service', { list: 'service' }),
        variable('slo', { list: 'slo', select: { service: ['$service'] } }),
      ],
    },
    panels: [panel(stakes, 'table', query(stakes, 'scorecard', { select: { slo: ['$slo'], service: ['$service'] } }))],
  });
  const select = async (url: string) => {
    const asked = page.waitForRequest((sent) => sent.url().includes('/api/ds/query'));
    await page.goto(url);
    return (await asked).postDataJSON().queries[0].query.select;
  };
  // "All" is every value that the list holds.
  const all = await select(`/d/${uid}`);
  expect([...all.slo].sort()).toEqual(slos.map(({ name }) => name).sort());
  const chosen = await select(`/d/${uid}?var-service=${service}&var-slo=$__all`);
  expect(chosen.service).toEqual([service]);
  // The second list holds only what belongs to the choice in the first.
  const ofService = slos.filter((slo) => slo.service === service).map(({ name }) => name);
  expect([...chosen.slo].sort()).toEqual(ofService.sort());
});

test('a variable is made in the editor, and its values are previewed', async ({
  variableEditPage,
  page,
  stakes,
  request,
}) => {
  const uid = await saveDashboard(request, 'e2e-variable', {
    templating: {
      list: [
        {
          type: 'query',
          name: 'owner',
          datasource: query(stakes, '').datasource,
          query: { refId: 'variable', list: 'slo' },
        },
      ],
    },
  });
  await page.goto(`/d/${uid}?editview=variables&editIndex=0`);
  const slos = await resource<Array<{ owner: string }>>(request, stakes, 'slos');
  await choose(page, 'List', 'Owners');
  await variableEditPage.runQuery();
  const owners = [...new Set(slos.map(({ owner }) => owner).filter(Boolean))];
  await expect(variableEditPage).toDisplayPreviews(owners);
});

test('ad hoc filters offer labels of SLOs, and narrow every panel', async ({ page, stakes, request }) => {
  const [{ service }] = await resource<Array<{ service: string }>>(request, stakes, 'slos');
  const uid = await saveDashboard(request, 'e2e-filters', {
    templating: { list: [{ type: 'adhoc', name: 'filters', datasource: query(stakes, '').datasource, filters: [] }] },
    panels: [panel(stakes, 'table', query(stakes, 'scorecard'))],
  });
  const asked = page.waitForRequest((sent) => sent.url().includes('/api/ds/query'));
  await page.goto(`/d/${uid}?var-filters=${encodeURIComponent(`service|=|${service}`)}`);
  expect((await asked).postDataJSON().queries[0].query.select).toEqual({ service: [service] });
  await page.getByPlaceholder('Filter by label values').click();
  await expect(page.getByRole('option', { name: 'slo', exact: true })).toBeVisible();
});
