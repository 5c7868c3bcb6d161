import { type DataQueryRequest, type MetricFindValue } from '@grafana/data';
import { setTemplateSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { type StakesDataSource } from './datasource';
import { resolveWith } from './lib/interpolate';
import { journeys, services, slos } from './testing/fixtures';
import { templateSrv, type Variables } from './testing/templateSrv';
import { type StakesVariableQuery } from './types';
import { StakesVariables } from './variables';

async function values(query: Partial<StakesVariableQuery>, variables: Variables = {}) {
  const template = templateSrv(variables);
  setTemplateSrv(template);
  const datasource = {
    slos: async () => slos,
    services: async () => services,
    journeys: async () => journeys,
    resolver: () => resolveWith((text, format) => template.replace(text, {}, format)),
  } as unknown as StakesDataSource;
  const request = { targets: [{ refId: 'A', ...query }] } as DataQueryRequest<StakesVariableQuery>;
  const { data } = await lastValueFrom(new StakesVariables(datasource).query(request));
  return data.map(({ text, value }: MetricFindValue) => (text === value ? text : `${text}=${value}`));
}

it('lists SLOs by the name that people gave them', async () => {
  expect(await values({})).toEqual([
    'Checkout works=checkout-availability',
    'checkout-latency',
    'Search works=search-availability',
  ]);
});

it('lists services, owners and the values of a label, each once', async () => {
  expect(await values({ list: 'service' })).toEqual(['Checkout=checkout', 'search']);
  expect(await values({ list: 'owner' })).toEqual(['payments']);
  expect(await values({ list: 'label', label: 'tier' })).toEqual(['gold', 'standard']);
  expect(await values({ list: 'label', label: 'nobody-has-it' })).toEqual([]);
});

it('follows another variable', async () => {
  const query: Partial<StakesVariableQuery> = { list: 'slo', select: { service: ['$service'] } };
  expect(await values(query, { service: 'search' })).toEqual(['Search works=search-availability']);
  expect(await values(query, { service: '$__all' })).toHaveLength(3);
  expect(await values(query, { service: [] })).toEqual([]);
});

it('lists journeys, and those of chosen SLOs', async () => {
  expect(await values({ list: 'journey' })).toEqual(['Buy something=buy']);
  expect(await values({ list: 'journey', select: { slo: ['$slo'] } }, { slo: 'checkout-availability' })).toEqual([
    'Buy something=buy',
  ]);
  expect(await values({ list: 'journey', select: { slo: ['$slo'] } }, { slo: 'checkout-latency' })).toEqual([]);
  expect(await values({ list: 'slo', select: { journey: ['buy'] } })).toEqual(['Checkout works=checkout-availability']);
});

it('lists objectives as percent, with the ratio as the value', async () => {
  expect(await values({ list: 'objective' })).toEqual(['99.95 %=0.9995']);
});

it('narrows by labels', async () => {
  expect(await values({ list: 'service', select: { labels: { tier: 'standard' } } })).toEqual(['Checkout=checkout']);
});
