import { type CoreApp, type DataSourceInstanceSettings, type ScopedVars } from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv, isFetchError } from '@grafana/runtime';
import { stakesAnnotations } from './annotations';
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

  applyTemplateVariables(query: StakesQuery, scopedVars: ScopedVars): StakesQuery {
    return query.query ? { ...query, query: interpolate(query.query, this.resolver(scopedVars)) } : query;
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
