package catalog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse checks what holds for every text: Parse comes back, says the same
// twice, points into the text, and what it defines is complete.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	require.NoError(f, err)
	examples, err := filepath.Glob(filepath.Join(kinds, "*.yaml"))
	require.NoError(f, err)
	files = append(files, examples...)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(text))
		for _, document := range strings.Split(string(text), "---\n") {
			f.Add(document)
		}
	}
	for _, text := range []string{
		"", "---\n...\n---", "a: &a [*a]", "a: &a {<<: *a}", "<<: [{a: 1}, {a: 2}]", "? [a]\n: b", "- - - a", "!!binary x",
		"a: \"\\xff\"", "\ufeff%YAML 1.1\n---\r\n{a: b}\r...", "a: |2\n  b\n ---\n", "a: 2027-06-30\nb: .inf\nc: 0x1F\nd: 1_000",
		"apiVersion: stakes/v1\nkind: Value\nmetadata: {name: a}\nspec: {select: {labels: {a: b}}, perEvent: {base: 1e999}}",
		"apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a, labels: {'[0]': [], \"['\": null}}\nspec: null",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := Parse("catalog", text)
		require.Equal(t, c, Parse("catalog", text))
		last := strings.Count(strings.ReplaceAll(text, "\r\n", "\n"), "\n") + strings.Count(strings.ReplaceAll(text, "\r\n", ""), "\r") + 1
		inside := func(p Place) {
			require.Equal(t, "catalog", p.Source)
			require.True(t, 1 <= p.Document && p.Document <= len(c.Definitions), "%v of %d", p, len(c.Definitions))
			require.True(t, 1 <= p.Line && p.Line <= last, "%v of %d lines", p, last)
		}
		problems := make(map[int]int)
		for _, p := range c.Problems {
			inside(p.Place)
			problems[p.Document]++
			require.NotEmpty(t, p.Message)
			require.NotContains(t, p.Message, "\n")
			require.NotContains(t, p.Message, "yaml:")
			require.NotContains(t, p.Message, "json:")
			require.NotContains(t, p.Message, "it stopped at")
		}
		for i, d := range c.Definitions {
			inside(d.Place)
			require.Equal(t, i+1, d.Place.Document)
			require.Equal(t, problems[i+1], d.Problems)
		}
		for _, s := range c.SLOs {
			inside(s.Place)
			require.NotEmpty(t, s.Name)
			require.NotEmpty(t, s.DisplayName)
			require.NotEmpty(t, s.Objectives)
			for _, o := range s.Objectives {
				complete(t, o.Indicator(s))
			}
			for _, v := range s.Values {
				r := v.NotRecovered
				require.True(t, 0 <= r.Low && r.Low <= r.Base && r.Base <= r.High && r.High <= 1)
				require.GreaterOrEqual(t, v.RequestsPerOrder, 1.0)
			}
			for _, correction := range s.Corrections {
				for _, o := range correction.Between(day(2026, 1, 1), day(2026, 2, 1)) {
					require.True(t, o.From.Before(o.To))
				}
			}
			for _, r := range s.Risks {
				require.True(t, r.IncidentsPerYear > 0 && r.ShareOfUsers > 0 && r.ShareOfUsers <= 1)
			}
			for _, contract := range s.Contracts {
				require.NotEmpty(t, contract.Tiers)
				require.Positive(t, contract.MonthlyFee())
			}
		}
	})
}

// complete checks that an indicator measures in one way and says all that it takes.
func complete(t *testing.T, i Indicator) {
	given := 0
	for _, events := range []string{i.Good, i.Bad, i.Total} {
		if events != "" {
			given++
		}
	}
	switch {
	case i.Threshold != "":
		require.True(t, given == 0 && i.Raw == "", i)
		require.NotEmpty(t, i.Op.PromQL())
	case i.Raw != "":
		require.Zero(t, given)
	default:
		require.Equal(t, 2, given)
	}
}
