package catalog

import (
	"time"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// slothWindowsKind is the kind of Sloth's catalogues of alert windows. There is one for
// each period that SLOs are judged over.
const slothWindowsKind = "AlertWindows"

type slothWindowsDocument struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   any    `json:"metadata"`
	Spec       struct {
		Period string           `json:"sloPeriod"`
		Page   slothWindowsPair `json:"page"`
		Ticket slothWindowsPair `json:"ticket"`
	} `json:"spec"`
}

type slothWindowsPair struct {
	Quick slothAlertWindow `json:"quick"`
	Slow  slothAlertWindow `json:"slow"`
}

type slothAlertWindow struct {
	Percent *float64 `json:"errorBudgetPercent"`
	Short   string   `json:"shortWindow"`
	Long    string   `json:"longWindow"`
}

// slothWindows are how Sloth's SLOs are judged and alerted on, which its documents of
// SLOs do not say.
type slothWindows struct {
	period time.Duration
	alerts []slo.AlertWindow
}

// readSlothWindows reads a catalogue of alert windows.
func (r *reader) readSlothWindows(d *document) {
	doc, ok := decodeForeign[slothWindowsDocument](d)
	if !ok {
		return
	}
	w := slothWindows{period: d.requiredLength("spec.sloPeriod", doc.Spec.Period, "the period that SLOs are judged over")}
	if _, err := slo.Rolling(w.period); err != nil && d.ok() {
		d.fail("spec.sloPeriod", "%v", err)
	}
	for _, severity := range []struct {
		name string
		pair slothWindowsPair
	}{{"page", doc.Spec.Page}, {"ticket", doc.Spec.Ticket}} {
		w.alerts = append(w.alerts,
			d.slothAlertWindow("spec."+severity.name+".quick", severity.name, severity.pair.Quick),
			d.slothAlertWindow("spec."+severity.name+".slow", severity.name, severity.pair.Slow))
	}
	if d.ok() {
		d.name = slo.FormatDuration(w.period)
		r.claimAt(d, "spec.sloPeriod")
	}
	if d.ok() {
		r.slothWindows = append(r.slothWindows, w)
	}
}

func (d *document) slothAlertWindow(at, severity string, given slothAlertWindow) slo.AlertWindow {
	percent := d.requiredNumber(at+".errorBudgetPercent", given.Percent, bounds{func(v float64) bool { return v > 0 && v <= 100 }, "a percentage above 0 and up to 100"})
	w := slo.AlertWindow{
		Severity: severity, Share: shift(percent, -2),
		Short: d.requiredLength(at+".shortWindow", given.Short, "how far back the short window looks"),
		Long:  d.requiredLength(at+".longWindow", given.Long, "how far back the long window looks"),
	}
	if d.ok() && w.Short > w.Long {
		d.fail(at+".shortWindow", "shortWindow %s is longer than longWindow %s; expected it to be the shorter one", given.Short, given.Long)
	}
	return w
}

// ofSloth are the windows of Sloth's SLOs: those of the only catalogue of windows or, of
// several, the one for Sloth's own period. Without any, they are Sloth's own.
func (r *reader) ofSloth() slothWindows {
	if len(r.slothWindows) == 1 {
		return r.slothWindows[0]
	}
	for _, w := range r.slothWindows {
		if w.period == slothPeriod {
			return w
		}
	}
	return slothWindows{period: slothPeriod, alerts: slo.DefaultAlertWindows} // which are the same, from the same book
}
