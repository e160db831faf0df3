package ops

import (
	"math/bits"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// RandomShuffle puts the parts of x along its first axis, such as the rows of a
// matrix, in a random order, each order as likely as any other, anew in each Run
// as RandomUniform is: [n, ...] -> [n, ...].
//
// Any dtype. Two shuffles with the same RandomConfig.Seed put equally many rows
// in the same order, examples and their labels for instance. RandomConfig.Dtype
// is not used. The gradient is grad in the order that x had.
//
// TF: tf.random_shuffle. PyTorch: torch.randperm with indexing. Dtypes: any. Gradient: yes.
func RandomShuffle(s *graph.Scope, x *gorgonia.Node, cfg RandomConfig) *gorgonia.Node {
	const name = "RandomShuffle"
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	if sp := graph.SpecOf(x); !graph.IsBad(x) && sp.Rank() == 0 {
		return s.Failf(name, gorgonia.Nodes{x}, "x is the scalar %v; want one axis or more, [n, ...]", sp)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return take(s, name, x, permutationLike(s, x, cfg), address{})
	})
}

// permutationLike draws an order of the numbers below the size of the first axis
// of x, of which nothing else is used.
func permutationLike(s *graph.Scope, x *gorgonia.Node, cfg RandomConfig) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "RandomPermutation",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if in[0].Rank() == 0 {
				return graph.Spec{Dtype: tensor.Int}, errors.Errorf("x is the scalar %v; want one axis or more", in[0])
			}
			return graph.Spec{Dtype: tensor.Int, Shape: in[0].Shape[:1]}, nil
		},
		ShapeOnly: []int{0},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			key := cfg.key(b)
			return func(c *graph.Call) error {
				permute(c.Out.Ints(), philox.New(key, c.Draw))
				return nil
			}, nil
		},
		Draws:             true,
		NotDifferentiable: true,
	}, x)
}

// permute is the shuffle of Fisher and Yates, "Statistical tables" (1938), in the
// form of Durstenfeld that Knuth gives: element i changes places with one of those
// up to itself.
func permute(p []int, st philox.Stream) {
	for i := range p {
		w := st.Block(uint64(i))
		j, _ := bits.Mul64(uint64(w[0])<<32|uint64(w[1]), uint64(i)+1)
		p[i] = p[j]
		p[j] = i
	}
}
