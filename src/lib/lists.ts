import { type MetricFindValue } from '@grafana/data';
import { type Named, type Objective, type Selection, type Slo, type StakesVariableQuery } from '../types';
import { percentText } from './targets';

/** What the lists of variables are made of. */
export interface Catalogue {
  slos: Slo[];
  services: Named[];
  journeys: Named[];
}

/** A value and what is shown for it; nothing where that is the value itself. */
type Pair = [value: string, text: string | undefined];

/** The values of a dashboard variable. The selection of the query has no variables left in it. */
export function listValues(query: StakesVariableQuery, { slos, services, journeys }: Catalogue): MetricFindValue[] {
  const chosen = slos.filter((slo) => isSelected(slo, query.select));
  switch (query.list) {
    case 'service':
      return named(chosen.map(({ service = '' }) => displayed(service, services)));
    case 'journey':
      return named(journeysOf(chosen, journeys, query.select).map((name) => displayed(name, journeys)));
    case 'owner':
      return named(chosen.map(({ owner = '' }) => [owner, undefined]));
    case 'label':
      return named(chosen.map(({ labels = {} }) => [labels[query.label ?? ''] ?? '', undefined]));
    case 'objective':
      return named(chosen.flatMap(({ objectives = [] }) => objectives.map(objectivePair)));
    default:
      return named(chosen.map(({ name, displayName }) => [name, displayName]));
  }
}

/** The journeys of the chosen SLOs; all of them where nothing narrows, even those whose steps are missing. */
function journeysOf(chosen: Slo[], journeys: Named[], select: Selection = {}): string[] {
  return Object.keys(select).length === 0
    ? journeys.map(({ name }) => name)
    : chosen.flatMap(({ journeys: ofSlo = [] }) => ofSlo);
}

/** The value is the target as a ratio: that is what stands for an objective in a list of candidate targets. */
function objectivePair({ target }: Objective): Pair {
  return [String(target), `${percentText(target)} %`];
}

function displayed(value: string, things: Named[]): Pair {
  return [value, things.find(({ name }) => name === value)?.displayName];
}

/** Every value once, in the order of the catalogue; Grafana sorts as the variable says. */
function named(pairs: Pair[]): MetricFindValue[] {
  const texts = new Map(pairs.filter(([value]) => value !== ''));
  return [...texts].map(([value, text]) => ({ text: text || value, value }));
}

function isSelected(slo: Slo, select: Selection = {}): boolean {
  return (
    isAmong(slo.name, select.slo) &&
    isAmong(slo.service, select.service) &&
    areAmong(slo.journeys, select.journey) &&
    Object.entries(select.labels ?? {}).every(([key, value]) => isAmong(slo.labels?.[key], [value].flat()))
  );
}

function isAmong(value: string | undefined, values: string[] = []): boolean {
  return values.length === 0 || (value !== undefined && values.includes(value));
}

function areAmong(have: string[] = [], values: string[] = []): boolean {
  return values.length === 0 || have.some((value) => values.includes(value));
}
