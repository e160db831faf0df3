package tensorflow

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// size is an integer that a graph computes from shapes, as the batch in tf.reshape(x, [tf.shape(x)[0], -1]): known when the graph is
// built, or a function of the shapes of nodes, which every Run knows before it begins.
type size struct {
	known int
	from  *sizeOf // nil where it is known
}

// sizeOf is the size of an axis of a node, or what f makes of two sizes.
type sizeOf struct {
	node  *gorgonia.Node
	axis  int
	f     func(a, b int) int
	a, b  size
	terms int // how many sizes of nodes it is made of
}

// maxTerms bounds what is computed before every Run.
const maxTerms = 1000

func fixed(n int) size { return size{known: n} }

// axisOf is the size of an axis of x.
func axisOf(x *gorgonia.Node, axis int) size {
	if n := graph.SpecOf(x).Shape[axis]; n >= 0 {
		return fixed(n)
	}
	return size{from: &sizeOf{node: x, axis: axis, terms: 1}}
}

func (s size) terms() int {
	if s.from == nil {
		return 1
	}
	return s.from.terms
}

// combine is f of two sizes, false where that would become too long.
func combine(f func(a, b int) int, a, b size) (size, bool) {
	if a.from == nil && b.from == nil {
		return fixed(f(a.known, b.known)), true
	}
	terms := a.terms() + b.terms()
	return size{from: &sizeOf{f: f, a: a, b: b, terms: terms}}, terms <= maxTerms
}

// nodes adds the nodes whose shapes the size follows from.
func (s size) nodes(add func(x *gorgonia.Node)) {
	if s.from == nil {
		return
	}
	if s.from.node != nil {
		add(s.from.node)
		return
	}
	s.from.a.nodes(add)
	s.from.b.nodes(add)
}

// at returns the size for given shapes; false where one that it needs is not known.
func (s size) at(shape func(x *gorgonia.Node) tensor.Shape) (int, bool) {
	if s.from == nil {
		return s.known, true
	}
	if s.from.node != nil {
		n := shape(s.from.node)[s.from.axis]
		return n, n >= 0
	}
	a, okA := s.from.a.at(shape)
	b, okB := s.from.b.at(shape)
	if !okA || !okB {
		return graph.Unknown, false
	}
	return s.from.f(a, b), true
}

// sizes is a scalar or a vector of them.
type sizes struct {
	of     []size
	scalar bool
	dtype  tensor.Dtype
}

// known returns the numbers, false unless all are known.
func (z *sizes) known() ([]int, bool) {
	out := make([]int, len(z.of))
	for i, s := range z.of {
		if s.from != nil {
			return nil, false
		}
		out[i] = s.known
	}
	return out, true
}

// nodes are those whose shapes the sizes follow from, each once.
func (z *sizes) nodes() gorgonia.Nodes {
	var out gorgonia.Nodes
	seen := map[*gorgonia.Node]bool{}
	for _, s := range z.of {
		s.nodes(func(x *gorgonia.Node) {
			if !seen[x] {
				seen[x] = true
				out = append(out, x)
			}
		})
	}
	return out
}

// at returns the sizes where nodes have the specs in; -1 is one that is not known yet.
func (z *sizes) at(nodes gorgonia.Nodes, in []graph.Spec) []int {
	shapes := map[*gorgonia.Node]tensor.Shape{}
	for i, x := range nodes {
		shapes[x] = in[i].Shape
	}
	out := make([]int, len(z.of))
	for i, s := range z.of {
		n, ok := s.at(func(x *gorgonia.Node) tensor.Shape { return shapes[x] })
		if !ok {
			n = graph.Unknown
		}
		out[i] = n
	}
	return out
}

// node makes a node of the sizes, whose value is computed for the shapes of the Run.
func (z *sizes) node(s *graph.Scope) *gorgonia.Node {
	nodes := z.nodes()
	shape := tensor.Shape{len(z.of)}
	if z.scalar {
		shape = tensor.Shape{}
	}
	return graph.Apply(s, graph.OpDef{
		Name:      "Shape",
		ShapeOnly: upTo(len(nodes)),
		Infer:     func([]graph.Spec) (graph.Spec, error) { return graph.Spec{Dtype: z.dtype, Shape: shape}, nil },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			values := z.at(nodes, b.In)
			return func(c *graph.Call) error {
				switch z.dtype {
				case tensor.Int32:
					for i, v := range values {
						c.Out.Int32s()[i] = int32(v)
					}
				case tensor.Int64:
					for i, v := range values {
						c.Out.Int64s()[i] = int64(v)
					}
				default:
					return errors.Errorf("sizes are %v; want int32 or int64", z.dtype)
				}
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, nodes...)
}

// sizesOf is the integers of a tensor, nil where it is none.
func sizesOf(x *tensor.Dense) *sizes {
	if x.Dims() > 1 || x.Dtype() != tensor.Int32 && x.Dtype() != tensor.Int64 {
		return nil
	}
	z := &sizes{scalar: x.Dims() == 0, dtype: x.Dtype()}
	if x.Shape().TotalSize() == 0 {
		return z
	}
	values := graph.Values{x}
	if x.Dtype() == tensor.Int32 {
		for _, n := range values.Int32s(0) {
			z.of = append(z.of, fixed(int(n)))
		}
		return z
	}
	for _, n := range values.Int64s(0) {
		z.of = append(z.of, fixed(int(n)))
	}
	return z
}
