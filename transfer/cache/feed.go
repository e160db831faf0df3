package cache

import (
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Feed returns the feeds for the current batch of d, which was made of the activations or of their Set: each node with its values. It is meant for
// FitConfig.Feed. Of a single node, FitConfig.X may be the node instead.
func (a *Activations) Feed(d training.Data) graph.Feeds {
	if a == nil || d == nil {
		return nil
	}
	x, ok := d.X().(*tensor.Dense)
	if len(a.nodes) == 1 || !ok || !a.rows(x) {
		return graph.Feeds{a.nodes[0]: d.X()} // a Run says what is wrong with it
	}
	feeds := graph.Feeds{}
	from := 0
	for i, c := range a.columns {
		feeds[a.nodes[i]] = c.cut(x, from)
		from += c.width()
	}
	return feeds
}

// rows tells whether x has the values of all nodes in its rows.
func (a *Activations) rows(x *tensor.Dense) bool {
	s := x.Shape()
	return len(s) == 2 && s[1] == a.shape()[0] && x.Dtype().Name() == a.columns[0].Dtype && !x.RequiresIterator()
}

// cut copies the values of a column out of rows that hold those of all nodes.
func (c column) cut(rows *tensor.Dense, from int) *tensor.Dense {
	n, size := rows.Shape()[0], c.size()
	out := c.tensor(n)
	to, _ := memoryOf(out.Data())
	all, element := memoryOf(rows.Data())
	for i := range n {
		copy(to[i*size:][:size], all[i*len(all)/n+from*element:])
	}
	return out
}
