package slotest_test

import (
	"testing"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slotest"
)

func TestScenariosHoldInTheCore(t *testing.T) {
	slotest.RunFiles(t, "../../testdata/scenarios", slotest.Core{})
}
