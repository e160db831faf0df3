package main

import (
	"fmt"
	"strings"
)

// nameWidth is that of the column of variants.
var nameWidth = func() int {
	n := 0
	for _, v := range variants {
		n = max(n, len(v.name))
	}
	return n
}()

// shown returns the layers that have a column: first, last and every fifth.
func shown(layers int) []int {
	out := []int{1}
	for l := 5; l < layers; l += 5 {
		out = append(out, l)
	}
	if layers > 1 {
		out = append(out, layers)
	}
	return out
}

// header formats the two lines above the table.
func header(layers int) string {
	columns := shown(layers)
	var b strings.Builder
	fmt.Fprintf(&b, "%-*s  %-*s  loss\n", nameWidth, "", 10*len(columns)-2, "gradient norm at the start, layer")
	fmt.Fprintf(&b, "%-*s", nameWidth, "variant")
	for _, l := range columns {
		fmt.Fprintf(&b, "  %8d", l)
	}
	fmt.Fprintf(&b, "  %9s  %9s  %s", "at first", "at last", "test accuracy")
	return b.String()
}

// row formats a result.
func (r *result) row() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-*s", nameWidth, r.name)
	for _, l := range shown(len(r.norms)) {
		fmt.Fprintf(&b, "  %8.1e", r.norms[l-1])
	}
	fmt.Fprintf(&b, "  %9.3g  %9.3g  %13.3f", r.before, r.loss, r.accuracy)
	return b.String()
}
