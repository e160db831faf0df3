package pairs

import (
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/draws"
	"github.com/plexaura/plexaura/training/dataset"
)

// groups are the examples of a source by class.
type groups struct {
	class  []int   // of an example, by its place in ids
	ids    []int64 // the classes that occur, in ascending order
	places []int   // the examples, class after class
	begins []int   // where each class begins in places, and the end
	rank   []int   // of an example within its class
}

// groupsOf reads the labels of src, of which every class must have a number of examples, least.
func groupsOf(src dataset.Source, least int) (*groups, error) {
	if src == nil {
		return nil, errors.New("wanted a source of examples with labels, such as a *dataset.Set, came nil")
	}
	l, ok := src.(dataset.Labelled)
	var labels []int64
	if ok {
		labels = l.Labels()
	}
	if labels == nil {
		return nil, errors.Errorf("the examples of a %T have no labels that are known without reading them; want a source with the method Labels, such as a *dataset.Set with Y int64 [n]", src)
	}
	if len(labels) != src.Len() {
		return nil, errors.Errorf("the source has %d examples and %d labels; want as many", src.Len(), len(labels))
	}
	g := &groups{class: make([]int, len(labels)), rank: make([]int, len(labels)), places: make([]int, len(labels))}
	g.ids = slices.Clone(labels)
	slices.Sort(g.ids)
	g.ids = slices.Compact(g.ids)
	if len(g.ids) < 2 {
		return nil, errors.Errorf("the examples have the classes %v; want two classes or more", g.ids)
	}
	sizes := make([]int, len(g.ids))
	for i, label := range labels {
		if label < 0 {
			return nil, errors.Errorf("example %d has the label %d, which is none; take those with labels (dataset.Subset)", i, label)
		}
		c, _ := slices.BinarySearch(g.ids, label)
		g.class[i], g.rank[i] = c, sizes[c]
		sizes[c]++
	}
	at := 0
	for c, size := range sizes {
		if size < least {
			return nil, errors.Errorf("class %d has %d of the %d examples that are wanted of each class; leave it out (Only of a dataset.Set), or find more", g.ids[c], size, least)
		}
		g.begins = append(g.begins, at)
		at += size
	}
	g.begins = append(g.begins, at)
	for i, c := range g.class {
		g.places[g.begins[c]+g.rank[i]] = i
	}
	return g, nil
}

// len is the number of examples.
func (g *groups) len() int { return len(g.places) }

// size is the number of examples of a class.
func (g *groups) size(class int) int { return g.begins[class+1] - g.begins[class] }

// label is the class id of an example.
func (g *groups) label(i int) int64 { return g.ids[g.class[i]] }

// partner draws another example of the class of i.
func (g *groups) partner(s *draws.Stream, i int) int {
	c := g.class[i]
	r := s.Below(g.size(c) - 1)
	if r >= g.rank[i] {
		r++
	}
	return g.places[g.begins[c]+r]
}

// stranger draws an example of another class than that of i, all of them equally likely.
func (g *groups) stranger(s *draws.Stream, i int) int {
	c := g.class[i]
	r := s.Below(g.len() - g.size(c))
	if r >= g.begins[c] {
		r += g.size(c)
	}
	return g.places[r]
}
