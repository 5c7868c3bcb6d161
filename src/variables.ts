import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { from, map, type Observable } from 'rxjs';
import { VariableEditor } from './components/VariableEditor';
import { type StakesDataSource } from './datasource';
import { interpolateSelection } from './lib/interpolate';
import { listValues, type Catalogue } from './lib/lists';
import { type StakesVariableQuery } from './types';

/** Dashboard variables that list SLOs, services, journeys, owners, objectives or the values of a label. */
export class StakesVariables extends CustomVariableSupport<StakesDataSource, StakesVariableQuery> {
  editor = VariableEditor;

  constructor(private datasource: StakesDataSource) {
    super();
  }

  getDefaultQuery(): Partial<StakesVariableQuery> {
    return { list: 'slo' };
  }

  query(request: DataQueryRequest<StakesVariableQuery>): Observable<DataQueryResponse> {
    const [query] = request.targets;
    const select = interpolateSelection(query.select, this.datasource.resolver(request.scopedVars));
    return from(this.catalogue(query)).pipe(
      map((catalogue) => ({ data: listValues({ ...query, select }, catalogue) }))
    );
  }

  /** Display names are fetched only where they are shown. */
  private async catalogue({ list }: StakesVariableQuery): Promise<Catalogue> {
    const [slos, services, journeys] = await Promise.all([
      this.datasource.slos(),
      list === 'service' ? this.datasource.services() : [],
      list === 'journey' ? this.datasource.journeys() : [],
    ]);
    return { slos, services, journeys };
  }
}
