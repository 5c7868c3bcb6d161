import { type DataSourceJsonData } from '@grafana/data';
import { type DataQuery } from '@grafana/schema';

/** Plugin id, as in plugin.json (a test compares the two). */
export const PLUGIN_ID = 'stakes-slo-datasource';

/** Version of the query that this editor writes and understands. */
export const QUERY_VERSION = 1;

/** Which SLOs a query is about. An absent or empty member does not narrow the selection. */
export interface Selection {
  /** SLO names, or variables such as `$slo` */
  slo?: string[];
  service?: string[];
  /** Journeys stand for the SLOs of their steps. */
  journey?: string[];
  /** A label with several values matches any of them; the editor writes one, a multi-value variable gives several. */
  labels?: Record<string, string | string[]>;
}

/**
 * Everything that a query says beyond its type. It has to stay inside the one property `query`:
 * Grafana removes that property, and no other, from dashboards that are shared publicly.
 */
export interface QueryBody {
  version: number;
  select?: Selection;
  measures?: string[];
  /** What one answer is about; absent means `slo` */
  by?: string;
  /** Interval that rates are measured over, a Prometheus duration; absent means one hour */
  lookback?: string;
  /** Replaces the time window of the objective: a Prometheus duration, or a unit of the calendar such as `month` */
  window?: string;
  /** The unit of the calendar that a history is told by; absent means a month */
  period?: string;
  /** The form of an answer that can have several; absent means the first one of the question */
  format?: string;
  /** How the members of a group are put together; absent means by events */
  pool?: string;
  scenario?: string;
  /** How many fail from now on in a scenario of one's own: a share such as `0.5 %`, or a multiple such as `2x` */
  failures?: string;
  /** How far ahead an answer looks, a Prometheus duration */
  horizon?: string;
  /** Candidate targets as ratios; a text is a variable, which becomes ratios before the backend is asked */
  targets?: Array<number | string>;
  /** Money a year that a higher target costs; a text, because it may be a variable */
  cost?: string;
  /** Who a statement is written for */
  audience?: string;
  /** Language and formats of a statement */
  locale?: string;
}

export interface StakesQuery extends DataQuery {
  query?: QueryBody;
}

/** The lists that a dashboard variable can hold. */
export type ListName = 'slo' | 'service' | 'journey' | 'owner' | 'label' | 'objective';

export interface StakesVariableQuery extends DataQuery {
  list?: ListName;
  /** Label whose values are listed when `list` is `label` */
  label?: string;
  /** Only what belongs to these SLOs is listed */
  select?: Selection;
}

export interface StakesOptions extends DataSourceJsonData {
  httpMethod?: string;
  /** Scrape interval of the store */
  timeInterval?: string;
  customQueryParameters?: string;
  keepCookies?: string[];
  timeout?: number;
  oauthPassThru?: boolean;
  /** YAML documents that define the SLOs */
  catalog?: string;
  /** ISO 4217 */
  currency?: string;
  /** Where further documents are fetched from */
  catalogUrls?: string[];
  /** Tools whose SLOs are taken from the store, which they record them in; absent means all of them */
  discover?: Discovery[];
  /** How far behind now the data is complete */
  queryDelay?: string;
  /** Zone of the tz database that calendar windows are reckoned in; absent means UTC */
  timezone?: string;
  /** Day that a calendar week starts on; absent means Monday */
  weekStart?: string;
  /** Groups of one indicator that are told apart */
  maxGroups?: number;
  /** Samples that are read for one answer */
  maxSamples?: number;
  /** Bytes of memory for what was counted */
  cacheSize?: number;
}

/** Tools whose SLOs can be discovered. */
export const DISCOVERIES = ['sloth', 'pyrra', 'grafana'] as const;
export type Discovery = (typeof DISCOVERIES)[number];

/** What Grafana encrypts, and gives to the backend only. */
export interface StakesSecrets {
  /** YAML documents that stay in the house */
  catalog?: string;
}

/** What a question can take, as the vocabulary flags it; one that is missing is not taken. */
export interface Flags {
  select?: boolean;
  measures?: boolean;
  by?: boolean;
  lookback?: boolean;
  window?: boolean;
  period?: boolean;
  pool?: boolean;
  scenario?: boolean;
  horizon?: boolean;
  targets?: boolean;
  cost?: boolean;
  audience?: boolean;
  locale?: boolean;
}

/** A question that the backend can answer (`queryType`), and which members of the query matter to it. */
export interface Question extends Flags {
  name: string;
  question: string;
  words: string;
  alertable: boolean;
  /** The forms that the answer can have: the first is the default, and the one that can be alerted on */
  formats?: Term[];
  visualization: string;
}

export interface Measure {
  name: string;
  title: string;
  unit: string;
  words: string;
  /** Measured over the lookback instead of the time window */
  lookback: boolean;
  money: boolean;
}

/** A word of the vocabulary that needs no more than a title. */
export interface Term {
  name: string;
  title: string;
  words?: string;
}

/** What can be assumed about the time to come. */
export interface Scenario extends Term {
  /** Whether the failures that the query names are part of it */
  failures?: boolean;
}

/** The backend's words, units and rules: the editor renders them and keeps no copy. */
export interface Vocabulary {
  queryTypes: Question[];
  measures: Measure[];
  by: Term[];
  audiences: Term[];
  periods?: Term[];
  pools?: Term[];
  scenarios?: Scenario[];
  locales?: Term[];
}

export interface Objective {
  name: string;
  target: number;
  window: string;
}

export interface Slo {
  name: string;
  displayName?: string;
  service?: string;
  owner?: string;
  labels?: Record<string, string>;
  /** Journeys that it is a step of */
  journeys?: string[];
  objectives?: Objective[];
}

/** A service or a journey. */
export interface Named {
  name: string;
  displayName?: string;
}

export type Labels = Record<string, string[]>;

export interface Problem {
  /** Position of the document in the catalogue, from 1 */
  document?: number;
  line?: number;
  path?: string;
  message: string;
  severity?: string;
}

export interface Validation {
  problems: Problem[] | null;
  slos: number;
}

/** A field of a document, and the fields below it. */
export interface Field {
  name: string;
  list?: boolean;
  fields?: Field[];
  /** All that it may hold, where they are few */
  values?: string[];
}

/** What a document of one kind can say. */
export interface Outline {
  apiVersion: string;
  kind: string;
  fields: Field[];
}

/** Names that the store holds. */
export interface StoreNames {
  metrics: string[];
  labels: string[];
}

/** What one SLO of a catalogue that is not saved yet would have said. */
export interface Saying {
  slo: string;
  title: string;
  said: string;
  figures: string;
}

export interface Preview {
  slos: Saying[];
  /** SLOs that were not tried */
  left: number;
  warnings: string[];
}
