import { CoreApp, type DataQueryRequest, type DataSourceInstanceSettings, type ScopedVars } from '@grafana/data';
import { setTemplateSrv } from '@grafana/runtime';
import fs from 'fs';
import { lastValueFrom } from 'rxjs';
import { StakesDataSource } from './datasource';
import { journeys, labels, services, slos } from './testing/fixtures';
import { templateSrv, type Variables } from './testing/templateSrv';
import { PLUGIN_ID, type QueryBody, type StakesOptions, type StakesQuery } from './types';

const settings = { uid: 'stakes', type: PLUGIN_ID, jsonData: {} } as DataSourceInstanceSettings<StakesOptions>;

function setup(variables: Variables = {}) {
  setTemplateSrv(templateSrv(variables));
  const datasource = new StakesDataSource(settings);
  const apply = (body: Partial<QueryBody>, scopedVars: ScopedVars = {}) =>
    datasource.applyTemplateVariables(
      { refId: 'A', queryType: 'series', query: { version: 1, measures: ['sli'], ...body } },
      scopedVars
    ).query;
  return { datasource, apply };
}

describe('plugin.json', () => {
  const manifest = JSON.parse(fs.readFileSync('plugin.json', 'utf8'));

  it('has the id that the frontend uses', () => {
    expect(manifest.id).toBe(PLUGIN_ID);
  });

  it('has both flags that public dashboards need', () => {
    expect(manifest).toMatchObject({ backend: true, alerting: true });
  });

  it('has the version of package.json at build time', () => {
    expect(manifest.info.version).toBe('%VERSION%');
  });
});

describe('getDefaultQuery', () => {
  const { datasource } = setup();

  it.each([
    [CoreApp.Explore, { queryType: 'scorecard', query: { version: 1 } }],
    [CoreApp.PanelEditor, { queryType: 'series', query: { version: 1, measures: ['budget_remaining'] } }],
  ])('asks something useful in %s', (app, expected) => {
    expect(datasource.getDefaultQuery(app)).toEqual(expected);
  });

  it('leaves it to the editor in alerting, which would not save a default', () => {
    expect(datasource.getDefaultQuery(CoreApp.UnifiedAlerting)).toEqual({});
  });
});

describe('applyTemplateVariables', () => {
  it('keeps everything that holds no variable, and the refId', () => {
    const { datasource } = setup();
    const query: StakesQuery = {
      refId: 'B',
      queryType: 'number',
      query: { version: 1, measures: ['sli'], by: 'service', select: { slo: ['a'], labels: { tier: 'gold' } } },
    };
    expect(datasource.applyTemplateVariables(query, {})).toEqual(query);
    expect(datasource.applyTemplateVariables({ refId: 'C', queryType: 'catalog' }, {})).toEqual({
      refId: 'C',
      queryType: 'catalog',
    });
  });

  it.each<[string, Variables, string[] | undefined]>([
    ['one value', { slo: 'a' }, ['a']],
    ['several values', { slo: ['a', 'b'] }, ['a', 'b']],
    ['names that a regular expression would escape', { slo: ['a.b', 'c,d'] }, ['a.b', 'c,d']],
    ['All, which Grafana hands over as every value', { slo: ['a', 'b', 'c'] }, ['a', 'b', 'c']],
    ['All as its own word', { slo: '$__all' }, undefined],
    ['a custom All that matches anything', { slo: { customAll: '.*' } }, undefined],
    ['a custom All that is a name', { slo: { customAll: 'a' } }, ['a']],
    ['no value: the backend names what is missing', { slo: [] }, ['$slo']],
    ['an empty value', { slo: '' }, ['$slo']],
    ['an unknown variable', {}, ['$slo']],
  ])('selects by %s', (_, variables, expected) => {
    const { apply } = setup(variables);
    expect(apply({ select: { slo: ['$slo'] } })?.select?.slo).toEqual(expected);
    expect(apply({ select: { service: ['$slo'] } })?.select?.service).toEqual(expected);
  });

  it('selects everything where one of several entries stands for everything', () => {
    const { apply } = setup({ slo: '$__all' });
    expect(apply({ select: { slo: ['a', '$slo'], service: ['s'] } })?.select).toEqual({ service: ['s'] });
  });

  it('takes the value of a repeated panel or row', () => {
    const { apply } = setup({ slo: ['a', 'b'] });
    const scopedVars = { slo: { text: 'b', value: 'b' } };
    expect(apply({ select: { slo: ['$slo'] } }, scopedVars)?.select?.slo).toEqual(['b']);
  });

  it('combines several variables in one text, and names each SLO once', () => {
    const { apply } = setup({ service: ['a', 'b'], kind: ['x', 'y'] });
    expect(apply({ select: { slo: ['${service}-$kind', 'a-x'] } })?.select?.slo).toEqual(['a-x', 'a-y', 'b-x', 'b-y']);
  });

  it('resolves the values of labels, and drops a matcher of everything', () => {
    const { apply } = setup({ tier: 'gold', team: '$__all', region: ['eu', 'us'] });
    expect(apply({ select: { labels: { tier: '$tier', team: '$team', region: '$region' } } })?.select).toEqual({
      labels: { tier: 'gold', region: ['eu', 'us'] },
    });
  });

  it('resolves lookback and window', () => {
    const { apply } = setup({ lookback: '30m', window: '7d' });
    expect(apply({ lookback: '$lookback', window: '$window' })).toMatchObject({ lookback: '30m', window: '7d' });
  });

  it('resolves journeys like services', () => {
    const { apply } = setup({ journey: ['buy', 'search'], all: '$__all' });
    expect(apply({ select: { journey: ['$journey'] } })?.select).toEqual({ journey: ['buy', 'search'] });
    expect(apply({ select: { journey: ['$all'] } })).not.toHaveProperty('select');
  });

  it('resolves measures and every single choice', () => {
    const { apply } = setup({ m: ['sli', 'loss'], choice: 'month', factor: '2x' });
    expect(
      apply({ measures: ['$m'], by: '$choice', period: '$choice', scenario: '$choice', failures: '$factor' })
    ).toEqual({
      version: 1,
      measures: ['sli', 'loss'],
      by: 'month',
      period: 'month',
      scenario: 'month',
      failures: '2x',
    });
  });

  it('takes no "everything" for measures, which nobody could read: the backend names the variable', () => {
    const { apply } = setup({ m: '$__all' });
    expect(apply({ measures: ['$m'] })?.measures).toEqual(['$m']);
  });

  it('resolves targets to ratios, whether the variable holds ratios or percent', () => {
    const { apply } = setup({ objective: ['0.999', '0.9995'], percent: '99.99' });
    expect(apply({ targets: ['$objective', '$percent', 0.5, '$unknown'] })?.targets).toEqual([
      ...[0.999, 0.9995, 0.9999, 0.5],
      '$unknown',
    ]);
  });

  it('resolves the queries of Explore and alert rules in the same way', () => {
    const { datasource } = setup({ slo: ['a', 'b'] });
    const query = { refId: 'A', queryType: 'series', query: { version: 1, select: { slo: ['$slo'] } } };
    expect(datasource.interpolateVariablesInQueries([query], {})).toMatchObject([
      { refId: 'A', query: { select: { slo: ['a', 'b'] } } },
    ]);
  });
});

