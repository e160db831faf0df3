package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// LayerNormConfig configures LayerNorm. The zero value normalises over the last
// axis.
type LayerNormConfig struct {
	// Epsilon is added to the variance: default 1e-12, as in tf.contrib.layers;
	// not negative. torch.nn.LayerNorm has 1e-5, Keras 1e-3.
	Epsilon float64
	// BeginNormAxis is the first of the axes that are normalised together; all
	// behind it follow. Negative ones count from the last; default -1, as in
	// PyTorch and Keras. tf.contrib.layers.layer_norm has 1: all but the batch.
	BeginNormAxis int
	// BeginParamsAxis is the first of the axes along which gamma and beta have an
	// element each, not before BeginNormAxis: default -1, as in
	// tf.contrib.layers. In PyTorch it is the other one.
	BeginParamsAxis int

	NoCenter bool // without beta
	NoScale  bool // without gamma

	Gamma graph.Initializer // default ones
	Beta  graph.Initializer // default zeros

	// NotTrainable keeps gamma and beta out of TrainableVariables.
	NotTrainable bool
}

// LayerNorm normalises each example by its own mean and variance, then scales by
// gamma and shifts by beta: Ba, Kiros and Hinton (2016).
//
//	y = gamma * (x - mean) / sqrt(variance + epsilon) + beta
//
// x is float32 or float64 of rank 1 or more; mean and (biased) variance are taken
// over the last axis, or from BeginNormAxis on, for each element of the axes
// before. It is the same in training and inference, and a row's result does not
// depend on the rows beside it.
//
// The variables, directly in s, the layer's scope, are gamma (from 1) and beta
// (from 0), both [channels], or of the shape of x from BeginParamsAxis on; these
// axes must be known, others need not be.
//
// The gradients, fused and taken through mean and variance, are for x, gamma and
// beta. A row of equal elements gives beta.
//
// TF: tf.contrib.layers.layer_norm. PyTorch: torch.nn.LayerNorm. Dtypes: float. Gradient: yes.
func LayerNorm(s *graph.Scope, x *gorgonia.Node, cfg LayerNormConfig) *gorgonia.Node {
	const name = "LayerNorm"
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	fail := func(format string, args ...interface{}) *gorgonia.Node {
		return s.Fail(name, gorgonia.Nodes{x}, sp, errors.Errorf(format, args...))
	}
	epsilon := cfg.Epsilon
	if epsilon == 0 {
		epsilon = 1e-12
	}
	switch {
	case graph.IsBad(x):
		return fail("x could not be built")
	case !sp.IsFloat():
		return fail("x is %v; want float32 or float64 (ops.Cast converts)", sp)
	case !(epsilon >= 0) || math.IsInf(epsilon, 0):
		return fail("Epsilon is %v; want a small positive number", epsilon)
	}
	first, err := lastUnlessSet(cfg.BeginNormAxis, sp.Rank())
	if err != nil {
		return fail("BeginNormAxis: %v", err)
	}
	params, err := lastUnlessSet(cfg.BeginParamsAxis, sp.Rank())
	switch {
	case err != nil:
		return fail("BeginParamsAxis: %v", err)
	case params < first:
		return fail("BeginParamsAxis is %d, before BeginNormAxis, %d", params, first)
	}
	shape := sp.Shape[params:].Clone()
	for _, d := range shape {
		if d < 0 {
			return fail("x is %v; the sizes from axis %d on, those of gamma and beta, must be known", sp, params)
		}
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		gamma, beta := scaleAndShift{cfg.NoScale, cfg.NoCenter, cfg.Gamma, cfg.Beta, cfg.NotTrainable}.variables(s, sp.Dtype, shape)
		return fusedLayerNorm(s, x, gamma, beta, first, epsilon)
	})
}

// lastUnlessSet resolves an axis of which 0 stands for the last.
func lastUnlessSet(axis, rank int) (int, error) {
	if axis == 0 {
		axis = -1
	}
	return axisOf(axis, rank)
}

// fusedLayerNorm normalises x over the axes from first on. gamma and beta have
// the shape of its last axes.
func fusedLayerNorm(s *graph.Scope, x, gamma, beta *gorgonia.Node, first int, epsilon float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "LayerNorm",
		Attrs: map[string]interface{}{"begin_norm_axis": first, "epsilon": epsilon},
		Infer: func(in []graph.Spec) (graph.Spec, error) { return in[0], checkLayerNorm(in[0], in[1], in[2]) },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, layerNorm[float32](b, first, epsilon), layerNorm[float64](b, first, epsilon))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dx := fusedLayerNormGrad(s, grad, in[0], in[1], first, epsilon)
			return gorgonia.Nodes{dx, graph.Aux(s, dx, 0), graph.Aux(s, dx, 1)}
		},
	}, x, gamma, beta)
}

