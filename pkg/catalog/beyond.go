package catalog

import (
	"encoding/json"
	"maps"

	v1 "github.com/OpenSLO/go-sdk/pkg/openslo/v1"

	"github.com/stakes-slo/stakes-slo-datasource/pkg/slo"
)

// What Sloth and Pyrra say of alerts and OpenSLO has no words for is written into
// annotations, so that it comes back: OpenSLO's own tools pass them over.

// alertAnnotation is the annotation of an alert policy that holds a beyond as JSON.
const alertAnnotation = "stakes/alert"

// beyond is what a written alert policy, which has one condition, says beyond OpenSLO.
// What is empty is as OpenSLO says.
type beyond struct {
	Policy    string            `json:"policy,omitempty"`    // that it is a condition of
	Condition string            `json:"condition,omitempty"` // its name
	Short     string            `json:"short,omitempty"`     // the short lookback
	After     string            `json:"after,omitempty"`
	Share     float64           `json:"share,omitempty"` // of the budget; the threshold follows from it
	MinBad    float64           `json:"minBad,omitempty"`
	NoTargets bool              `json:"noTargets,omitempty"`
	Labels    map[string]string `json:"labels,omitempty"`
}

// beyondOpenSLO is what a condition of a policy says beyond OpenSLO.
func beyondOpenSLO(p AlertPolicy, c AlertCondition, written v1.SLOAlertPolicyInline) beyond {
	b := beyond{NoTargets: len(p.Targets) == 0, Labels: p.Labels, Share: c.Share, MinBad: c.MinBad}
	if written.Metadata.Name != p.Name || len(p.Conditions) > 1 {
		b.Policy = p.Name
	}
	if written.Spec.Conditions[0].Metadata.Name != c.Name {
		b.Condition = c.Name
	}
	if c.Short != c.Long {
		b.Short = slo.FormatDuration(c.Short)
	}
	if upToMinute(c.After) != c.After {
		b.After = slo.FormatDuration(c.After)
	}
	return b
}

// annotations are those of a policy, with what is beyond OpenSLO.
func (b beyond) annotations(p AlertPolicy) v1.Annotations {
	all := v1.Annotations{}
	maps.Copy(all, p.Annotations)
	if text, err := json.Marshal(b); err == nil && string(text) != "{}" {
		all[alertAnnotation] = string(text)
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// readBeyond gives a policy what its annotations say beyond OpenSLO, and the others as
// those of its alerts.
func (d *document) readBeyond(path string, p *AlertPolicy, given v1.Annotations) {
	var b beyond
	for name, text := range given {
		switch {
		case name != alertAnnotation:
			if p.Annotations == nil {
				p.Annotations = map[string]string{}
			}
			p.Annotations[name] = text
		case json.Unmarshal([]byte(text), &b) != nil:
			d.warn(path, "the annotation %s is %s; expected JSON as exports have it", alertAnnotation, quote(text))
			return
		}
	}
	p.Labels = b.Labels
	if b.NoTargets {
		p.Targets = nil
	}
	if b.Policy != "" {
		if p.DisplayName == p.Name {
			p.DisplayName = b.Policy
		}
		p.Name, p.part = b.Policy, true
	}
	if len(p.Conditions) != 1 {
		return
	}
	c := &p.Conditions[0]
	c.Name = orName(b.Condition, c.Name)
	c.MinBad = b.MinBad
	if short, err := slo.ParseDuration(b.Short); b.Short != "" && err == nil && short > 0 {
		c.Short = short
	}
	if after, err := slo.ParseDuration(b.After); b.After != "" && err == nil && after > 0 {
		c.After = after
	}
	if b.Share > 0 && b.Share <= 1 {
		c.Share, c.Factor = b.Share, 0
	}
}

// The annotations of an SLO for what OpenSLO has no words or no names for.
const (
	alertsAnnotation = "stakes/alerts" // off where the definition switches alerts off
	labelsAnnotation = "stakes/labels" // labels whose names OpenSLO does not allow, as JSON
)

func readAlertsOff(s *SLO, text string) bool {
	s.AlertsOff = text == "off"
	return s.AlertsOff
}

func readLabels(s *SLO, text string) bool {
	var given map[string]string
	if json.Unmarshal([]byte(text), &given) != nil {
		return false
	}
	maps.Copy(s.Labels, given)
	return true
}
