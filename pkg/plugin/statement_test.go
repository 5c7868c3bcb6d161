package plugin

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// said is what executives are told about a promise.
func said(r row) string {
	a := &answer{question: question{language: english}, zone: time.UTC}
	return english.Executive(a.facts(r)).String()
}

// Why there is no verdict is said by what stands in the way of one. That somebody
// should look at the value of an order again is not the reason.
func TestASentenceGivesTheReasonForNoVerdictAndNoOther(t *testing.T) {
	window, err := slo.ParseWindow("28d")
	require.NoError(t, err)
	objective, err := slo.NewObjective(0.99, window)
	require.NoError(t, err)
	one := row{&group{members: []assessment{{promise: promise{objective: objective}}}}, figures{
		Report: slo.Report{
			Target: 0.99, Counts: slo.Counts{Good: 98, Total: 100}, Events: slo.Counts{Good: 98, Total: 100}, Allowed: 1, Measured: true, Coverage: 1,
			SLI: slo.Known(0.98), Status: slo.CannotTell,
			Warnings: []slo.Warning{{Kind: slo.TooFewEvents, Text: "too few events"}},
		},
		warnings: []string{"what an event is worth was set until 2026-01-31", "too few events"},
	}}
	require.Equal(t, "Cannot tell: too few events. As far as we know, in the last 28 days, 2 of 100 requests failed; our promise of 99% allows 1.", said(one))

	one.members[0].err = errors.New("sum(secret_total) is wrong")
	require.Equal(t, "Cannot tell: this could not be evaluated.", said(one))
}
