package catalog

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// allocated is how many bytes a function takes from the heap in all, and how long it
// takes.
func allocated(do func()) (bytes uint64, took time.Duration) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	do()
	took = time.Since(began)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, took
}

func TestACatalogueThatIsTooLongIsRefusedWhole(t *testing.T) {
	text := promiseToSelect + "# " + strings.Repeat("x", MaxText) + "\n"
	c := Parse("catalog", text)
	require.Empty(t, c.SLOs)
	require.Len(t, c.Problems, 1)
	require.Equal(t, Place{Source: "catalog", Document: 1, Line: 1}, c.Problems[0].Place)
	require.Equal(t, fmt.Sprintf("this is %d bytes of text; expected at most %d", len(text), MaxText), c.Problems[0].Message)

	c = ParseAll(Source{"catalog", promiseToSelect}, Source{"confidential catalog", "# " + strings.Repeat("x", MaxText)})
	require.Len(t, c.SLOs, 1, "one source that is too long does not hide the others")
	require.Len(t, c.Problems, 1)
	require.Equal(t, 1, c.Problems[0].Document)
}

func TestTooManyDocumentsAreSaidToBe(t *testing.T) {
	c := Parse("catalog", promiseToSelect+strings.Repeat("---\nkind: x\n", maxDocuments+10))
	require.Len(t, c.Definitions, maxDocuments)
	require.Len(t, c.SLOs, 1, "the first ones are read")
	last := c.Problems[len(c.Problems)-1]
	require.Equal(t, fmt.Sprintf("there are more than %d documents; what follows is not read", maxDocuments-1), last.Message)
}

// A billion laughs: nine anchors of nine aliases each.
func TestAliasesDoNotUnfoldWithoutEnd(t *testing.T) {
	text := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 12; i++ {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	var c Catalog
	bytes, took := allocated(func() { c = Parse("catalog", text) })
	require.Len(t, c.Problems, 1)
	require.Contains(t, c.Problems[0].Message, "unfold to more than 100000 values")
	require.Less(t, bytes, uint64(200<<20))
	require.Less(t, took, 10*time.Second)
}

func TestNestingHasAnEnd(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("[", 200) + strings.Repeat("]", 200),
		strings.Repeat("{a: ", 200) + strings.Repeat("}", 200),
		strings.Repeat("- ", 5000) + "x",
		strings.Repeat("[", 100_000),
		"a: &a [*a]",
	} {
		var c Catalog
		bytes, took := allocated(func() { c = Parse("catalog", text) })
		require.NotEmpty(t, c.Problems, text[:10])
		require.Less(t, bytes, uint64(500<<20), text[:10])
		require.Less(t, took, 10*time.Second, text[:10])
	}
}

// Text of the greatest length that is no catalogue is refused in reasonable time.
func TestAnyTextOfTheGreatestLengthIsReadInTime(t *testing.T) {
	for _, piece := range []string{"a: b\n", "---\n", "- a\n", "\"", "[", "a: [\n", "&a ", "? ", "|\n", "kind: SLO\n---\n"} {
		text := strings.Repeat(piece, MaxText/8/len(piece))
		_, took := allocated(func() { Parse("catalog", text) })
		require.Less(t, took, 20*time.Second, piece)
	}
}
