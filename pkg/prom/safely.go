package prom

import (
	"fmt"
	"runtime/debug"
)

// Panic is a panic that was caught on its way out of a goroutine, where it would
// have ended the process for everybody. Its text is for readers; Details, for the
// log, say what happened and where.
type Panic struct{ Details string }

func (p *Panic) Error() string { return "an internal error; the plugin's log has the details" }

// Safely makes a panic of a function its error.
func Safely(do func() error) func() error {
	return func() (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = &Panic{Details: fmt.Sprintf("%v\n%s", v, debug.Stack())}
			}
		}()
		return do()
	}
}
