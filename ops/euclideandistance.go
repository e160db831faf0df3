package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// EuclideanDistance is the distance between the rows of a and b:
// sqrt(sum((a - b)^2)) over the last axis, added up in float64. a and b [..., n],
// of one shape and one float dtype, give [...].
//
// The gradients are grad*(a - b)/distance and its negative for b, 0 where the
// distance is 0. torch's F.pairwise_distance adds an eps of 1e-6 to a - b.
//
// TF: none. PyTorch: torch.nn.functional.pairwise_distance. Dtypes: float. Gradient: yes.
func EuclideanDistance(s *graph.Scope, a, b *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:   "EuclideanDistance",
		Infer:  inferRowLoss("the operands"),
		Kernel: rowLoss(euclidean[float32], euclidean[float64]),
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			zero, one := graph.ConstOf(s, out.Dtype(), 0.0), graph.ConstOf(s, out.Dtype(), 1.0)
			same := Equal(s, out, zero)
			pull := MulNoNan(s, Where(s, same, zero, Div(s, one, Where(s, same, one, out))), grad)
			da := MulNoNan(s, Sub(s, in[0], in[1]), asColumn(s, pull))
			return gorgonia.Nodes{da, Neg(s, da)}
		},
	}, a, b)
}

func euclidean[T float](a, b []T) float64 { return math.Sqrt(squaredDistance(a, b)) }

// squaredDistance is the sum of (a[i] - b[i])^2, in four lanes.
func squaredDistance[T float](a, b []T) float64 {
	b = b[:len(a)]
	var t0, t1, t2, t3 float64
	for len(a) >= 4 && len(b) >= 4 {
		d0, d1 := float64(a[0])-float64(b[0]), float64(a[1])-float64(b[1])
		d2, d3 := float64(a[2])-float64(b[2]), float64(a[3])-float64(b[3])
		t0, t1, t2, t3 = t0+d0*d0, t1+d1*d1, t2+d2*d2, t3+d3*d3
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		d := float64(v) - float64(b[i])
		t0 += d * d
	}
	return (t0 + t1) + (t2 + t3)
}
