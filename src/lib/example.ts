/** What an empty catalogue can start with: Prometheus judged by its own counters, which every Prometheus has. */
export const EXAMPLE = `# Prometheus answers its own requests. Replace the two queries with counters of your service.
apiVersion: openslo/v1
kind: SLO
metadata:
  name: prometheus-availability
  displayName: Prometheus answers
spec:
  service: prometheus
  indicator:
    metadata:
      name: prometheus-requests
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: prometheus_http_requests_total{code=~"5.."}
        total:
          metricSource:
            type: Prometheus
            spec:
              query: prometheus_http_requests_total
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
`;
