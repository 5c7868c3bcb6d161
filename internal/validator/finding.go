package validator

import "fmt"

// Severity says what a finding leads to.
type Severity string

const (
	Error   Severity = "error"   // the catalogue does not accept the plugin
	Warning Severity = "warning" // a reviewer will ask
)

// Finding is one rule that a plugin breaks.
type Finding struct {
	Rule     string
	Severity Severity
	Message  string // names the file, what is there and what was expected
}

func (f Finding) String() string { return fmt.Sprintf("%s: %s: %s", f.Severity, f.Rule, f.Message) }

// findings collects what the rules find.
type findings []Finding

func (f *findings) errorf(rule, format string, args ...any) {
	*f = append(*f, Finding{Rule: rule, Severity: Error, Message: fmt.Sprintf(format, args...)})
}

func (f *findings) warnf(rule, format string, args ...any) {
	*f = append(*f, Finding{Rule: rule, Severity: Warning, Message: fmt.Sprintf(format, args...)})
}
