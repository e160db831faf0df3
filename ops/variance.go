package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// VarianceConfig configures Variance and Std. The zero value gives the
// population's variance along all axes.
type VarianceConfig struct {
	Axes []int // along which; negative ones count from the last, none means all
	Keep bool  // the axes stay, with size 1 (keep_dims), instead of disappearing
	// Correction is taken from the number of elements n that is divided by: 0 for
	// the variance of these numbers (TensorFlow), 1 for that of a population of
	// which they are a sample (Bessel; PyTorch's default).
	Correction int
}

// Variance is the mean squared deviation from the mean, sum((x - mean)^2) / n, or
// by n - Correction. The mean and the sums are taken in float64, deviations
// first, so that a large mean does no harm. Where there are no more elements than
// Correction it is NaN.
//
// float32 or float64. The gradient is 2*grad*(x - mean)/(n - Correction).
// TF: tf.nn.moments. PyTorch: torch.var. Dtypes: float. Gradient: yes.
func Variance(s *graph.Scope, x *gorgonia.Node, cfg VarianceConfig) *gorgonia.Node {
	return variance(s, "Variance", x, cfg, func(v float64) float64 { return v },
		func(s *graph.Scope, y, grad *gorgonia.Node) *gorgonia.Node { return Scale(s, grad, 2) })
}

// Std is the standard deviation, the square root of Variance.
//
// float32 or float64. The gradient is grad*(x - mean)/(n - Correction)/y, and 0
// where y is 0 (NaN in TensorFlow and PyTorch).
// TF: tf.nn.moments and tf.sqrt. PyTorch: torch.std. Dtypes: float. Gradient: yes.
func Std(s *graph.Scope, x *gorgonia.Node, cfg VarianceConfig) *gorgonia.Node {
	return variance(s, "Std", x, cfg, math.Sqrt, func(s *graph.Scope, y, grad *gorgonia.Node) *gorgonia.Node {
		return Div(s, grad, oneForZero(s, y)) // where y is 0, so is x - mean
	})
}

// oneForZero is y with its zeros replaced, as a divisor.
func oneForZero(s *graph.Scope, y *gorgonia.Node) *gorgonia.Node {
	return Where(s, Equal(s, y, graph.ZerosLike(s, y)), graph.OnesLike(s, y), y)
}

// variance is a function of the variance; factor is its derivative times grad,
// of which the mean times x - mean is the gradient.
func variance(s *graph.Scope, name string, x *gorgonia.Node, cfg VarianceConfig, of func(float64) float64,
	factor func(s *graph.Scope, y, grad *gorgonia.Node) *gorgonia.Node) *gorgonia.Node {
	if cfg.Correction < 0 {
		return s.Failf(name, gorgonia.Nodes{x}, "Correction is %d; want 0 (divide by n) or 1 (by n - 1)", cfg.Correction)
	}
	cfg.Axes = append([]int(nil), cfg.Axes...)
	return reduction{
		name: name, allowed: floats, axes: cfg.Axes, keep: cfg.Keep, alters: true,
		attrs: map[string]interface{}{"correction": cfg.Correction},
		kernels: func(reduced []bool) byDtype {
			return byDtype{
				f32: bindVariance[float32](reduced, cfg.Correction, of),
				f64: bindVariance[float64](reduced, cfg.Correction, of),
			}
		},
		grad: func(s *graph.Scope, x, y, grad *gorgonia.Node) *gorgonia.Node {
			share := spread(s, factor(s, y, grad), x, cfg.Axes, cfg.Keep, true)
			return bessel(s, Mul(s, share, centered(s, x, cfg.Axes)), x, cfg.Axes, cfg.Correction)
		},
	}.apply(s, x)
}

// centered is x less its mean along the axes.
func centered(s *graph.Scope, x *gorgonia.Node, axes []int) *gorgonia.Node {
	near := Sub(s, x, MeanKeep(s, x, axes...))
	return Sub(s, near, MeanKeep(s, near, axes...)) // a large mean was rounded
}

func variances[T float](correction int, of func(float64) float64) reducer[T] {
	return reducer[T]{walk: func(x []T, at int, l *layout) T {
		n := l.rows * l.cols
		if n <= correction {
			return T(math.NaN())
		}
		sum := 0.0
		p := l.seek(0)
		for r := 0; r < l.rows; r++ {
			for i, left := at+p.at[0], l.cols; left > 0; left-- {
				sum += float64(x[i])
				i += l.step[0]
			}
			l.next(&p)
		}
		mean := sum / float64(n)
		// rest, the sum of the deviations, corrects for the rounding of the mean.
		squares, rest := 0.0, 0.0
		p = l.seek(0)
		for r := 0; r < l.rows; r++ {
			for i, left := at+p.at[0], l.cols; left > 0; left-- {
				d := float64(x[i]) - mean
				squares += d * d
				rest += d
				i += l.step[0]
			}
			l.next(&p)
		}
		return T(of(max(0, squares-rest*rest/float64(n)) / float64(n-correction)))
	}}
}

// bindVariance takes the columns of a matrix side by side, and others one by one.
func bindVariance[T float](reduced []bool, correction int, of func(float64) float64) binder {
	oneByOne := variances[T](correction, of).bindWalk(reduced)
	return func(b *graph.Binding) (graph.Kernel, error) {
		gs := groups(b.In[0].Shape, reduced)
		if sizeOf(b.In[0].Shape) == 0 || len(gs) != 2 || !gs[0].reduced {
			return oneByOne(b)
		}
		rows, cols := gs[0].size, gs[1].size
		factor := besselFactor(rows, correction)
		means := b.Scratch(b.Out.Dtype, cols)
		body := func(c *graph.Call, lo, hi int) {
			y := elements[T](c.Out)
			kernel.ColumnMoments(elements[T](c.Scratch[means]), y, elements[T](c.In[0]), rows, cols, lo, hi)
			for i, v := range y[lo:hi] {
				y[lo+i] = T(of(float64(v) * factor))
			}
		}
		return func(c *graph.Call) error {
			c.Split(cols, max(64, reduceGrain/rows), body)
			return nil
		}, nil
	}
}

// besselFactor is n/(n - correction), NaN where that has no elements left.
func besselFactor(n, correction int) float64 {
	if n <= correction {
		return math.NaN()
	}
	return float64(n) / float64(n-correction)
}

// bessel is x times n/(n - correction), n being the number of elements of like
// along the axes. Only the shape of like is used.
func bessel(s *graph.Scope, x, like *gorgonia.Node, axes []int, correction int) *gorgonia.Node {
	if correction == 0 {
		return x
	}
	factor := func(b *graph.Binding) float64 {
		reduced, err := reducedAxes(axes, b.In[1].Rank())
		if err != nil {
			return math.NaN()
		}
		n := 1
		for a, r := range reduced {
			if r {
				n *= b.In[1].Shape[a]
			}
		}
		return besselFactor(n, correction)
	}
	return graph.Apply(s, graph.OpDef{
		Name:      "Bessel",
		Attrs:     map[string]interface{}{"axes": axes, "correction": correction},
		Infer:     func(in []graph.Spec) (graph.Spec, error) { return in[0], nil },
		ShapeOnly: []int{1},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			f := factor(b)
			return graph.Elementwise(
				func(y, x []float32) { kernel.MulScalar(y, x, float32(f)) },
				func(y, x []float64) { kernel.MulScalar(y, x, f) })(b)
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return gorgonia.Nodes{bessel(s, grad, in[1], axes, correction), nil}
		},
	}, x, like)
}
