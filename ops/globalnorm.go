package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// GlobalNorm is the Euclidean norm of all the elements of xs taken together, a
// scalar: sqrt(sum(x*x)), added up in float64, so that large float32 gradients
// do not overflow on the way. xs have one float dtype and any shapes; nil
// entries, gradients of unconnected variables, are left out, but one must
// remain.
//
// The gradient is grad*x/norm, and 0 where the norm is 0.
//
// TF: tf.global_norm. PyTorch: none. Dtypes: float. Gradient: yes.
func GlobalNorm(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
	var given gorgonia.Nodes
	for _, x := range xs {
		if x != nil {
			given = append(given, x)
		}
	}
	if len(given) == 0 {
		return s.Failf("global_norm", nil, "there is nothing to take the norm of: %d tensors, all nil", len(xs))
	}
	return graph.Apply(s, graph.OpDef{
		Name:  "global_norm",
		Infer: inferGlobalNorm,
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			parts := normParts(b.In)
			partial := b.Scratch(tensor.Float64, len(parts))
			return floatKernel(b, globalNormKernel[float32](parts, partial), globalNormKernel[float64](parts, partial))
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			zero := graph.ZerosLike(s, out)
			divisor := Where(s, Equal(s, out, zero), graph.OnesLike(s, out), out) // where the norm is 0, so is x
			factor := Div(s, grad, divisor)
			grads := make(gorgonia.Nodes, len(in))
			for i, x := range in {
				grads[i] = Mul(s, x, factor)
			}
			return grads
		},
	}, given...)
}

func inferGlobalNorm(in []graph.Spec) (graph.Spec, error) {
	out := graph.Spec{Dtype: in[0].Dtype, Shape: tensor.Shape{}}
	for i, sp := range in {
		switch {
		case !sp.IsFloat():
			return out, errors.Errorf("tensor %d is %v; want float32 or float64", i, sp)
		case sp.Dtype != out.Dtype:
			return out, errors.Errorf("tensor 0 is %v and tensor %d is %v; want one dtype (ops.Cast converts)", in[0], i, sp)
		}
	}
	return out, nil
}

// normPart is a range of one input that is added up in one go.
type normPart struct{ input, lo, hi int }

// normParts cuts the inputs into ranges by their sizes alone, so that the sum
// does not depend on the number of workers.
func normParts(in []graph.Spec) []normPart {
	var parts []normPart
	for i, sp := range in {
		n := sizeOf(sp.Shape)
		for lo := 0; lo < n; lo += grain {
			parts = append(parts, normPart{i, lo, min(lo+grain, n)})
		}
	}
	return parts
}

func globalNormKernel[T float](parts []normPart, partial int) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		sums := c.Scratch[partial].Float64s()
		for k := lo; k < hi; k++ {
			p := parts[k]
			sums[k] = sumSquares(elements[T](c.In[p.input])[p.lo:p.hi])
		}
	}
	return func(c *graph.Call) error {
		// Small tensors share a goroutine: a part is at most grain elements.
		c.Split(len(parts), 4, body)
		sum := 0.0
		for _, v := range c.Scratch[partial].Float64s() {
			sum += v
		}
		elements[T](c.Out)[0] = T(math.Sqrt(sum))
		return nil
	}
}

// sumSquares is the sum of x*x in float64.
func sumSquares[T float](x []T) float64 { return kernel.SquaresFrom(x, 0) }
