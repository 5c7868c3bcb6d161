import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { from, map, type Observable } from 'rxjs';
import { VariableEditor } from './components/VariableEditor';
import { type StakesDataSource } from './datasource';
import { interpolateSelection } from './lib/interpolate';
import { listValues } from './lib/lists';
import { type StakesVariableQuery } from './types';

/** Dashboard variables that list SLOs, services, owners or the values of a label. */
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
    return from(Promise.all([this.datasource.slos(), this.datasource.services()])).pipe(
      map(([slos, services]) => ({ data: listValues({ ...query, select }, slos, services) }))
    );
  }
}
