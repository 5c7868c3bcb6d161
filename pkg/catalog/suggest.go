package catalog

import (
	"slices"
	"strings"
)

// didYouMean asks for the candidate that is closest to a name: ` (did you mean "x"?)`.
// It is empty where none is close, which is where more than a third of the
// characters differ.
func didYouMean(name string, candidates []string) string {
	best, least := "", len([]rune(name))/3+1
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if d := distance(strings.ToLower(name), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + quote(best) + "?)"
}

// distance is how many characters must be added, dropped, changed or swapped with
// their neighbour to make one text of another: optimal string alignment.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	const long = 200
	if len(s) > long || len(t) > long {
		return long
	}
	rows := make([][]int, len(s)+1)
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		for j := 1; j <= len(t); j++ {
			change := rows[i-1][j-1]
			if s[i-1] != t[j-1] {
				change++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(s)][len(t)]
}