// fusedLayerNormGrad is the gradient of fusedLayerNorm for x; its extra outputs
// are those for gamma and beta. With xhat = (x - mean)*inv, g = dy*gamma and
// means taken over the normalised axes:
//
//	dx = inv*(g - mean(g) - xhat*mean(g*xhat))
//	dgamma = sum(dy*xhat)
//	dbeta = sum(dy)
func fusedLayerNormGrad(s *graph.Scope, dy, x, gamma *gorgonia.Node, first int, epsilon float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "LayerNormGrad",
		Attrs: map[string]interface{}{"begin_norm_axis": first, "epsilon": epsilon},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out, err := sameTwo(in[:2])
			if err == nil {
				err = checkLayerNorm(out, in[2])
			}
			return in[1], err
		},
		Aux: func(in []graph.Spec) ([]graph.Spec, error) { return []graph.Spec{in[2], in[2]}, nil },
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, layerNormGrad[float32](b, first, epsilon), layerNormGrad[float64](b, first, epsilon))
		},
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			dy, x, gamma := in[0], in[1], in[2]
			axes := axesFrom(x, first)
			d := Sub(s, x, MeanKeep(s, x, axes...))
			inv := inverseDeviation(s, MeanKeep(s, Square(s, d), axes...), epsilon)
			xhat := Mul(s, d, inv)
			g := Mul(s, dy, gamma)
			inner := Sub(s, Sub(s, g, MeanKeep(s, g, axes...)), Mul(s, xhat, MeanKeep(s, Mul(s, g, xhat), axes...)))
			return gorgonia.Nodes{Mul(s, inv, inner), SumTo(s, Mul(s, dy, xhat), gamma), SumTo(s, dy, gamma)}
		},
	}, dy, x, gamma)
}

// axesFrom lists the axes of x from first on.
func axesFrom(x *gorgonia.Node, first int) []int {
	var axes []int
	for a := first; a < graph.SpecOf(x).Rank(); a++ {
		axes = append(axes, a)
	}
	return axes
}

// checkLayerNorm tells whether parameters have the shape of the last axes of x.
func checkLayerNorm(x graph.Spec, params ...graph.Spec) error {
	for _, p := range params {
		shift := x.Rank() - p.Rank()
		if p.Dtype != x.Dtype || !x.IsFloat() || shift < 0 || !graph.Compatible(p.Shape, x.Shape[shift:]) {
			return errors.Errorf("x is %v, a parameter %v; want the dtype and the last axes of x", x, p)
		}
	}
	return nil
}

// layerNormSizes returns the number of rows, their length, how many elements the
// parameters have, and how many rows are worth handing to a goroutine.
func layerNormSizes(x, gamma graph.Spec, first int) (rows, cols, params, rowGrain int) {
	rows, cols, params = sizeOf(x.Shape[:first]), sizeOf(x.Shape[first:]), sizeOf(gamma.Shape)
	if cols == 0 {
		rows = 0
	}
	return rows, cols, params, max(1, grain/max(1, cols))
}

func layerNorm[T float](b *graph.Binding, first int, epsilon float64) graph.Kernel {
	rows, cols, params, rowGrain := layerNormSizes(b.In[0], b.In[1], first)
	body := func(c *graph.Call, lo, hi int) {
		y, x := elements[T](c.Out), elements[T](c.In[0])
		gamma, beta := elements[T](c.In[1]), elements[T](c.In[2])
		for r := lo * cols; r < hi*cols; r += cols {
			mean, inv := rowMoments(x[r:r+cols], epsilon)
			for at := r; at < r+cols; at += params {
				kernel.LayerNorm(y[at:at+params], x[at:at+params], gamma, beta, mean, inv)
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, rowGrain, body)
		return nil
	}
}

// rowMoments returns the mean of a row and its inverse standard deviation.
func rowMoments[T float](x []T, epsilon float64) (mean, inv float64) {
	n := float64(len(x))
	mean = kernel.WideSum(x) / n
	return mean, 1 / math.Sqrt(kernel.SquaresFrom(x, mean)/n+epsilon)
}

func layerNormGrad[T float](b *graph.Binding, first int, epsilon float64) graph.Kernel {
	rows, cols, params, rowGrain := layerNormSizes(b.In[1], b.In[2], first)
	chunk := max(rowGrain, (rows+15)/16) // no more partial sums than few goroutines can share
	parts := b.Scratch(tensor.Float64, 2*params*((rows+chunk-1)/chunk))
	body := func(c *graph.Call, lo, hi int) {
		dx, dy, x, gamma := elements[T](c.Out), elements[T](c.In[0]), elements[T](c.In[1]), elements[T](c.In[2])
		sums := c.Scratch[parts].Float64s()[2*params*(lo/chunk):][:2*params]
		clear(sums)
		for r := lo * cols; r < hi*cols; r += cols {
			mean, inv := rowMoments(x[r:r+cols], epsilon)
			s1, s2 := 0.0, 0.0
			for at := r; at < r+cols; at += params {
				a, b := kernel.LayerNormSums(sums[:params], sums[params:], dy[at:at+params], x[at:at+params], gamma, mean, inv)
				s1 += a
				s2 += b
			}
			n := float64(cols)
			for at := r; at < r+cols; at += params {
				kernel.LayerNormGrad(dx[at:at+params], dy[at:at+params], x[at:at+params], gamma, mean, inv, s1/n, s2/n)
			}
		}
	}
	return func(c *graph.Call) error {
		c.Split(rows, chunk, body)
		dgamma, dbeta := elements[T](c.Aux[0]), elements[T](c.Aux[1])
		all := c.Scratch[parts].Float64s()
		for i := range dgamma {
			g, b := 0.0, 0.0
			for at := i; at < len(all); at += 2 * params {
				g += all[at]
				b += all[at+params]
			}
			dgamma[i], dbeta[i] = T(g), T(b)
		}
		return nil
	}
}
