package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// fusedBatchNorm normalises x, of shape [..., channels], by the statistics of
// all axes but the last:
//
//	y = gamma * (x - mean) / sqrt(variance + epsilon) + beta
//
// Extra outputs, [channels] each: the mean, the biased variance, and what
// rounding to the element type took from the mean. An empty x has mean and
// variance 0.
func fusedBatchNorm(s *graph.Scope, x, gamma, beta *gorgonia.Node, epsilon float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "FusedBatchNorm",
		Attrs: map[string]interface{}{"epsilon": epsilon},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return inferBatchNorm(in, 0, "gamma", "beta")
		},
		Aux: func(in []graph.Spec) ([]graph.Spec, error) {
			channels := channelSpec(in[0])
			return []graph.Spec{channels, channels, channels}, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			b.Finishes()
			return floatKernel(b, bnTrain[float32](b, epsilon), bnTrain[float64](b, epsilon))
		},
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			mean, variance, rest := graph.Aux(s, out, 0), graph.Aux(s, out, 1), graph.Aux(s, out, 2)
			dx := fusedBatchNormGrad(s, grad, in[0], in[1], mean, variance, rest, epsilon)
			return gorgonia.Nodes{dx, graph.Aux(s, dx, 0), graph.Aux(s, dx, 1)}
		},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			x, gamma, beta := in[0], in[1], in[2]
			mean, variance, d, inv := momentsOf(s, x, epsilon)
			return gorgonia.Nodes{Add(s, Mul(s, d, Mul(s, gamma, inv)), beta), mean, variance, graph.ZerosLike(s, mean)}
		},
	}, x, gamma, beta)
}

// momentsOf expresses in single ops the statistics of x over all axes but the
// last, its deviation d from the mean and the inverse standard deviation.
func momentsOf(s *graph.Scope, x *gorgonia.Node, epsilon float64) (mean, variance, d, inv *gorgonia.Node) {
	mean = Mean(s, x, leadingAxes(x)...)
	d = Sub(s, x, mean)
	variance = Mean(s, Square(s, d), leadingAxes(x)...)
	return mean, variance, d, inverseDeviation(s, variance, epsilon)
}

func inverseDeviation(s *graph.Scope, variance *gorgonia.Node, epsilon float64) *gorgonia.Node {
	return Div(s, graph.OnesLike(s, variance), Sqrt(s, AddScalar(s, variance, epsilon)))
}

// leadingAxes lists all axes but the last.
func leadingAxes(x *gorgonia.Node) []int {
	axes := make([]int, graph.SpecOf(x).Rank()-1)
	for i := range axes {
		axes[i] = i
	}
	return axes
}

// inferBatchNorm is the shape rule of an op on x, input at, that is followed
// by vectors of one element a channel.
func inferBatchNorm(in []graph.Spec, at int, vectors ...string) (graph.Spec, error) {
	if len(in) != at+1+len(vectors) {
		return graph.Spec{}, errors.Errorf("takes %d inputs, but %d came", at+1+len(vectors), len(in))
	}
	x := in[at]
	if !x.IsFloat() || x.Rank() < 2 {
		return x, errors.Errorf("x is %v; want float32 or float64 [batch, ..., channels]", x)
	}
	channels := x.Shape[x.Rank()-1]
	for i, name := range vectors {
		v := in[at+1+i]
		if v.Dtype != x.Dtype || v.Rank() != 1 || channels >= 0 && v.Shape[0] >= 0 && v.Shape[0] != channels {
			return x, errors.Errorf("%s is %v; want %v of one element for each channel of x, %v", name, v, x.Dtype, x)
		}
	}
	if at == 0 {
		return x, nil
	}
	return sameTwo([]graph.Spec{in[0], x})
}

// channelSpec is a vector of one element for each channel of x.
func channelSpec(x graph.Spec) graph.Spec {
	if x.Rank() == 0 {
		return graph.Spec{Dtype: x.Dtype, Shape: tensor.Shape{graph.Unknown}}
	}
	return graph.Spec{Dtype: x.Dtype, Shape: tensor.Shape{x.Shape[x.Rank()-1]}}
}

