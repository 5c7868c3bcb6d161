import { CoreApp } from '@grafana/data';
import { texts } from '../texts';
import { QUERY_VERSION, type QueryBody, type StakesQuery } from '../types';

/** A query that is useful before anything has been touched. */
export function defaultQuery(app?: CoreApp): Pick<StakesQuery, 'queryType' | 'query'> {
  switch (app) {
    case CoreApp.Explore:
      return { queryType: 'scorecard', query: { version: QUERY_VERSION } };
    case CoreApp.UnifiedAlerting:
    case CoreApp.CloudAlerting:
      return { queryType: 'number', query: { version: QUERY_VERSION, measures: ['burn_rate'] } };
    default:
      return { queryType: 'series', query: { version: QUERY_VERSION, measures: ['budget_remaining'] } };
  }
}

/** How the body of a query of one version becomes one of the next. */
const MIGRATIONS: Record<number, (body: QueryBody) => QueryBody> = {
  // Queries that were written by hand may name no version: they mean the first one.
  0: (body) => body,
};

/**
 * The query in the layout of this version. One without a body, or of a later version, is the same object:
 * nothing is known about it. The backend does the same for every query that the editor never saw.
 */
export function migrate(query: StakesQuery): StakesQuery {
  const version = query.query?.version ?? 0;
  const step = MIGRATIONS[version];
  if (!query.query || !step) {
    return query;
  }
  return migrate({ ...query, query: { ...step(query.query), version: version + 1 } });
}

/**
 * The query as the editor shows it. One that was written by hand without a question is what the backend
 * takes it for, a series; one with nothing in it starts with the default.
 */
export function complete(saved: StakesQuery, app?: CoreApp): StakesQuery {
  const query = migrate(saved);
  const start = defaultQuery(query.query ? undefined : app);
  return { ...query, queryType: query.queryType || start.queryType, query: query.query ?? start.query };
}

/** True for the apps whose queries are evaluated by Grafana's alerting. */
export function isAlerting(app?: CoreApp): boolean {
  return app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting;
}

/** True for a query written by a later version of the plugin: it must not be edited, or it would lose what we cannot see. */
export function isFromLaterVersion(query: StakesQuery): boolean {
  return (query.query?.version ?? QUERY_VERSION) > QUERY_VERSION;
}

/**
 * The same object without members that say nothing, so that saved dashboards stay short.
 * Members that this version does not know are kept.
 */
export function shorten<T extends object>(value: T): T {
  const members = Object.entries(value)
    .map(([key, member]) => [key, isPlainObject(member) ? shorten(member) : member])
    .filter(([, member]) => !saysNothing(member));
  return Object.fromEntries(members);
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function saysNothing(value: unknown): boolean {
  if (isPlainObject(value) || Array.isArray(value)) {
    return Object.keys(value).length === 0;
  }
  return value === undefined || value === null || value === '';
}

/** One line that tells queries apart in lists, for example in the query history. */
export function describe(query: StakesQuery): string {
  const { measures = [], select = {} } = query.query ?? {};
  const labels = Object.entries(select.labels ?? {}).map(([key, value]) => `${key}=${[value].flat().join('|')}`);
  const about = [...(select.slo ?? []), ...(select.service ?? []), ...(select.journey ?? []), ...labels];
  const head = [query.queryType ?? '', measures.join(', ')].filter(Boolean).join(': ');
  return texts.describe(head, about);
}
