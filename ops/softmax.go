package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Softmax is exp(x) / sum(exp(x)) over the last axis, computed from x less the
// row's maximum: [..., classes] -> [..., classes], float32 or float64, rank 1 or
// more. A logit of -Inf is a mask and gives 0; NaN, +Inf or nothing but -Inf
// makes its own row NaN. tf.nn.softmax, torch.softmax with dim -1.
//
// Its gradient is computed from the output: (grad - sum(grad*y)) * y. For a
// loss, SoftmaxCrossEntropy takes logits and is exact where this has rounded to
// 0.
//
// TF: tf.nn.softmax. PyTorch: torch.softmax. Dtypes: float. Gradient: yes.
func Softmax(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "softmax",
		Infer:   inferLastAxis,
		Kernel:  rowKernel(kernel.SoftmaxRows[float32], kernel.SoftmaxRows[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(softmaxGrad(s, grad, out))
		},
	}, x)
}

// softmaxGrad is (grad - sum(grad*y)) * y over the last axis, y being the output
// of Softmax.
func softmaxGrad(s *graph.Scope, grad, y *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "softmax_grad",
		Infer:   sameTwo,
		Kernel:  rowZipKernel(softmaxGradRow[float32], softmaxGradRow[float64]),
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			grad, y := in[0], in[1]
			return only(Mul(s, Sub(s, grad, SumKeep(s, Mul(s, grad, y), -1)), y))
		},
	}, grad, y)
}

func softmaxGradRow[T float](dx, dy, y []T) {
	dot := kernel.Dot(dy, y)
	dy, y = dy[:len(dx)], y[:len(dx)]
	for i, p := range y {
		dx[i] = (dy[i] - dot) * p
	}
}

// LogSoftmax is x - ln(sum(exp(x))) over the last axis, computed from x less the
// row's maximum: [..., classes] -> [..., classes], float32 or float64, rank 1 or
// more; special values as in Softmax. tf.nn.log_softmax, torch.log_softmax with
// dim -1.
//
// Its gradient is computed from the output: grad - exp(y)*sum(grad).
//
// TF: tf.nn.log_softmax. PyTorch: torch.log_softmax. Dtypes: float. Gradient: yes.
func LogSoftmax(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:    "log_softmax",
		Infer:   inferLastAxis,
		Kernel:  rowKernel(kernel.LogSoftmaxRows[float32], kernel.LogSoftmaxRows[float64]),
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(logSoftmaxGrad(s, grad, out))
		},
	}, x)
}

// logSoftmaxGrad is grad - exp(y)*sum(grad) over the last axis, y being the
// output of LogSoftmax.
func logSoftmaxGrad(s *graph.Scope, grad, y *gorgonia.Node) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:   "log_softmax_grad",
		Infer:  sameTwo,
		Kernel: rowZipKernel(logSoftmaxGradRow[float32], logSoftmaxGradRow[float64]),
		// Not in place: the row is overwritten before dy is read for the last time.
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			grad, y := in[0], in[1]
			return only(Sub(s, grad, Mul(s, Exp(s, y), SumKeep(s, grad, -1))))
		},
	}, grad, y)
}

func logSoftmaxGradRow[T float](dx, dy, y []T) {
	sum := kernel.Sum(dy)
	kernel.Exp(dx, y)
	dy = dy[:len(dx)]
	for i, p := range dx {
		dx[i] = dy[i] - p*sum
	}
}
