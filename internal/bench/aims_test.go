package bench

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

// aims are what was measured of the figures to reach, in the order in which it was. They
// are those of Prometheus: what other stores take is printed, and not judged.
var aims struct {
	mu  sync.Mutex
	all []aim
}

// aim is a figure to reach, and what was measured of it.
type aim struct {
	set, what, measured, wanted string
	met                         bool
}

func note(one aim) {
	aims.mu.Lock()
	defer aims.mu.Unlock()
	aims.all = append(aims.all, one)
}

// atMost notes a figure that is to be small.
func (b *bench) atMost(what string, measured, wanted float64, unit string) {
	if b.judged {
		note(aim{b.name, what, figure(measured, unit), "at most " + figure(wanted, unit), measured <= wanted})
	}
}

// atLeast notes a figure that is to be large.
func (b *bench) atLeast(what string, measured, wanted float64, unit string) {
	if b.judged {
		note(aim{b.name, what, figure(measured, unit), "at least " + figure(wanted, unit), measured >= wanted})
	}
}

// figure is a number with three digits, or all of those before the point, and its unit.
func figure(v float64, unit string) string {
	text := fmt.Sprintf("%.3g", v)
	if v >= 1000 {
		text = fmt.Sprintf("%.0f", v)
	}
	return strings.TrimSpace(text + " " + unit)
}

// printAims prints one table of all aims.
func printAims(to io.Writer, all []aim) {
	if len(all) == 0 {
		return
	}
	missed := 0
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(table, "\naim\tset\tmeasured\twanted\t\n")
	for _, one := range all {
		verdict := "met"
		if !one.met {
			verdict = "MISSED"
			missed++
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", one.what, one.set, one.measured, one.wanted, verdict)
	}
	_ = table.Flush() // a benchmark's own output
	_, _ = fmt.Fprintf(to, "%d of %d aims met\n", len(all)-missed, len(all))
}

func TestMain(m *testing.M) {
	code := m.Run()
	printAims(os.Stdout, aims.all)
	os.Exit(code)
}

func TestTheTableOfAimsSaysWhatIsMissed(t *testing.T) {
	var out strings.Builder
	printAims(&out, []aim{
		{"usual", "a panel", figure(38.26, "times"), "at least " + figure(40, "times"), false},
		{"usual", "samples", figure(3164.6, ""), "at most " + figure(1e6, ""), true},
	})
	if want := `
aim      set    measured    wanted             
a panel  usual  38.3 times  at least 40 times  MISSED
samples  usual  3165        at most 1000000    met
1 of 2 aims met
`; out.String() != want {
		t.Fatalf("got %q\nwant %q", out.String(), want)
	}
	out.Reset()
	printAims(&out, nil)
	if out.String() != "" {
		t.Fatalf("got %q of nothing", out.String())
	}
}
