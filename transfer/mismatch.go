package transfer

import "fmt"

// MismatchError is the error of Plan.Complete, Plan.Covered and Plan.Load where a file and the variables do not fit. It names the first of each kind;
// errors.As gives the whole plan. No variable has changed.
type MismatchError struct {
	Plan *Plan

	what string // does not fit
}

// namedInError bounds what an error names of each kind.
const namedInError = 3

// Error gives the counts, the first of each kind by name, and what to do.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("transfer: %s:\n%s(Mapping has rules for names, layouts and what to ignore; MismatchError.Plan lists all)", e.what, e.Plan.listed(namedInError))
}
