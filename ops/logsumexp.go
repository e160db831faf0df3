package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// LogSumExp is ln(sum(exp(x))) along the given axes, which disappear; negative
// axes count from the last, and none means all. It is computed from x less the
// maximum, so that no exponential overflows. Elements of -Inf count for nothing;
// where there are no others, or none at all, it is -Inf. +Inf gives +Inf, NaN
// gives NaN.
//
// float32 (added up in float64) or float64. The gradient is grad*exp(x - y), and
// 0 where y is -Inf.
// TF: tf.reduce_logsumexp. PyTorch: torch.logsumexp. Dtypes: float. Gradient: yes.
func LogSumExp(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return logSumExp(s, x, axes, false)
}

// LogSumExpKeep is LogSumExp with the reduced axes kept, of size 1 (keep_dims),
// so that the result broadcasts against x.
// TF: tf.reduce_logsumexp. PyTorch: torch.logsumexp. Dtypes: float. Gradient: yes.
func LogSumExpKeep(s *graph.Scope, x *gorgonia.Node, axes ...int) *gorgonia.Node {
	return logSumExp(s, x, axes, true)
}

func logSumExp(s *graph.Scope, x *gorgonia.Node, axes []int, keep bool) *gorgonia.Node {
	return reduction{
		name: "LogSumExp", allowed: floats, axes: axes, keep: keep,
		kernels: func(reduced []bool) byDtype {
			return byDtype{f32: logSumsExp[float32]().bindWalk(reduced), f64: logSumsExp[float64]().bindWalk(reduced)}
		},
		grad: func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node {
			least := graph.ConstOf(s, y.Dtype(), math.Inf(-1))
			safe := Where(s, Equal(s, y, least), graph.ZerosLike(s, y), y) // -Inf - -Inf is NaN
			share := Exp(s, Sub(s, x, spread(s, safe, x, axes, keep, false)))
			return Mul(s, spread(s, grad, x, axes, keep, false), share)
		},
	}.apply(s, x)
}

func logSumsExp[T float]() reducer[T] {
	greatest := maxOf(T(math.Inf(-1)))
	return reducer[T]{walk: func(x []T, at int, l *layout) T {
		if l.rows == 1 && l.step[0] == 1 {
			return kernel.LogSumExp(x[at : at+l.cols])
		}
		m := greatest.walk(x, at, l)
		if math.IsInf(float64(m), 0) {
			return m
		}
		sum := 0.0
		p := l.seek(0)
		for r := 0; r < l.rows; r++ {
			for i, left := at+p.at[0], l.cols; left > 0; left-- {
				sum += math.Exp(float64(x[i]) - float64(m))
				i += l.step[0]
			}
			l.next(&p)
		}
		return T(float64(m) + math.Log(sum))
	}}
}
