package card

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/stakes-slo/stakes-slo-datasource/demo/shop"
)

// answer is a scorecard of two rows, the second with nothing but a name.
func answer() data.Frames {
	n := func(x float64) *float64 { return &x }
	s := func(x string) *string { return &x }
	frame := data.NewFrame("",
		data.NewField("slo", nil, []string{"checkout-availability", "accounts-availability"}),
		data.NewField("status", nil, []float64{2, 3}),
		data.NewField("promise", nil, []*string{s("When you press Buy, your order goes through."), nil}),
		data.NewField("sli", nil, []*float64{n(0.99832), nil}),
		data.NewField("target", nil, []*float64{n(0.999), n(0.995)}),
		data.NewField("budget_remaining", nil, []*float64{n(-0.68), nil}),
		data.NewField("bad_events", nil, []*float64{n(8075), nil}),
		data.NewField("loss", nil, []*float64{n(234_567), nil}).SetConfig(&data.FieldConfig{Unit: "currencyEUR"}),
		data.NewField("loss_low", nil, []*float64{n(96_111), nil}),
		data.NewField("loss_high", nil, []*float64{n(484_222), nil}),
	)
	frame.SetMeta(&data.FrameMeta{Custom: map[string]any{"from": 1.7e12, "to": 1.7e12 + 60_000}})
	return data.Frames{frame}
}

func TestTheScorecardIsReadByName(t *testing.T) {
	c, err := ReadScorecard(answer())
	require.NoError(t, err)
	require.Equal(t, "EUR", c.Currency)
	require.Equal(t, time.Minute, c.To.Sub(c.From))
	require.Equal(t, Missed, c.Rows[0].Status)
	require.Equal(t, 8075.0, *c.Rows[0].Bad)
	require.Nil(t, c.Rows[1].Bad)

	_, err = ReadScorecard(data.Frames{data.NewFrame("")})
	require.ErrorContains(t, err, "without slo and status")
	_, err = ReadScorecard(nil)
	require.Error(t, err)
}

func TestThePrintedCardIsAlignedAndHonest(t *testing.T) {
	c, err := ReadScorecard(answer())
	require.NoError(t, err)
	truth := map[string]shop.Counts{"checkout-availability": {Bad: 8075}, "accounts-availability": {Bad: 134}}
	var out bytes.Buffer
	c.Print(&out, truth)
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	require.Len(t, lines, 5)
	for _, line := range lines {
		require.LessOrEqual(t, utf8.RuneCountInString(line), Width)
	}
	require.Contains(t, lines[1], "missed")
	require.Contains(t, lines[1], "-68 %")
	require.Contains(t, lines[1], "230,000 €")
	require.Contains(t, lines[1], "= exactly")
	require.Contains(t, lines[2], "When you press Buy, your order goes through.  (lost between 96,000 € and 480,000 €)")
	require.Contains(t, lines[3], "cannot tell")
	require.Contains(t, lines[3], unknown)
	require.Equal(t, "Failures counted 8,075; generated 8,209.", c.Verdict(truth))
}

func TestCloseIsAThousandthOrOneEvent(t *testing.T) {
	counted := func(x float64) *float64 { return &x }
	require.True(t, Close(counted(135), 134))
	require.False(t, Close(counted(136), 134))
	require.True(t, Close(counted(100_100), 100_000))
	require.False(t, Close(counted(100_101), 100_000))
	require.False(t, Close(nil, 0))
}

func TestStatementsAreWrapped(t *testing.T) {
	var out bytes.Buffer
	PrintStatements(&out, []Statement{{Executive: strings.Repeat("word ", 40)}})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	require.True(t, strings.HasPrefix(lines[1], "    word"))
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	n := func(x float64) *float64 { return &x }
	require.Equal(t, "99.95 %", target(n(0.9995)))
	require.Equal(t, "1,234,567", Thousands(1_234_567))
	require.Equal(t, "-12", Thousands(-12))
	require.Equal(t, "0.1×", times(n(0.12)))
	require.Equal(t, "0 €", money(n(0), "EUR"))
	require.Equal(t, "960 CHF", money(n(957), "CHF"))
}
