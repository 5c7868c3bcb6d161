package catalog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// asOpenSLO leaves of SLOs what OpenSLO can say of them.
func asOpenSLO(slos []SLO) []SLO {
	var all []SLO
	for _, s := range slos {
		s.Place, s.Origin = Place{}, ""
		s.Agreement, s.Values, s.Corrections, s.Incidents, s.Policy, s.Risks, s.Contracts, s.Response = nil, nil, nil, nil, nil, nil, nil, nil
		var policies []AlertPolicy
		for _, p := range s.AlertPolicies {
			p.Place = Place{}
			policies = append(policies, p)
		}
		s.AlertPolicies = policies
		if len(s.Labels) == 0 {
			s.Labels = nil
		}
		all = append(all, s)
	}
	return all
}

func TestOpenSLOComesBackAsItWas(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(kinds, "*.yaml"))
	require.NoError(t, err)
	files = append(files, filepath.Join(kinds, "..", "shop", "catalog.yaml"), "testdata/shop.yaml")
	checked := 0
	for _, file := range files {
		if base := filepath.Base(file); strings.Contains(base, "sloth") || base == "pyrra.yaml" || base == "agreement.yaml" {
			continue // other tools' alerts; and targets of the past, which an Agreement has
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		first := Parse("catalog", string(text))
		written, notes, err := first.OpenSLO()
		require.NoError(t, err)
		if filepath.Base(file) != "good-and-bad.yaml" {
			require.Empty(t, notes, file)
		}
		second := Parse("catalog", written)
		require.Empty(t, texts(second.Problems), "%s:\n%s", file, written)
		require.Equal(t, asOpenSLO(first.SLOs), asOpenSLO(second.SLOs), file)
		require.Equal(t, first.Services, second.Services)
		again, _, err := second.OpenSLO()
		require.NoError(t, err)
		require.Equal(t, written, again)
		checked += len(first.SLOs)
	}
	require.Greater(t, checked, 30)
}

func TestSlothAndPyrraAsOpenSLO(t *testing.T) {
	for _, file := range []string{"sloth", "sloth-kubernetes", "pyrra"} {
		first := Parse("catalog", kind(t, file))
		written, notes, err := first.OpenSLO()
		require.NoError(t, err)
		require.NotEmpty(t, notes)
		second := Parse("catalog", written)
		require.Empty(t, texts(second.Problems))
		require.Len(t, second.SLOs, len(first.SLOs))
		for i, want := range first.SLOs {
			got := second.SLOs[i]
			require.Equal(t, want.Name, got.Name)
			require.Equal(t, want.Description, got.Description)
			require.Equal(t, want.Service, got.Service)
			require.Equal(t, want.Indicator, got.Indicator)
			require.Equal(t, want.Objectives, got.Objectives)
			require.Len(t, got.AlertWindows, len(want.AlertWindows))
			for j, alert := range want.AlertWindows {
				require.Equal(t, alert.Severity, got.AlertWindows[j].Severity)
				require.Equal(t, alert.Long, got.AlertWindows[j].Long)
				require.InDelta(t, alert.BurnFactor(want.Objectives[0].Objective), got.AlertWindows[j].Factor, 1e-9)
			}
		}
	}
}

func TestWhatOpenSLOHasNoWordsFor(t *testing.T) {
	notes := func(text string) []string {
		t.Helper()
		_, notes, err := Parse("catalog", text).OpenSLO()
		require.NoError(t, err)
		return notes
	}
	require.Equal(t, []string{"SLO mail-delivered has good and bad events and no total, which OpenSLO's own rules ask for."}, notes(kind(t, "good-and-bad")))
	require.Equal(t, []string{
		"SLO wallet-satisfaction has its alerts switched off, which OpenSLO has no word for.",
		"AlertPolicy TopUpsFail of SLO wallet-top-ups names nobody to notify, which OpenSLO requires; it says default.",
		"AlertPolicy TopUpsFail-1 of SLO wallet-top-ups has the lookback 1h alone, since OpenSLO has no second one.",
		"The AlertPolicy TopUpsFail-1 is called topupsfail-1, since OpenSLO has no such names.",
		"AlertPolicy TopUpsFail-2 of SLO wallet-top-ups has the lookback 6h alone, since OpenSLO has no second one.",
		"The AlertPolicy TopUpsFail-2 is called topupsfail-2, since OpenSLO has no such names.",
	}, notes(kind(t, "sloth")))
	pyrra := change(t, kind(t, "pyrra"), "name: library-errors", "name: library.errors")
	require.Contains(t, notes(pyrra), "The SLO library.errors is called library-errors, since OpenSLO has no such names.")
	require.Contains(t, notes(pyrra), "The label pyrra.dev/team of SLO library.errors is an annotation, since OpenSLO's labels have no such keys.")
	long := change(t, kind(t, "sloth-kubernetes"), "    - name: redeemed\n", "    - name: redeemed\n      description: "+strings.Repeat("x", 1051)+"\n")
	require.Contains(t, notes(long), "OpenSLO allows 1050 characters; the description of vouchers-redeemed is cut.")
}

func TestNothingAsOpenSLO(t *testing.T) {
	text, notes, err := Catalog{}.OpenSLO()
	require.NoError(t, err)
	require.Empty(t, text)
	require.Empty(t, notes)
}
