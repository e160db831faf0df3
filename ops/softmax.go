package ops

import (
	"github.com/pkg/errors"
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
		Kernel:  rowKernel(kernel.SoftmaxRow[float32], kernel.SoftmaxRow[float64]),
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
		Kernel:  rowKernel(kernel.LogSoftmaxRow[float32], kernel.LogSoftmaxRow[float64]),
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

// inferLastAxis is the shape rule of an op on the rows of a float tensor.
func inferLastAxis(in []graph.Spec) (graph.Spec, error) {
	out, err := unaryFloat(in)
	if err == nil && out.Rank() == 0 {
		err = errors.Errorf("the input is the scalar %v; want at least one axis, [..., classes]", out)
	}
	return out, err
}

// rowsOf returns the number of rows, their length and how many are worth handing
// to a goroutine.
func rowsOf(sp graph.Spec) (rows, cols, rowGrain int) {
	cols = sp.Shape[sp.Rank()-1]
	rows = sizeOf(sp.Shape[:sp.Rank()-1])
	if cols == 0 {
		return 0, 0, 1
	}
	return rows, cols, max(1, rowGrainElements/cols)
}

// rowGrainElements is the work of one goroutine in ops that take exponentials.
const rowGrainElements = grain / 4

// rowKernel computes an op of one operand row by row; out may be x itself.
func rowKernel(f32 func(out, x []float32), f64 func(out, x []float64)) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatKernel(b, rowsOver(b.Out, f32), rowsOver(b.Out, f64))
	}
}

func rowsOver[T float](sp graph.Spec, f func(out, x []T)) graph.Kernel {
	rows, cols, rowGrain := rowsOf(sp)
	body := func(c *graph.Call, lo, hi int) {
		out, x := elements[T](c.Out), elements[T](c.In[0])
		for r := lo * cols; r < hi*cols; r += cols {
			f(out[r:r+cols], x[r:r+cols])
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}

// rowZipKernel computes an op of two operands of equal shape row by row.
func rowZipKernel(f32 func(out, a, b []float32), f64 func(out, a, b []float64)) func(*graph.Binding) (graph.Kernel, error) {
	return func(b *graph.Binding) (graph.Kernel, error) {
		return floatKernel(b, rowsZipOver(b.Out, f32), rowsZipOver(b.Out, f64))
	}
}

func rowsZipOver[T float](sp graph.Spec, f func(out, a, b []T)) graph.Kernel {
	rows, cols, rowGrain := rowsOf(sp)
	body := func(c *graph.Call, lo, hi int) {
		out, x, y := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1])
		for r := lo * cols; r < hi*cols; r += cols {
			f(out[r:r+cols], x[r:r+cols], y[r:r+cols])
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}
