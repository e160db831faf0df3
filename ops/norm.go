package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Norm is the vector norm (sum(|x|^p))^(1/p) of the elements along the given
// axes, which disappear; negative axes count from the last, and none means all.
// p is a positive number, also below 1, or math.Inf(1): 1 adds |x|, 2 is the
// Euclidean norm (over two axes: Frobenius'), infinity takes the greatest |x|. Of
// no elements it is 0.
//
// float32 (added up in float64) or float64; no power overflows unless the norm
// does. The gradient is grad*sign(x)*(|x|/y)^(p-1), and 0 where x is 0; for
// infinity it is divided equally among the greatest. MatrixNorm has the norms of
// operators; GlobalNorm takes several tensors.
// TF: tf.norm. PyTorch: torch.linalg.vector_norm. Dtypes: float. Gradient: yes.
func Norm(s *graph.Scope, x *gorgonia.Node, p float64, axes ...int) *gorgonia.Node {
	return vectorNorm(s, x, p, axes, false)
}

// NormKeep is Norm with the reduced axes kept, of size 1 (keep_dims), so that the
// result broadcasts against x.
// TF: tf.norm. PyTorch: torch.linalg.vector_norm. Dtypes: float. Gradient: yes.
func NormKeep(s *graph.Scope, x *gorgonia.Node, p float64, axes ...int) *gorgonia.Node {
	return vectorNorm(s, x, p, axes, true)
}

func vectorNorm(s *graph.Scope, x *gorgonia.Node, p float64, axes []int, keep bool) *gorgonia.Node {
	if !(p > 0) {
		return s.Fail("Norm", gorgonia.Nodes{x}, graph.SpecOf(x), errors.Errorf("p is %v; want a positive number or infinity", p))
	}
	r := reduction{
		name: "Norm", allowed: floats, axes: axes, keep: keep, alters: true,
		attrs: map[string]interface{}{"ord": p},
		kernels: func(reduced []bool) byDtype {
			return byDtype{f32: powerNorms[float32](p).bindWalk(reduced), f64: powerNorms[float64](p).bindWalk(reduced)}
		},
		grad: func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node {
			back := func(v *gorgonia.Node) *gorgonia.Node { return spread(s, v, x, axes, keep, false) }
			switch {
			case p == 1:
				return Mul(s, back(grad), Sign(s, x))
			case p == 2:
				return Mul(s, x, back(Div(s, grad, oneForZero(s, y)))) // where y is 0, so is x
			case math.IsInf(p, 1):
				return Mul(s, extremumGrad(axes, keep)(s, Abs(s, x), y, grad), Sign(s, x))
			}
			size := oneForZero(s, Abs(s, x)) // Sign is 0 where x is
			exponent := graph.ConstOf(s, x.Dtype(), p-1)
			return Mul(s, back(grad), Mul(s, Sign(s, x), Pow(s, Div(s, size, back(oneForZero(s, y))), exponent)))
		},
	}
	switch {
	case p == 2:
		r.kernels = func(reduced []bool) byDtype {
			return byDtype{f32: euclideanNorm[float32](reduced), f64: euclideanNorm[float64](reduced)}
		}
	case math.IsInf(p, 1):
		r.kernels = func(reduced []bool) byDtype {
			return byDtype{f32: greatestSizes[float32]().bindWalk(reduced), f64: greatestSizes[float64]().bindWalk(reduced)}
		}
	}
	return r.apply(s, x)
}

// euclideanNorm binds the norm with p = 2, in parallel along any axes.
func euclideanNorm[T float](reduced []bool) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		n, err := newNorms(b, reduced)
		if err != nil {
			return nil, err
		}
		add, wide := addSquares[T](n), b.Out.Dtype == tensor.Float64
		scaled, err := powerNorms[T](2).bindWalk(reduced)(b)
		if err != nil {
			return nil, err
		}
		return func(c *graph.Call) error {
			add(c)
			y := elements[T](c.Out)
			for i, sum := range c.Scratch[n.sums].Float64s() {
				if wide && sum < 1e-290 || sum > math.MaxFloat64 {
					return scaled(c) // squares of float64 may have left the range
				}
				y[i] = T(math.Sqrt(sum))
			}
			return nil
		}, nil
	}
}

// powerNorms is (sum(|x|^p))^(1/p), scaled by the greatest |x|.
func powerNorms[T float](p float64) reducer[T] {
	greatest := greatestSizes[T]()
	return reducer[T]{walk: func(x []T, at int, l *layout) T {
		m := 1.0 // a sum needs no scale
		if p != 1 {
			m = float64(greatest.walk(x, at, l))
		}
		if m == 0 || math.IsInf(m, 0) || m != m {
			return T(m)
		}
		sum := 0.0
		at0 := l.seek(0)
		for r := 0; r < l.rows; r++ {
			for i, left := at+at0.at[0], l.cols; left > 0; left-- {
				v := math.Abs(float64(x[i])) / m
				switch p {
				case 1:
					sum += v
				case 2:
					sum += v * v
				default:
					sum += math.Pow(v, p)
				}
				i += l.step[0]
			}
			l.next(&at0)
		}
		if p == 1 {
			return T(m * sum)
		}
		return T(m * math.Pow(sum, 1/p))
	}}
}

// greatestSizes is the greatest |x|, NaN if any element is.
func greatestSizes[T float]() reducer[T] {
	return reducer[T]{walk: func(x []T, at int, l *layout) T {
		m := T(0)
		p := l.seek(0)
		for r := 0; r < l.rows; r++ {
			for i, left := at+p.at[0], l.cols; left > 0; left-- {
				v := x[i]
				m = max(m, v, -v)
				i += l.step[0]
			}
			l.next(&p)
		}
		return m
	}}
}

// MatrixNorm is the norm of each matrix in x [..., m, n] as an operator: for p = 1
// the greatest sum of |x| down a column, for p = math.Inf(1) along a row. The
// result has shape [...]. Frobenius' norm is Norm(s, x, 2, -2, -1); the spectral
// norm is not available.
//
// float32 or float64. The gradient is grad*sign(x) in the columns or rows whose
// sum is greatest, divided equally among them.
// TF: tf.norm with two axes. PyTorch: torch.linalg.matrix_norm. Dtypes: float. Gradient: yes.
func MatrixNorm(s *graph.Scope, x *gorgonia.Node, p float64) *gorgonia.Node {
	sp := graph.SpecOf(x)
	switch {
	case p != 1 && !math.IsInf(p, 1):
		return s.Fail("MatrixNorm", gorgonia.Nodes{x}, sp, errors.Errorf(
			"p is %v; want 1 or infinity (Frobenius' norm is ops.Norm(s, x, 2, -2, -1))", p))
	case x != nil && !graph.IsBad(x) && sp.Rank() < 2:
		return s.Fail("MatrixNorm", gorgonia.Nodes{x}, sp, errors.Errorf("the input is %v; want matrices [..., m, n]", sp))
	}
	axis := -2
	if p != 1 {
		axis = -1
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node { return Max(s, Norm(s, x, 1, axis), -1) })
}
