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
			if len(p.Labels) == 0 {
				p.Labels = nil
			}
			if len(p.Annotations) == 0 {
				p.Annotations = nil
			}
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

// Whatever an SLO was written for, read, written as OpenSLO and read again it is the same:
// every file of definitions that there is. Targets of the past are an Agreement's.
func TestOpenSLOComesBackAsItWas(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(kinds, "..", "*", "*.yaml"))
	require.NoError(t, err)
	fixtures, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	checked, foreign := 0, 0
	for _, file := range append(files, fixtures...) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		first := Parse("catalog", string(text))
		if len(first.SLOs) == 0 || filepath.Base(file) == "agreement.yaml" {
			continue // no definitions, as files for containers; targets of the past
		}
		written, notes, err := first.OpenSLO()
		require.NoError(t, err)
		second := Parse("catalog", written)
		require.Empty(t, texts(second.Problems), "%s:\n%s", file, written)
		for _, s := range first.SLOs {
			if s.Origin != FromOpenSLO {
				foreign++
				require.NotEmpty(t, notes, "what other readers of OpenSLO do not see")
			}
		}
		require.Equal(t, asOpenSLO(first.SLOs), asOpenSLO(second.SLOs), file)
		require.Equal(t, first.Services, second.Services)
		again, _, err := second.OpenSLO()
		require.NoError(t, err)
		require.Equal(t, written, again)
		checked += len(first.SLOs)
	}
	require.Greater(t, checked, 40)
	require.Greater(t, foreign, 5)
}

func TestAnnotationsOfAlertsThatCannotBeRead(t *testing.T) {
	written, _, err := Parse("catalog", kind(t, "sloth")).OpenSLO()
	require.NoError(t, err)
	broken := strings.Replace(written, `stakes/alert: '{"policy"`, `stakes/alert: '{policy"`, 1)
	require.NotEqual(t, written, broken)
	problems := Parse("catalog", broken).Problems
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].Message, "expected JSON as exports have it")
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
