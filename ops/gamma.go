package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// RandomGamma draws from the gamma distribution of density
//
//	beta^alpha / Gamma(alpha) * x^(alpha-1) * exp(-beta*x), x >= 0
//
// which has mean alpha/beta and variance alpha/beta^2, anew in each Run as
// RandomUniform is. alpha is the shape parameter and beta the rate, the inverse
// of the scale, as in TensorFlow and PyTorch; nil is a rate of 1.
//
// alpha and beta are nodes of one float dtype, which is the result's, and are
// broadcast to each other and, if a shape is given, to that: a scalar alpha
// serves any shape. Each must be positive and finite; anything else is an error
// of the Run. For alpha far below 1 a number may be too small for its dtype, and
// is 0 then.
//
// Marsaglia and Tsang, "A simple method for generating gamma variables" (2000);
// each element has random numbers of its own to accept from, so that it does not
// depend on the others. A draw has no gradient, neither for alpha nor for beta
// (TensorFlow's has; dividing a draw of rate 1 by beta makes it differentiable in
// beta).
//
// TF: tf.random_gamma. PyTorch: torch.distributions.Gamma. Dtypes: float. Gradient: no.
func RandomGamma(s *graph.Scope, alpha, beta *gorgonia.Node, cfg RandomConfig, shape ...int) *gorgonia.Node {
	shape = append([]int(nil), shape...)
	inputs := gorgonia.Nodes{alpha}
	if beta != nil {
		inputs = append(inputs, beta)
	}
	return graph.Apply(s, graph.OpDef{
		Name: "RandomGamma",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: in[0].Dtype, Shape: in[0].Shape}
			if !out.IsFloat() || in[len(in)-1].Dtype != out.Dtype {
				return out, errors.Errorf("alpha and beta are %v; want one float dtype (ops.Cast converts)", in)
			}
			if cfg.Dtype.Type != nil && cfg.Dtype != out.Dtype {
				return out, errors.Errorf("RandomConfig asks for %v but alpha is %v; the draws have alpha's dtype", cfg.Dtype, in[0])
			}
			var err error
			out.Shape, err = sampleShape("a parameter", in, shape)
			return out, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			l, err := broadcastLayout(b.Out.Shape, b.In...)
			if err != nil {
				return nil, err
			}
			return floatKernel(b, gammaKernel[float32](cfg.key(b), l), gammaKernel[float64](cfg.key(b), l))
		},
		Draws:             true,
		NotDifferentiable: true,
	}, inputs...)
}

func gammaKernel[T float](key [2]uint32, l *layout) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		st := philox.New(key, c.Draw)
		out, alpha := elements[T](c.Out), elements[T](c.In[0])
		l.eachRow(lo, hi, func(at, n int, from [3]int) {
			for i := range n {
				rate := 1.0
				if len(c.In) > 1 {
					rate = float64(elements[T](c.In[1])[from[1]+i*l.step[1]])
				}
				out[at+i] = T(gammaAt(st, uint64(at+i), float64(alpha[from[0]+i*l.step[0]])) / rate)
			}
		})
	}
	return func(c *graph.Call) error {
		for k, a := range c.In {
			for i, v := range elements[T](a) {
				if !(v > 0) || math.IsInf(float64(v), 1) {
					return errors.Errorf("%s is %v at position %d; want a positive finite number", [2]string{"alpha", "beta"}[k], v, i)
				}
			}
		}
		c.Split(c.Out.Size(), randomGrain, body)
		return nil
	}
}

// gammaAt draws element i of rate 1. Attempt t takes block i of the t-th part of
// the stream, parts being 2^40 blocks apart; about one in twenty is rejected at
// worst.
func gammaAt(st philox.Stream, i uint64, alpha float64) float64 {
	boost := 1.0
	if alpha < 1 {
		// Of a draw for alpha+1 and a uniform u, the product with u^(1/alpha).
		w := st.Block(1<<63 | i)
		boost = math.Pow(1-philox.Uniform64(w[0], w[1]), 1/alpha)
		alpha++
	}
	d := alpha - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for t := uint64(0); ; t++ {
		w := st.Block(t<<40 + i)
		z := math.Sqrt(-2*math.Log(1-philox.Uniform64(w[0], w[1]))) * math.Cos(2*math.Pi*(float64(w[2])*0x1p-32))
		v := 1 + c*z
		if v <= 0 {
			continue
		}
		v *= v * v
		u := (float64(w[3]) + 0.5) * 0x1p-32
		if math.Log(u) < 0.5*z*z+d-d*v+d*math.Log(v) {
			return d * v * boost
		}
	}
}
