package transfer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plexaura/plexaura/internal/editdistance"
)

// unmatched is a variable without a tensor, or a tensor without a variable.
type unmatched struct {
	name  string
	names []string // that a tensor's may become
	shape []int
}

// mostAlike bounds how many of one shape are compared, and how much of their names.
const mostAlike = 128

// likely pairs missing variables with unused tensors of the same sizes, in whatever order of axes: of equal sizes, those whose names differ least first.
func likely(missing, unused []unmatched) []string {
	sizes := func(shape []int) string {
		s := slices.DeleteFunc(slices.Clone(shape), func(d int) bool { return d == 1 })
		slices.Sort(s)
		return fmt.Sprint(s)
	}
	have := map[string][]unmatched{}
	for _, t := range unused {
		if k := sizes(t.shape); len(have[k]) < mostAlike {
			have[k] = append(have[k], t)
		}
	}
	type pair struct{ want, have, distance int }
	want := map[string][]int{}
	var order []string
	for i, v := range missing {
		k := sizes(v.shape)
		if want[k] == nil {
			order = append(order, k)
		}
		if len(want[k]) < mostAlike {
			want[k] = append(want[k], i)
		}
	}
	partner := map[int]string{}
	for _, k := range order {
		var pairs []pair
		for _, i := range want[k] {
			for j, t := range have[k] {
				pairs = append(pairs, pair{i, j, t.distance(missing[i].name)})
			}
		}
		slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.distance, b.distance) })
		taken := map[int]bool{}
		for _, p := range pairs {
			if partner[p.want] == "" && !taken[p.have] {
				partner[p.want], taken[p.have] = have[k][p.have].name, true
			}
		}
	}
	var all []string
	for i, v := range missing {
		if name, ok := partner[i]; ok {
			all = append(all, v.name+" from "+name)
		}
	}
	return all
}

// distance tells how much the name of a tensor, or what the rules have made of it, differs from a variable's.
func (t unmatched) distance(variable string) int {
	least := editDistance(t.name, variable)
	for _, n := range t.names[:min(4, len(t.names))] {
		least = min(least, editDistance(n, variable))
	}
	return least
}

var separators = strings.NewReplacer(".", "/", "_", "/", "-", "/")

// editDistance is that of the ends of two names, whatever their case and whatever separates words.
func editDistance(a, b string) int {
	plain := func(s string) string { return separators.Replace(strings.ToLower(s[max(0, len(s)-mostAlike):])) }
	return editdistance.Of(plain(a), plain(b))
}
