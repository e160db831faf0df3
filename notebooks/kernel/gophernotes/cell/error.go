package cell

import (
	"errors"
	"regexp"
)

// Interrupted is the error of a cell that was interrupted, and what its last call said to that, if anything.
func Interrupted(cause error) error {
	if cause == nil {
		return errors.New("interrupted")
	}
	return errors.New("interrupted: " + cause.Error())
}

// place is how the interpreter says where in a cell something stands.
var place = regexp.MustCompile(`\brepl\.go:(\d+):(\d+)`)

// Message is the text of an error as a cell shows it: the place of a compile error as the cell's line and column.
func Message(err error) string {
	return place.ReplaceAllString(err.Error(), "line $1, column $2")
}
