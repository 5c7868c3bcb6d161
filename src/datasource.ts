import {
  LoadingState,
  type AdHocVariableFilter,
  type CoreApp,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  type MetricFindValue,
  type ScopedVars,
} from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv, isFetchError } from '@grafana/runtime';
import { of, type Observable } from 'rxjs';
import { stakesAnnotations } from './annotations';
import { filterKeys, filterProblem, narrow } from './lib/filters';
import { interpolate, resolveWith, type Resolve } from './lib/interpolate';
import { defaultQuery, describe, isAlerting } from './lib/query';
import { type Labels, type Named, type Slo, type StakesOptions, type StakesQuery, type Vocabulary } from './types';
import { StakesVariables } from './variables';

/**
 * The frontend's side of the data source. It resolves variables and asks the backend; defaults, units and
 * thresholds belong to the backend, because alerting and public dashboards never run this code.
 */
export class StakesDataSource extends DataSourceWithBackend<StakesQuery, StakesOptions> {
  constructor(settings: DataSourceInstanceSettings<StakesOptions>) {
    super(settings);
    this.annotations = stakesAnnotations;
    this.variables = new StakesVariables(this);
  }

  /**
   * Alerting shows the default in the editor and saves the rule without it. There the editor itself starts the
   * query, so that what is shown is what is saved.
   */
  getDefaultQuery(app: CoreApp): Partial<StakesQuery> {
    return isAlerting(app) ? {} : defaultQuery(app);
  }

  /** A filter that cannot be followed is an error: leaving it out would answer another question. */
  query(request: DataQueryRequest<StakesQuery>): Observable<DataQueryResponse> {
    const message = filterProblem(request.filters);
    if (!message) {
      return super.query(request);
    }
    const errors = request.targets.map(({ refId }) => ({ refId, message }));
    return of({ data: [], state: LoadingState.Error, errors });
  }

  applyTemplateVariables(query: StakesQuery, scopedVars: ScopedVars, filters?: AdHocVariableFilter[]): StakesQuery {
    return query.query
      ? { ...query, query: narrow(interpolate(query.query, this.resolver(scopedVars)), filters) }
      : query;
  }

  /** What ad hoc filters can narrow a dashboard by. */
  async getTagKeys(): Promise<MetricFindValue[]> {
    return filterKeys(await this.labels()).map((text) => ({ text }));
  }

  async getTagValues({ key }: DataSourceGetTagValuesOptions<StakesQuery>): Promise<MetricFindValue[]> {
    switch (key) {
      case 'slo':
        return (await this.slos()).map(asTag);
      case 'service':
        return (await this.services()).map(asTag);
      case 'journey':
        return (await this.journeys()).map(asTag);
      default:
        return ((await this.labels())[key] ?? []).map((text) => ({ text }));
    }
  }

  getQueryDisplayText(query: StakesQuery): string {
    return describe(query);
  }

  /** Resolves variables as they stand in the scope given. */
  resolver(scopedVars?: ScopedVars): Resolve {
    return resolveWith((text, format) => getTemplateSrv().replace(text, scopedVars, format));
  }

  vocabulary(): Promise<Vocabulary> {
    return this.ask('vocabulary');
  }

  slos(): Promise<Slo[]> {
    return this.ask('slos');
  }

  services(): Promise<Named[]> {
    return this.ask('services');
  }

  /** A backend that is older than this frontend, as during an update, has no journeys. */
  async journeys(): Promise<Named[]> {
    try {
      return await this.ask('journeys');
    } catch (error) {
      if (isFetchError(error) && error.status === 404) {
        return [];
      }
      throw error;
    }
  }

  labels(): Promise<Labels> {
    return this.ask('labels');
  }

  /** The editors say in their own place what could not be loaded, so Grafana need not say it again. */
  private ask<T>(path: string): Promise<T> {
    return this.getResource<T>(path, undefined, { showErrorAlert: false });
  }
}

function asTag({ name, displayName }: Named): MetricFindValue {
  return { text: displayName || name, value: name };
}
