package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
)

// print prints tables. Names and metadata come from the file, so they are quoted where they hold control characters.
func (c contents) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range c.Tensors {
		fmt.Fprintf(t, "%s\t%s\t%v\n", printable(e.Name), e.DType, e.Shape)
	}
	if err := t.Flush(); err != nil {
		return errors.WithStack(err)
	}
	if c.Graph != nil {
		for _, n := range c.Graph.List {
			fmt.Fprintln(w, n.node)
		}
		if _, err := io.WriteString(w, c.Graph.summary.String()); err != nil {
			return errors.WithStack(err)
		}
	}
	keys := make([]string, 0, len(c.Metadata))
	for k := range c.Metadata {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		if _, err := fmt.Fprintf(w, "%s: %s\n", printable(k), printable(c.Metadata[k])); err != nil {
			return errors.WithStack(err)
		}
	}
	_, err := fmt.Fprintf(w, "%s, %d tensors of %d elements in %d bytes\n", c.Format, len(c.Tensors), c.Elements, c.Bytes)
	return errors.WithStack(err)
}

func printable(s string) string {
	if q := fmt.Sprintf("%q", s); strings.Contains(q, `\`) || s == "" {
		return q
	}
	return s
}
