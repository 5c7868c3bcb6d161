import { type StakesDataSource } from '../datasource';
import { type Labels, type Named, type Slo } from '../types';
import { useResource, type Resource } from './useResource';

/** What the catalogue holds, as far as it has been loaded. */
export interface Catalogue {
  slos: Resource<Slo[]>;
  services: Resource<Named[]>;
  journeys: Resource<Named[]>;
  labels: Resource<Labels>;
}

/** Loads the names that a selection is made of. */
export function useCatalogue(datasource: StakesDataSource): Catalogue {
  return {
    slos: useResource(datasource.uid, () => datasource.slos()),
    services: useResource(datasource.uid, () => datasource.services()),
    journeys: useResource(datasource.uid, () => datasource.journeys()),
    labels: useResource(datasource.uid, () => datasource.labels()),
  };
}
