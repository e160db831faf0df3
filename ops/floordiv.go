package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// FloorDiv is floor(a / b), elementwise and broadcast as NumPy does: -7 by 2 is
// -4, where Div of integers gives -3.
//
// Operands of one dtype, any numeric one. Of floats it is the floor of the
// rounded quotient, as in TensorFlow (so 1 by 0 is +Inf); an integer divided by
// zero is an error of the Run, and the least integer by -1 wraps around. It is
// flat, so gradients end here.
// TF: tf.floordiv. PyTorch: torch.floor_divide. Dtypes: number. Gradient: no.
func FloorDiv(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "FloorDiv",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: pairOf(floorQuotient[float32]).bind, f64: pairOf(floorQuotient[float64]).bind,
			i: byDivisor(pairOf(floorDiv[int])), i32: byDivisor(pairOf(floorDiv[int32])), i64: byDivisor(pairOf(floorDiv[int64])),
			u8: byDivisor(pairOf(floorDiv[uint8])),
		}.first,
		InPlace:           []int{0, 1},
		NotDifferentiable: true,
	}, a, b)
}

func floorQuotient[T float](a, b T) T { return T(math.Floor(float64(a / b))) }

func floorDiv[T integer](a, b T) T {
	q := a / b
	if r := a - q*b; r != 0 && (r < 0) != (b < 0) {
		q--
	}
	return q
}
