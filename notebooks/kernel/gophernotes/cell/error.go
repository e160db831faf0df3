package cell

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Interrupted is the error of a cell that was interrupted, and what its last call said to that, if anything.
func Interrupted(cause error) error {
	if cause == nil {
		return errors.New("interrupted")
	}
	text := strings.ReplaceAll(textOf(cause), "panic: "+interpreterWord, "ended by the interpreter")
	return errors.New("interrupted: " + text)
}

// interpreterWord is gomacro's base.SigInterrupt as text, which Fit says when it recovers from it in a callback.
const interpreterWord = "// signal: interrupt"

// place is how the interpreter says where in a cell something stands.
var place = regexp.MustCompile(`\brepl\.go:(\d+):(\d+)`)

// Message is the text of an error as a cell shows it: the place of a compile error as the cell's line and column, and what
// the interpreter's words for a missing value mean.
func Message(err error) string {
	text := place.ReplaceAllString(textOf(err), "line $1, column $2")
	if strings.HasPrefix(text, "reflect: ") && strings.HasSuffix(text, "on zero Value") {
		text = "a variable has no value, as after a cell that failed before it set it, or a nil pointer was followed (" + text + ")"
	}
	return text
}

// textOf is what an error says, cut where it gets long. Unlike Error it does not panic where a cell's error does, as the typed nil pointer that a
// function returns by mistake: nothing recovers there, and the kernel would end.
func textOf(err error) string {
	if text := fmt.Sprint(err); text != "<nil>" {
		return cut(text)
	}
	return fmt.Sprintf("an error that is a nil %T, which is not the error nil", err)
}
