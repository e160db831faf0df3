package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// Bernoulli is 1 with probability p and 0 otherwise, drawn for each element by
// itself and anew in each Run as RandomUniform is: a mask of dropout, say.
//
// p is float32 or float64, from 0 to 1; anything else, NaN included, is an error
// of the Run. The result has the shape of p; if a shape is given it has that,
// to which p is broadcast, so a scalar p serves any shape. Its dtype is p's;
// RandomConfig.Dtype may ask for any other, of which bool gives true and false.
// A draw has no gradient.
//
// TF: tf.distributions.Bernoulli. PyTorch: torch.bernoulli. Dtypes: float. Gradient: no.
func Bernoulli(s *graph.Scope, p *gorgonia.Node, cfg RandomConfig, shape ...int) *gorgonia.Node {
	shape = append([]int(nil), shape...)
	return graph.Apply(s, graph.OpDef{
		Name: "Bernoulli",
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: cfg.Dtype, Shape: in[0].Shape}
			if !in[0].IsFloat() {
				return out, errors.Errorf("the probabilities are %v; want float32 or float64 (ops.Cast converts)", in[0])
			}
			if cfg.Dtype.Type == nil {
				out.Dtype = in[0].Dtype
			}
			if anyDtype.check(out) != nil {
				return in[0], errors.Errorf("dtype %v is not supported; want float32, float64, int, int32, int64, uint8 or bool", cfg.Dtype)
			}
			var err error
			out.Shape, err = sampleShape("p", in, shape)
			return out, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			bind, err := byDtype{
				f32: bernoulli[float32](cfg, 1), f64: bernoulli[float64](cfg, 1),
				i: bernoulli[int](cfg, 1), i32: bernoulli[int32](cfg, 1), i64: bernoulli[int64](cfg, 1), u8: bernoulli[uint8](cfg, 1),
				bool: bernoulli(cfg, true),
			}.of(b.Out.Dtype)
			if err != nil {
				return nil, err
			}
			return bind(b)
		},
		Draws:             true,
		NotDifferentiable: true,
	}, p)
}

// bernoulli draws elements that are one or zero.
func bernoulli[T any](cfg RandomConfig, one T) binder {
	return func(b *graph.Binding) (graph.Kernel, error) {
		l, err := broadcastLayout(b.Out.Shape, b.In...)
		if err != nil {
			return nil, err
		}
		if b.In[0].Dtype == tensor.Float64 {
			return bernoulliFrom[T, float64](cfg.key(b), l, one), nil
		}
		return bernoulliFrom[T, float32](cfg.key(b), l, one), nil
	}
}

// bernoulliFrom decides on element i by the i-th uniform number: an element with
// a higher probability is 1 wherever one with a lower probability would be.
func bernoulliFrom[T any, P float](key [2]uint32, l *layout, one T) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		st := philox.New(key, c.Draw)
		out, p := elements[T](c.Out), elements[P](c.In[0])
		var zero T
		l.eachRow(lo, hi, func(at, n int, from [3]int) {
			for i := range n {
				v := zero
				if uniformAt(st, at+i) < float64(p[from[0]+i*l.step[0]]) {
					v = one
				}
				out[at+i] = v
			}
		})
	}
	return func(c *graph.Call) error {
		for i, p := range elements[P](c.In[0]) {
			if !(p >= 0 && p <= 1) {
				return errors.Errorf("the probability at position %d is %v; want 0 to 1", i, p)
			}
		}
		c.Split(c.Out.Size(), randomGrain, body)
		return nil
	}
}
