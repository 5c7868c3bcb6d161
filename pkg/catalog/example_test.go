package catalog_test

import (
	"fmt"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/catalog"
)

// One of the two documents has a slip; the other one is there all the same.
func ExampleParse() {
	c := catalog.Parse("catalog", `
apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-availability
  displayName: Checkout works
spec:
  service: checkout
  indicator:
    metadata:
      name: checkout-good
    spec:
      ratioMetric:
        counter: true
        good:
          metricSource:
            type: Prometheus
            spec:
              query: sum(increase(checkout_requests_total{code!~"5.."}[5m]))
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(increase(checkout_requests_total[5m]))
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - targetPercent: 99.9
---
apiVersion: stakes/v1
kind: Agreement
metadata:
  name: checkout-promise
spec:
  select:
    slo: [checkout-availability]
  promises: When you press Buy, your order goes through.
`)
	for _, s := range c.SLOs {
		fmt.Println(s.DisplayName, s.Objectives[0].Target(), s.Objectives[0].Window())
	}
	for _, p := range c.Problems {
		fmt.Println(p)
	}
	// Output:
	// Checkout works 0.999 28d
	// catalog, document 2, line 39, spec.promises: spec has no field "promises" (did you mean "promise"?); expected select, promise, events, failed, owner, stakeholders, approver, agreedOn, review, targetHistory or feel
}
