package cache

import (
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Feed returns the feeds for the current batch of d, which was made of the activations: each node with its values. It is meant for
// FitConfig.Feed. Of a single node, FitConfig.X may be the node instead.
func (a *Activations) Feed(d training.Data) graph.Feeds {
	x, ok := d.X().(*tensor.Dense)
	if a == nil || !ok {
		return nil
	}
	if len(a.nodes) == 1 {
		return graph.Feeds{a.nodes[0]: x}
	}
	feeds := graph.Feeds{}
	from := 0
	for i, c := range a.columns {
		feeds[a.nodes[i]] = c.cut(x, from)
		from += c.width()
	}
	return feeds
}

// cut copies the values of a column out of rows that hold those of all nodes.
func (c column) cut(rows *tensor.Dense, from int) *tensor.Dense {
	n, size := rows.Shape()[0], c.size()
	out := tensor.New(tensor.Of(rows.Dtype()), tensor.WithShape(append([]int{n}, c.Shape...)...))
	to, _ := memoryOf(out.Data())
	all, element := memoryOf(rows.Data())
	for i := range n {
		copy(to[i*size:][:size], all[i*len(all)/n+from*element:])
	}
	return out
}
