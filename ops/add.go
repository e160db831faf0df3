package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Add is the elementwise sum a + b, broadcast as NumPy does.
//
// Operands of one dtype, any numeric one; integers wrap around as Go's do. The
// gradient is grad, summed to the shape of each operand.
//
// TF: tf.add. PyTorch: torch.add. Dtypes: number. Gradient: yes.
func Add(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "Add",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: addFloats[float32]().bind, f64: addFloats[float64]().bind,
			i: addInts[int]().bind, i32: addInts[int32]().bind, i64: addInts[int64]().bind, u8: addInts[uint8]().bind,
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{sumToInput(s, grad, in[0], in[1]), sumToInput(s, grad, in[1], in[0])}
		},
	}, a, b)
}

func addFloats[T float]() pair[T, T] {
	return pair[T, T]{
		both:  kernel.Add[T],
		right: kernel.AddScalar[T],
		left:  func(out []T, a T, b []T) { kernel.AddScalar(out, b, a) },
	}
}

func addInts[T integer]() pair[T, T] {
	add := func(out, a []T, b T) {
		for i, v := range a {
			out[i] = v + b
		}
	}
	return pair[T, T]{
		both: func(out, a, b []T) {
			for i, v := range a {
				out[i] = v + b[i]
			}
		},
		right: add,
		left:  func(out []T, a T, b []T) { add(out, b, a) },
	}
}
