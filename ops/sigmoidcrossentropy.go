package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// SigmoidCrossEntropy is the cross-entropy of sigmoid(logits) with labels in
// [0, 1], elementwise, for independent classes: with z = labels and x = logits,
//
//	-z*ln(sigmoid(x)) - (1-z)*ln(1-sigmoid(x)) = max(x, 0) - x*z + log1p(exp(-|x|))
//
// of which the right side neither overflows nor loses small losses. Any shape,
// the same for both: no broadcasting, which here is nearly always a mistake.
// logits are float32 or float64; labels of the same dtype, or integers or bools,
// which are cast.
//
// The gradients are grad*(sigmoid(x) - z) for the logits and -grad*x for the
// labels.
//
// TF: tf.nn.sigmoid_cross_entropy_with_logits. PyTorch: torch.nn.functional.binary_cross_entropy_with_logits. Dtypes: float. Gradient: yes.
func SigmoidCrossEntropy(s *graph.Scope, labels, logits *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name: "SigmoidCrossEntropy",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in)
			return out, errors.Wrap(err, "labels and logits")
		},
		Kernel:  zipKernel(sigmoidXent[float32], sigmoidXent[float64]),
		InPlace: []int{0, 1},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			labels, logits := in[0], in[1]
			return gorgonia.Nodes{
				Neg(s, Mul(s, grad, logits)),
				sigmoidXentGrad(s, grad, labels, logits),
			}
		},
	}, floatLabels(s, labels, logits), logits)
}

// xentBlock is how many elements the loops below take at a time: what the kernels of the vector unit compute in between stays on the stack.
const xentBlock = 512

func sigmoidXent[T float](loss, z, x []T) {
	var scratch [xentBlock]T
	for len(loss) > 0 {
		n := min(len(loss), xentBlock)
		near := scratch[:n]
		for i, v := range x[:n] {
			near[i] = min(v, -v)
		}
		kernel.Softplus(near, near) // log1p(exp(-|x|))
		for i, v := range x[:n] {
			loss[i] = max(v, 0) - T(v*z[i]) + near[i]
		}
		loss, z, x = loss[n:], z[n:], x[n:]
	}
}

// sigmoidXentGrad is grad*(sigmoid(x) - z).
func sigmoidXentGrad(s *graph.Scope, grad, labels, logits *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "SigmoidCrossEntropy_grad",
		Infer:   sameThree,
		Kernel:  zip3Kernel(sigmoidXentGradLoop[float32], sigmoidXentGradLoop[float64]),
		InPlace: []int{0, 1, 2},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			grad, labels, logits := in[0], in[1], in[2]
			return only(Mul(s, grad, Sub(s, Sigmoid(s, logits), labels)))
		},
	}, grad, labels, logits)
}

func sigmoidXentGradLoop[T float](dx, dy, z, x []T) {
	var scratch [xentBlock]T
	for len(dx) > 0 {
		n := min(len(dx), xentBlock)
		p := scratch[:n]
		kernel.Sigmoid(p, x[:n])
		for i, v := range p {
			dx[i] = dy[i] * (v - z[i])
		}
		dx, dy, z, x = dx[n:], dy[n:], z[n:], x[n:]
	}
}
