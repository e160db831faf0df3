package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Mod is what remains of a divided by b with the floor as quotient: a number
// between 0 and b that has the sign of b, as % in Python (-7 by 3 is 2, 7 by -3
// is -2). Elementwise, broadcast as NumPy does.
//
// Operands of one dtype, any numeric one. Of floats by 0 it is NaN, and a tiny
// negative a may round up to b; of an integer by zero it is an error of the Run.
// The gradients are grad and -grad*FloorDiv(a, b), summed to the shape of each
// operand.
// TF: tf.floormod. PyTorch: torch.remainder. Dtypes: number. Gradient: yes.
func Mod(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "FloorMod",
		Infer: inferBroadcast(numbers),
		Kernel: byDtype{
			f32: pairOf(inFloat64[float32](floorModFloats)).bind, f64: pairOf(floorModFloats).bind,
			i: byDivisor(pairOf(floorMod[int])), i32: byDivisor(pairOf(floorMod[int32])), i64: byDivisor(pairOf(floorMod[int64])),
			u8: byDivisor(pairOf(floorMod[uint8])),
		}.first,
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			a, b := in[0], in[1]
			return gorgonia.Nodes{
				sumToInput(s, grad, a, b),
				Neg(s, sumToInput(s, Mul(s, grad, FloorDiv(s, a, b)), b, a)),
			}
		},
	}, a, b)
}

func floorModFloats(a, b float64) float64 {
	r := math.Mod(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

func floorMod[T integer](a, b T) T {
	r := a % b
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}
