package show

import (
	"errors"
	"fmt"
	"strings"

	"github.com/plexaura/plexaura/graph"
)

// Error shows an error: its message, and of one that a graph reports the op with its scope path, what came in, the line of the program, and the
// variables that a Run had written by then.
func Error(err error) (v *View) {
	defer guarded("an error", &v)
	if err == nil {
		return plain("no error")
	}
	var rows [][]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, []string{name, clean(value)})
		}
	}
	var build *graph.BuildError
	var run *graph.RunError
	switch {
	case errors.As(err, &build) && build != nil:
		add("building", build.Path())
		var in []string
		for _, sp := range build.Inputs {
			in = append(in, sp.String())
		}
		add("of", strings.Join(in, ", "))
		add("at", build.Caller)
	case errors.As(err, &run) && run != nil:
		add("running", run.Node)
		add("op", run.Op)
		add("already written", strings.Join(run.Written, ", "))
	}
	message := clean(err.Error())
	v = plain("error: %s", message)
	var b strings.Builder
	fmt.Fprintf(&b, `<div style="border-left:4px solid #D55E00;padding:2px 10px"><div><b>error</b>: %s</div>`, escape(message))
	for _, row := range rows {
		v.text += fmt.Sprintf("\n  %s  %s", row[0], row[1])
	}
	if rows != nil {
		b.WriteString(plainTable(rows, 2))
	}
	b.WriteString("</div>")
	v.html = b.String()
	return v
}
