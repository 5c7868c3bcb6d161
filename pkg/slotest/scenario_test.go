package slotest_test

import (
	"testing"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slotest"
	"github.com/stakes-slo/stakes-slo-datasource/testdata/scenarios"
)

func TestScenariosHoldInTheCore(t *testing.T) {
	slotest.RunFiles(t, scenarios.Files, slotest.Core{})
}
