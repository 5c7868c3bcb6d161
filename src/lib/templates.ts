/**
 * Documents to start from. `NAME` stands for a name that the catalogue does not have yet, `FIRST` and `SECOND`
 * for SLOs that it has. The indicators ask about Prometheus itself, whose counters every Prometheus has: a
 * template gives an answer before it has been adapted.
 */
export interface Template {
  id: TemplateId;
  /** Name of its document, unless that is taken */
  name: string;
  yaml: string;
}

export type TemplateId = 'ratio' | 'latency' | 'probe' | 'journey' | 'value' | 'agreement' | 'correction';

/** What all three SLOs say about their window. */
const WINDOW = `  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:`;

const metric = (query: string, indent: string) => `${indent}metricSource:
${indent}  type: Prometheus
${indent}  spec:
${indent}    query: ${query}
`;

export const TEMPLATES: readonly Template[] = [
  {
    id: 'ratio',
    name: 'prometheus-availability',
    yaml: `# Replace the two queries with counters of your service: bad events, and all events.
apiVersion: openslo/v1
kind: SLO
metadata:
  name: NAME
  displayName: Prometheus answers
spec:
  service: prometheus
  indicator:
    metadata:
      name: NAME-requests
    spec:
      ratioMetric:
        counter: true
        bad:
${metric('prometheus_http_requests_total{code=~"5.."}', '          ')}        total:
${metric('prometheus_http_requests_total', '          ')}${WINDOW}
    - target: 0.999
`,
  },
  {
    id: 'latency',
    name: 'prometheus-latency',
    yaml: `# Good are requests in the bucket up to 400 ms. The number has to be a bucket of your histogram.
apiVersion: openslo/v1
kind: SLO
metadata:
  name: NAME
  displayName: Prometheus answers within 400 ms
spec:
  service: prometheus
  indicator:
    metadata:
      name: NAME-requests
    spec:
      ratioMetric:
        counter: true
        good:
${metric('prometheus_http_request_duration_seconds_bucket{le="0.4"}', '          ')}        total:
${metric('prometheus_http_request_duration_seconds_count', '          ')}${WINDOW}
    - target: 0.95
`,
  },
  {
    id: 'probe',
    name: 'prometheus-reachable',
    yaml: `# Good is the time in which at least nine tenths of the probes get through.
apiVersion: openslo/v1
kind: SLO
metadata:
  name: NAME
  displayName: Prometheus can be reached
spec:
  service: prometheus
  indicator:
    metadata:
      name: NAME-probes
    spec:
      thresholdMetric:
${metric('avg(up)', '        ')}${WINDOW}
    - op: gte
      value: 0.9
      target: 0.999
`,
  },
  {
    id: 'journey',
    name: 'buy-something',
    yaml: `# What a customer goes through from end to end. A step is serial unless its mode is parallel or optional.
apiVersion: stakes/v1
kind: Journey
metadata:
  name: NAME
spec:
  displayName: Buy something
  owner: Head of Sales
  steps:
    - {name: first step, slo: FIRST}
    - {name: second step, slo: SECOND}
`,
  },
  {
    id: 'value',
    name: 'value-of-a-request',
    yaml: `# What an event is worth. Confidential figures belong into the confidential catalogue.
apiVersion: stakes/v1
kind: Value
metadata:
  name: NAME
spec:
  select:
    slo: [FIRST]
  currency: EUR
  perEvent: {low: 1, base: 2, high: 4}
  notRecovered: {low: 0.3, base: 0.5, high: 0.8} # the others try again and succeed
  setBy: Finance
`,
  },
  {
    id: 'agreement',
    name: 'promise-to-customers',
    yaml: `# The promise in the customers' words, and who agreed to it.
apiVersion: stakes/v1
kind: Agreement
metadata:
  name: NAME
spec:
  select:
    slo: [FIRST]
  promise: Whenever you ask, you get an answer.
  events: requests
  failed: failed
  owner: Product team
  stakeholders: [Head of Sales, Customer Care]
`,
  },
  {
    id: 'correction',
    name: 'announced-maintenance',
    yaml: `# Time that counts otherwise than it was measured. The raw figures stay beside the corrected ones.
apiVersion: stakes/v1
kind: Correction
metadata:
  name: NAME
spec:
  select:
    slo: [FIRST]
  from: 2026-01-04T02:00:00Z
  to: 2026-01-04T04:00:00Z
  effect: exclude # or count-as-good
  reason: Maintenance that customers were told of.
  author: Operations
`,
  },
];
