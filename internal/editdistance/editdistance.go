// Package editdistance compares names, for errors that suggest what was meant.
package editdistance

import (
	"sort"
	"strings"
)

// Of is how many bytes must be put in, left out or replaced to make b of a (Levenshtein).
func Of(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Near lists up to three of the names that are most like the wanted one, the nearest first: those that hold it, or that differ from it, whatever the case
// of letters, in no more than half of its bytes.
func Near(want string, names []string) []string {
	type scored struct {
		name  string
		score int
	}
	var found []scored
	for _, n := range names {
		d := Of(strings.ToLower(want), strings.ToLower(n))
		if d <= max(2, len(want)/2) || strings.Contains(n, want) {
			found = append(found, scored{n, d})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].score < found[j].score })
	var out []string
	for _, f := range found[:min(3, len(found))] {
		out = append(out, f.name)
	}
	return out
}
