import { type MetricFindValue } from '@grafana/data';
import { type Selection, type Service, type Slo, type StakesVariableQuery } from '../types';

/** The values of a dashboard variable. The selection of the query has no variables left in it. */
export function listValues(query: StakesVariableQuery, slos: Slo[], services: Service[]): MetricFindValue[] {
  const chosen = slos.filter((slo) => isSelected(slo, query.select));
  switch (query.list ?? 'slo') {
    case 'slo':
      return named(chosen.map(({ name, displayName }) => [name, displayName]));
    case 'service': {
      const displayNames = new Map(services.map(({ name, displayName }) => [name, displayName]));
      return named(chosen.map(({ service = '' }) => [service, displayNames.get(service)]));
    }
    case 'owner':
      return named(chosen.map(({ owner = '' }) => [owner, undefined]));
    case 'label':
      return named(chosen.map(({ labels = {} }) => [labels[query.label ?? ''] ?? '', undefined]));
  }
}

/** Every value once, in the order of the catalogue; Grafana sorts as the variable says. */
function named(pairs: Array<[string, string | undefined]>): MetricFindValue[] {
  const texts = new Map(pairs.filter(([value]) => value !== ''));
  return [...texts].map(([value, text]) => ({ text: text || value, value }));
}

function isSelected(slo: Slo, select: Selection = {}): boolean {
  return (
    isAmong(slo.name, select.slo) &&
    isAmong(slo.service, select.service) &&
    Object.entries(select.labels ?? {}).every(([key, value]) => isAmong(slo.labels?.[key], [value].flat()))
  );
}

function isAmong(value: string | undefined, values: string[] = []): boolean {
  return values.length === 0 || (value !== undefined && values.includes(value));
}