func bnTrain[T float](b *graph.Binding, epsilon float64) graph.Kernel {
	rows, cols := bnSize(b.In[0])
	cut := cutColumns(rows, cols)
	parts := b.Scratch(tensor.Float64, 2*cols*cut.sections)
	coefs := b.Scratch(b.Out.Dtype, 2*cols)
	moments := func(c *graph.Call, lo, hi int) {
		p := cut.piece(lo)
		part := c.Scratch[parts].Float64s()[2*cols*p.section:][:2*cols]
		kernel.ColumnDeviations(part[p.lo:p.hi], part[cols:][p.lo:p.hi], elements[T](c.In[0])[p.row*cols+p.lo:], p.rows, cols)
	}
	normalise := func(c *graph.Call, lo, hi int) {
		bnNormalise(c, lo, hi, elements[T](c.Aux[0]), elements[T](c.Scratch[coefs]))
	}
	return func(c *graph.Call) error {
		c.Split(cut.pieces, 1, moments)
		mu, m2 := cut.merge(c.Scratch[parts].Float64s())
		kernel.BatchNormCoefs(elements[T](c.Scratch[coefs]), elements[T](c.Aux[0]), elements[T](c.Aux[1]), elements[T](c.Aux[2]),
			elements[T](c.In[1]), elements[T](c.In[2]), mu, m2, max(rows, 1), epsilon)
		c.Split(rows, bnChunk(rows, cols), normalise)
		return nil
	}
}

// fusedBatchNormGrad is the gradient of fusedBatchNorm for x; its extra outputs
// are those for gamma and beta. With n rows, inv = 1/sqrt(variance + epsilon)
// and xhat = (x - mean)*inv:
//
//	dbeta = sum(dy)
//	dgamma = sum(dy*xhat)
//	dx = gamma*inv*(dy - dbeta/n - xhat*dgamma/n)
func fusedBatchNormGrad(s *graph.Scope, dy, x, gamma, mean, variance, rest *gorgonia.Node, epsilon float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "FusedBatchNormGrad",
		Attrs: map[string]interface{}{"epsilon": epsilon},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return inferBatchNorm(in, 1, "gamma", "the mean", "the variance", "the rest of the mean")
		},
		Aux: func(in []graph.Spec) ([]graph.Spec, error) {
			channels := channelSpec(in[1])
			return []graph.Spec{channels, channels}, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, bnTrainGrad[float32](b, epsilon), bnTrainGrad[float64](b, epsilon))
		},
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			// The statistics are taken from x again, so that all of x's
			// influence is seen.
			dy, x, gamma := in[0], in[1], in[2]
			_, _, d, inv := momentsOf(s, x, epsilon)
			xhat := Mul(s, d, inv)
			product := Mul(s, dy, xhat)
			axes := leadingAxes(x)
			inner := Sub(s, Sub(s, dy, Mean(s, dy, axes...)), Mul(s, xhat, Mean(s, product, axes...)))
			return gorgonia.Nodes{Mul(s, inner, Mul(s, gamma, inv)), Sum(s, product, axes...), Sum(s, dy, axes...)}
		},
	}, dy, x, gamma, mean, variance, rest)
}

func bnTrainGrad[T float](b *graph.Binding, epsilon float64) graph.Kernel {
	rows, cols := bnSize(b.In[1])
	sums := bnSumKernel[T](b, rows, cols)
	coefs := b.Scratch(b.Out.Dtype, 3*cols)
	backward := func(c *graph.Call, lo, hi int) {
		kernel.BatchNormGrad(elements[T](c.Out)[lo*cols:], elements[T](c.In[0])[lo*cols:], elements[T](c.In[1])[lo*cols:],
			elements[T](c.In[3]), elements[T](c.Scratch[coefs]), hi-lo)
	}
	return func(c *graph.Call) error {
		s1, s2 := sums(c)
		kernel.BatchNormGradCoefs(elements[T](c.Scratch[coefs]), elements[T](c.Aux[0]), elements[T](c.Aux[1]),
			elements[T](c.In[2]), elements[T](c.In[4]), elements[T](c.In[5]), s1, s2, max(rows, 1), epsilon)
		c.Split(rows, bnChunk(rows, cols), backward)
		return nil
	}
}

// bnSumKernel returns the function that sums, by column, dy and dy*(x - mean):
// inputs 0, 1 and 3 are dy, x and mean.
func bnSumKernel[T float](b *graph.Binding, rows, cols int) func(c *graph.Call) (s1, s2 []float64) {
	cut := cutColumns(rows, cols)
	parts := b.Scratch(tensor.Float64, 2*cols*cut.sections)
	body := func(c *graph.Call, lo, hi int) {
		p := cut.piece(lo)
		part := c.Scratch[parts].Float64s()[2*cols*p.section:][:2*cols]
		at := p.row*cols + p.lo
		kernel.ColumnProducts(part[p.lo:p.hi], part[cols:][p.lo:p.hi], elements[T](c.In[0])[at:], elements[T](c.In[1])[at:],
			elements[T](c.In[3])[p.lo:p.hi], p.rows, cols)
	}
	return func(c *graph.Call) (s1, s2 []float64) {
		c.Split(cut.pieces, 1, body)
		return cut.add(c.Scratch[parts].Float64s())
	}
}
