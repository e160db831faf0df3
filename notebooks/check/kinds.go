package main

import (
	"fmt"
	"slices"
	"strings"
)

// kinds are the types of the cell's outputs in order, with their MIME types. A stream that was written in pieces
// counts once.
func (c cell) kinds() (out []string) {
	for _, o := range c.Outputs {
		kind := o.Type + " " + strings.Join(o.mimes(), ", ")
		if o.Type == "stream" {
			kind = o.Type + " " + o.Name
		}
		if o.Type == "stream" && len(out) > 0 && out[len(out)-1] == kind {
			continue
		}
		out = append(out, kind)
	}
	return out
}

// stale says which cells of the committed notebook show other kinds of outputs than now come. The values may differ:
// a duration does, and so do the last digits on another processor.
func stale(committed, executed *notebook) (problems []string) {
	if len(committed.Cells) != len(executed.Cells) {
		return []string{fmt.Sprintf("the notebook has %d cells, the executed one %d", len(committed.Cells), len(executed.Cells))}
	}
	for i, c := range committed.Cells {
		if was, is := c.kinds(), executed.Cells[i].kinds(); !slices.Equal(was, is) {
			problems = append(problems, fmt.Sprintf("%s: the committed outputs are stale: they are [%s], now come [%s]",
				c.label(i), strings.Join(was, "; "), strings.Join(is, "; ")))
		}
	}
	return problems
}

// label names a cell in a message: by its place and id.
func (c cell) label(i int) string { return fmt.Sprintf("cell %d (%s)", i+1, c.ID) }
