package ops

import (
	"math"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// batchNormInference normalises x, of shape [..., channels], by statistics that
// are given:
//
//	y = gamma * (x - mean) / sqrt(variance + epsilon) + beta
//
// A row's bits do not depend on the other rows.
func batchNormInference(s *graph.Scope, x, gamma, beta, mean, variance *gorgonia.Node, epsilon float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "BatchNormInference",
		Attrs: map[string]interface{}{"epsilon": epsilon},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return inferBatchNorm(in, 0, "gamma", "beta", "the mean", "the variance")
		},
		Kernel:  byDtype{f32: bnInfer[float32](epsilon), f64: bnInfer[float64](epsilon)}.first,
		InPlace: []int{0},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			dx := batchNormInferenceGrad(s, grad, in[0], in[1], in[3], in[4], epsilon)
			return gorgonia.Nodes{dx, graph.Aux(s, dx, 0), graph.Aux(s, dx, 1), graph.Aux(s, dx, 2), graph.Aux(s, dx, 3)}
		},
	}, x, gamma, beta, mean, variance)
}

func bnInfer[T float](epsilon float64) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		rows, cols := bnSize(b.In[0])
		b.Finishes()
		b.AppliesAffine(func(c *graph.Call, scale, shift *graph.Array) {
			k, beta, mean := elements[T](scale), elements[T](c.In[2]), elements[T](c.In[3])
			kernel.BatchNormScales(k, elements[T](c.In[1]), elements[T](c.In[4]), epsilon)
			for i := range k {
				elements[T](shift)[i] = T(float64(beta[i]) - float64(mean[i])*float64(k[i]))
			}
		})
		coefs := b.Prepares(b.Out.Dtype, 2*cols, []int{1, 2, 4}, func(c *graph.Call, prepared *graph.Array) {
			k := elements[T](prepared)
			kernel.BatchNormScales(k[:cols], elements[T](c.In[1]), elements[T](c.In[4]), epsilon)
			copy(k[cols:], elements[T](c.In[2]))
		})
		normalise := func(c *graph.Call, lo, hi int) {
			bnNormalise(c, lo, hi, elements[T](c.In[3]), elements[T](c.Prepared[coefs]))
		}
		return func(c *graph.Call) error {
			c.Split(rows, bnChunk(rows, cols), normalise)
			return nil
		}, nil
	}
}

// batchNormInferenceGrad is the gradient of batchNormInference for x; its extra
// outputs are those for gamma, beta, the mean and the variance. With inv =
// 1/sqrt(variance + epsilon):
//
//	dx = dy*gamma*inv
//	dgamma = sum(dy*(x - mean)*inv)
//	dbeta = sum(dy)
//	dmean = -dbeta*gamma*inv
//	dvariance = -dgamma*gamma*inv^2/2
func batchNormInferenceGrad(s *graph.Scope, dy, x, gamma, mean, variance *gorgonia.Node, epsilon float64) *gorgonia.Node {
	return graph.Apply(s, graph.OpDef{
		Name:  "BatchNormInferenceGrad",
		Attrs: map[string]interface{}{"epsilon": epsilon},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			return inferBatchNorm(in, 1, "gamma", "the mean", "the variance")
		},
		Aux: func(in []graph.Spec) ([]graph.Spec, error) {
			channels := channelSpec(in[1])
			return []graph.Spec{channels, channels, channels, channels}, nil
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			return floatKernel(b, bnInferGrad[float32](b, epsilon), bnInferGrad[float64](b, epsilon))
		},
		InPlace: []int{0, 1},
		Composite: func(s *graph.Scope, in gorgonia.Nodes) gorgonia.Nodes {
			dy, x, gamma, mean, variance := in[0], in[1], in[2], in[3], in[4]
			inv := inverseDeviation(s, variance, epsilon)
			scale := Mul(s, gamma, inv)
			dgamma := Sum(s, Mul(s, dy, Mul(s, Sub(s, x, mean), inv)), leadingAxes(x)...)
			dbeta := Sum(s, dy, leadingAxes(x)...)
			return gorgonia.Nodes{
				Mul(s, dy, scale),
				dgamma,
				dbeta,
				Neg(s, Mul(s, dbeta, scale)),
				Scale(s, Mul(s, dgamma, Mul(s, scale, inv)), -0.5),
			}
		},
	}, dy, x, gamma, mean, variance)
}

func bnInferGrad[T float](b *graph.Binding, epsilon float64) graph.Kernel {
	rows, cols := bnSize(b.In[1])
	sums := bnSumKernel[T](b, rows, cols)
	scales := b.Scratch(b.Out.Dtype, cols)
	backward := func(c *graph.Call, lo, hi int) {
		kernel.ScaleColumns(elements[T](c.Out)[lo*cols:], elements[T](c.In[0])[lo*cols:], elements[T](c.Scratch[scales]), hi-lo)
	}
	return func(c *graph.Call) error {
		s1, s2 := sums(c)
		gamma, variance := elements[T](c.In[2]), elements[T](c.In[4])
		scale := elements[T](c.Scratch[scales])
		kernel.BatchNormScales(scale, gamma, variance, epsilon)
		dgamma, dbeta := elements[T](c.Aux[0]), elements[T](c.Aux[1])
		dmean, dvariance := elements[T](c.Aux[2]), elements[T](c.Aux[3])
		for i := range s1 {
			inv := 1 / math.Sqrt(float64(variance[i])+epsilon)
			g := float64(gamma[i]) * inv
			dg := s2[i] * inv
			dgamma[i] = T(dg)
			dbeta[i] = T(s1[i])
			dmean[i] = T(-s1[i] * g)
			dvariance[i] = T(-0.5 * dg * g * inv)
		}
		c.Split(rows, bnChunk(rows, cols), backward)
		return nil
	}
}
