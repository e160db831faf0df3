package training

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// cycle counts the Runs of a train op from 0 to length-1, over and over. The
// count is a variable, so that a checkpoint keeps the place.
type cycle struct {
	place  *gorgonia.Node // int64 scalar
	length int
}

// last holds in the last Run of a cycle.
func (c cycle) last(s *graph.Scope) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "last_of_cycle",
		Attrs: map[string]interface{}{"length": c.length},
		Infer: func([]graph.Spec) (graph.Spec, error) { return graph.Spec{Dtype: tensor.Bool}, nil },
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(call *graph.Call) error {
				call.Out.Bools()[0] = c.ends(call.In[0].Int64s()[0])
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, c.place)
}

// advance goes on to the next place.
func (c cycle) advance(s *graph.Scope) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "advance_cycle",
		Attrs:   map[string]interface{}{"length": c.length},
		Infer:   graph.SameAs,
		Updates: []int{0},
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(call *graph.Call) error {
				place := call.In[0].Int64s()
				if c.ends(place[0]) {
					place[0] = 0
				} else {
					place[0]++
				}
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, c.place)
}

// ends tells whether a place is the last one. It may lie beyond: a checkpoint
// can come from a program with longer cycles.
func (c cycle) ends(place int64) bool { return place >= int64(c.length)-1 }
