package keras

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// String lists the layers: their names and classes, and for each call the layers whose outputs it takes.
func (m *Model) String() string {
	if m == nil || m.architecture == nil {
		return "no model"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "layer\tclass\tinputs\n")
	m.architecture.list(w, "")
	w.Flush()
	return b.String()
}

// list writes a line for each layer, and those of models below their own.
func (a *architecture) list(w *tabwriter.Writer, path string) {
	for _, l := range a.layers {
		calls := make([]string, len(l.calls))
		for i, c := range l.calls {
			inputs := make([]string, len(c.inputs))
			for k, r := range c.inputs {
				inputs[k] = r.name()
			}
			calls[i] = strings.Join(inputs, ", ")
		}
		fmt.Fprintf(w, "%s%s\t%s\t%s\n", path, l.name, l.class, strings.Join(calls, "; "))
		if l.inner != nil {
			l.inner.list(w, path+l.name+"/")
		}
	}
}

// SimpleRender shows the layers in a notebook.
func (m *Model) SimpleRender() map[string]interface{} {
	return map[string]interface{}{"text/plain": m.String()}
}
