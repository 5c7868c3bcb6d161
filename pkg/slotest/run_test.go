package slotest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slotest"
)

const ten = `
load 1m
  total 1000x9
  bad   50
slo api target=0.99 window=10m
`

// A language whose checks cannot fail checks nothing: every way of being wrong is
// seen to be reported, with its line.
func TestWhatIsWrongIsReported(t *testing.T) {
	check := func(script, want string) {
		t.Helper()
		var got []string
		for _, err := range slotest.Run(script, slotest.Core{}) {
			got = append(got, err.Error())
		}
		require.Len(t, got, 1, "%v", got)
		require.Contains(t, got[0], want)
	}
	check(ten+"eval api at 10m\n  sli 0.994", "6: line 7: sli: value 1: expected 0.994, got 0.995")
	check(ten+"eval api at 10m\n  sli 0.9950001", "expected 0.9950001")
	check(ten+"eval api at 10m\n  sli nodata", "expected nodata, got 0.995")
	check(ten+"eval api at 10m\n  loss 0", "expected 0, got nodata")
	check(ten+"eval api at 10m\n  uptime 1", `there is no measure "uptime"`)
	check(ten+"eval api at 10m\n  warn too few", "expected a warning")
	check(ten+"eval api at 10m\n  fail nonsense", "expected an error")
	check(ten+"eval api at 5m\n  sli 0.99", "unexpected warning: data for only 50 %")
	check(ten+"eval api from 9m to 10m step 1m\n  sli 0.995", "expected 1 values, got 2")
	check(ten+"eval api at 10m", "without expectations checks nothing")
	check(ten+"eval web at 10m\n  sli 1", `no slo "web"`)
	check(ten+"slo api goal=1\neval api at 10m\n  sli 0.995", `slo has no "goal"`)
	check(ten+"slo api customers=1\neval api at 10m\n  sli 0.995", "without a value")
	check(ten+"eval api at 10m\n  sli 0.995\njudge api", `8: unknown command "judge"`)
	check("  total 1", "without a command above it")
	check("load 1m\n  total 1x\n  bad 0\n", "expected a count after x")
	check(ten, "a scenario without an eval checks nothing")
}

func ExampleRun() {
	for _, problem := range slotest.Run(ten+"eval api at 10m\n  bad_events 49", slotest.Core{}) {
		fmt.Println(problem)
	}
	// Output: 6: line 7: bad_events: value 1: expected 49, got 50
}