describe('ad hoc filters', () => {
  const filter = (operator: string) => ({ key: 'tier', operator, value: 'gold' });

  it('narrow a query after its variables', () => {
    const { datasource } = setup({ tier: ['gold', 'silver'] });
    const query = { refId: 'A', query: { version: 1, select: { labels: { tier: '$tier' } } } };
    expect(datasource.applyTemplateVariables(query, {}, [filter('=')]).query?.select).toEqual({
      labels: { tier: 'gold' },
    });
  });

  it('that cannot be followed are an error of every query', async () => {
    const { datasource } = setup();
    const request = { targets: [{ refId: 'A' }, { refId: 'B' }], filters: [filter('=~')] };
    const answer = await lastValueFrom(datasource.query(request as DataQueryRequest<StakesQuery>));
    expect(answer.data).toEqual([]);
    expect(answer.errors).toEqual(
      ['A', 'B'].map((refId) => ({ refId, message: expect.stringContaining('cannot filter by tier =~ gold') }))
    );
  });

  it('are offered with their values', async () => {
    const { datasource } = setup();
    jest
      .spyOn(datasource, 'getResource')
      .mockImplementation(async (path) => ({ labels, slos, services, journeys })[String(path)]);
    const values = async (key: string) => (await datasource.getTagValues({ key, filters: [] })).map(({ text }) => text);
    expect((await datasource.getTagKeys()).map(({ text }) => text)).toEqual(['slo', 'service', 'journey', 'tier']);
    expect(await values('tier')).toEqual(['gold', 'standard']);
    expect(await values('service')).toEqual(['Checkout', 'search']);
    expect(await values('slo')).toContain('Checkout works');
    expect(await values('journey')).toEqual(['Buy something']);
    expect(await values('nobody')).toEqual([]);
  });
});

describe('journeys', () => {
  const { datasource } = setup();
  const fail = (status: number) =>
    jest.spyOn(datasource, 'getResource').mockRejectedValue({ status, data: {}, config: { url: '' } });

  it('are none where the backend does not know them yet', async () => {
    fail(404);
    expect(await datasource.journeys()).toEqual([]);
  });

  it('fail like everything else otherwise', async () => {
    fail(500);
    await expect(datasource.journeys()).rejects.toMatchObject({ status: 500 });
  });
});

describe('getQueryDisplayText', () => {
  it('tells queries apart in one line', () => {
    const { datasource } = setup();
    const body = { version: 1, measures: ['sli'], select: { slo: ['a'], labels: { tier: 'gold' } } };
    expect(datasource.getQueryDisplayText({ refId: 'A', queryType: 'series', query: body })).toBe(
      'series: sli of a, tier=gold'
    );
    expect(datasource.getQueryDisplayText({ refId: 'A', queryType: 'catalog' })).toBe('catalog');
  });
});
