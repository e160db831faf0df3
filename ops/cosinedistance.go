package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// CosineDistance is 1 - cos of the angle between labels and predictions along an
// axis, which disappears; a negative axis counts from the last. It is 0 for
// vectors of one direction, 1 for orthogonal ones and 2 for opposite ones,
// whatever their lengths; where a vector is zero it is 1. Norms are computed so
// that no square overflows.
//
// labels and predictions have one shape, of rank 1 or more, and one float dtype.
// WeightedLoss reduces the result. tf.losses.cosine_distance, which wants vectors
// of length 1 and keeps the axis; 1 - torch's F.cosine_similarity.
//
// The gradients are those of the formula, orthogonal to the vector that they
// belong to, and 0 for both vectors where one is zero.
//
// TF: tf.losses.cosine_distance. PyTorch: torch.nn.functional.cosine_similarity. Dtypes: float. Gradient: yes.
func CosineDistance(s *graph.Scope, labels, predictions *gorgonia.Node, axis int) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "CosineDistance",
		Attrs: map[string]interface{}{"axis": axis},
		Infer: inferLoss("labels and predictions", func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in)
			if err != nil {
				return out, err
			}
			if out.Rank() == 0 {
				return out, errors.Errorf("they are scalars, %v; want at least one axis", out)
			}
			reduced, err := reducedAxes([]int{axis}, out.Rank())
			if err != nil {
				return out, err
			}
			out.Shape = reducedShape(out.Shape, reduced, false)
			return out, nil
		}),
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, cosineDistances[float32](b, axis), cosineDistances[float64](b, axis))
		},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			z, zz := unscaled(s, in[0], axis)
			x, xx := unscaled(s, in[1], axis)
			zero, one := graph.ConstOf(s, zz.Dtype(), 0.0), graph.ConstOf(s, zz.Dtype(), 1.0)
			squares := Mul(s, zz, xx)
			empty := Equal(s, squares, zero)
			cos := Div(s, Sum(s, Mul(s, z, x), axis), Sqrt(s, Where(s, empty, one, squares)))
			return only(Sub(s, one, Where(s, empty, zero, cos)))
		},
	}, labels, predictions)
}

// unscaled divides the vectors of x along axis by their largest element, so that
// squares neither overflow nor vanish, and returns the sums of their squares as
// well. As the cosine does not depend on the lengths, no gradient flows through
// the divisors.
func unscaled(s *graph.Scope, x *gorgonia.Node, axis int) (v, squares *gorgonia.Node) {
	top := graph.StopGradient(s, MaxKeep(s, Abs(s, x), axis))
	zero, one := graph.ConstOf(s, x.Dtype(), 0.0), graph.ConstOf(s, x.Dtype(), 1.0)
	v = Div(s, x, Where(s, Equal(s, top, zero), one, top))
	return v, Sum(s, Square(s, v), axis)
}

func cosineDistances[T float](b *graph.Binding, axis int) graph.Kernel {
	shape := b.In[0].Shape
	if axis < 0 {
		axis += len(shape)
	}
	n, inner := shape[axis], sizeOf(shape[axis+1:])
	body := func(c *graph.Call, lo, hi int) {
		out, z, x := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
		for r := lo; r < hi; r++ {
			at := r/inner*n*inner + r%inner
			out[r] = T(cosineDistance(z, x, at, inner, n))
		}
	}
	rows, rowGrain := sizeOf(b.Out.Shape), max(1, grain/max(1, n))
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}

// cosineDistance walks n elements from at by step.
func cosineDistance[T float](z, x []T, at, step, n int) float64 {
	dot, zz, xx := cosineSums(z, x, at, step, n, 1, 1)
	if safe := func(v float64) bool { return v > 1e-280 && v < 1e280 }; !safe(zz) || !safe(xx) {
		var topZ, topX float64
		for i := range n {
			topZ = max(topZ, math.Abs(float64(z[at+i*step])))
			topX = max(topX, math.Abs(float64(x[at+i*step])))
		}
		if topZ == 0 || topX == 0 {
			return 1 + (topZ + topX - max(topZ, topX)) // 1, or NaN
		}
		dot, zz, xx = cosineSums(z, x, at, step, n, topZ, topX)
	}
	return 1 - dot/(math.Sqrt(zz)*math.Sqrt(xx))
}

// cosineSums returns the sums of zx, zz and xx for z divided by topZ and x by
// topX.
func cosineSums[T float](z, x []T, at, step, n int, topZ, topX float64) (dot, zz, xx float64) {
	for ; n > 0; n-- {
		a, b := float64(z[at])/topZ, float64(x[at])/topX
		dot += a * b
		zz += a * a
		xx += b * b
		at += step
	}
	return dot, zz, xx
}
