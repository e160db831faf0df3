package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// row is a line of the table. What does not apply is empty.
type row struct {
	work, ours      string
	peer, theirs    string
	ratio           string // the peer's time, or other cost, over ours: more is better
	target, verdict string
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "missed"
}

type table []row

// write prints the table in Markdown, its columns aligned.
func (t table) write(w io.Writer) error {
	lines := [][]string{{"Work", "Ours", "Peer", "Peer's", "Ratio", "Target", ""}, nil}
	for _, r := range t {
		lines = append(lines, []string{r.work, r.ours, r.peer, r.theirs, r.ratio, r.target, r.verdict})
	}
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, width := range widths {
		lines[1] = append(lines[1], strings.Repeat("-", max(3, width)))
	}
	out := bufio.NewWriter(w)
	for _, line := range lines {
		for i, cell := range line {
			fmt.Fprintf(out, "| %s%s ", cell, strings.Repeat(" ", max(3, widths[i])-utf8.RuneCountInString(cell)))
		}
		fmt.Fprintln(out, "|")
	}
	return out.Flush()
}

// median is the middle of the values, or the mean of the two; NaN for none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	mid := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[mid]
	}
	return (sorted[mid-1] + sorted[mid]) / 2
}

// medianRatio is the median over the rounds of theirs/ours, so that a round in
// which the machine was slow counts on both sides.
func medianRatio(theirs, ours []float64) float64 {
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = theirs[i] / ours[i]
	}
	return median(ratios)
}

// duration formats seconds with three digits and a unit.
func duration(seconds float64) string {
	for _, u := range []struct {
		name string
		size float64
	}{{"s", 1}, {"ms", 1e-3}, {"µs", 1e-6}} {
		if seconds >= u.size {
			return threeDigits(seconds/u.size) + " " + u.name
		}
	}
	return threeDigits(seconds/1e-9) + " ns"
}

func threeDigits(x float64) string {
	switch {
	case x >= 99.95:
		return fmt.Sprintf("%.0f", x)
	case x >= 9.995:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}
