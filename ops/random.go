package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// RandomConfig configures a random op. The zero value takes the graph's seed
// and working dtype.
type RandomConfig struct {
	// Seed keys the numbers in place of the graph's seed and the op's name: two
	// ops with the same Seed draw the same numbers.
	Seed *int64
	// Dtype is the dtype of the result: unless the op says otherwise
	// tensor.Float32 or tensor.Float64, and by default the graph's.
	Dtype tensor.Dtype
}

// key keys the numbers of a node.
func (cfg RandomConfig) key(b *graph.Binding) [2]uint32 {
	if cfg.Seed != nil {
		return philox.Key(*cfg.Seed, "")
	}
	return philox.Key(b.Seed, b.Name)
}

// RandomUniform draws from the uniform distribution on [lo, hi): a tensor of
// the given shape, or a scalar. Each Run draws anew, once, whatever number of
// nodes uses the result.
//
// The numbers are a function of the graph's seed, the node's name and the number
// of the draw (Philox; see RandomConfig).
//
// TF: tf.random_uniform. PyTorch: torch.rand. Dtypes: float. Gradient: no.
func RandomUniform(s *graph.Scope, lo, hi float64, cfg RandomConfig, shape ...int) *gorgonia.Node {
	if bad := wrongRange(s, lo, hi); bad != nil {
		return bad
	}
	return uniform(lo, hi).apply(s, cfg, fixedShape(shape))
}

// RandomUniformLike is RandomUniform with the shape of x, of which nothing else
// is used, and its dtype when that is a float one.
//
// TF: tf.random_uniform. PyTorch: torch.rand_like. Dtypes: float. Gradient: no.
func RandomUniformLike(s *graph.Scope, lo, hi float64, cfg RandomConfig, x *gorgonia.Node) *gorgonia.Node {
	if bad := wrongRange(s, lo, hi); bad != nil {
		return bad
	}
	return uniform(lo, hi).like(s, cfg, x)
}

// wrongRange is a bad node where there is nothing to draw from, else nil.
func wrongRange(s *graph.Scope, lo, hi float64) *gorgonia.Node {
	if !(lo < hi) || math.IsInf(hi-lo, 0) {
		return s.Failf("RandomUniform", nil, "the range is [%v, %v); want lo < hi, both finite", lo, hi)
	}
	return nil
}

// RandomNormal draws from the normal distribution with the given mean and
// standard deviation, otherwise as RandomUniform.
//
// TF: tf.random_normal. PyTorch: torch.randn. Dtypes: float. Gradient: no.
func RandomNormal(s *graph.Scope, mean, stddev float64, cfg RandomConfig, shape ...int) *gorgonia.Node {
	if bad := wrongNormal(s, mean, stddev); bad != nil {
		return bad
	}
	return normal(mean, stddev).apply(s, cfg, fixedShape(shape))
}

// RandomNormalLike is RandomNormal with the shape of x, of which nothing else is
// used, and its dtype when that is a float one.
//
// TF: tf.random_normal. PyTorch: torch.randn_like. Dtypes: float. Gradient: no.
func RandomNormalLike(s *graph.Scope, mean, stddev float64, cfg RandomConfig, x *gorgonia.Node) *gorgonia.Node {
	if bad := wrongNormal(s, mean, stddev); bad != nil {
		return bad
	}
	return normal(mean, stddev).like(s, cfg, x)
}

// wrongNormal is a bad node where there is no such distribution, else nil.
func wrongNormal(s *graph.Scope, mean, stddev float64) *gorgonia.Node {
	if !(stddev >= 0) || math.IsInf(stddev, 0) || math.IsNaN(mean) || math.IsInf(mean, 0) {
		return s.Failf("RandomNormal", nil, "the mean is %v and stddev %v; want finite numbers and stddev >= 0", mean, stddev)
	}
	return nil
}

// distribution fills slices with the elements of a stream from offset on.
type distribution struct {
	name  string
	attrs map[string]interface{}
	f32   func(dst []float32, st philox.Stream, offset int)
	f64   func(dst []float64, st philox.Stream, offset int)
}

func uniform(lo, hi float64) distribution {
	return distribution{
		name:  "RandomUniform",
		attrs: map[string]interface{}{"lo": lo, "hi": hi},
		f32: func(dst []float32, st philox.Stream, offset int) {
			philox.FillUniform(dst, st, offset, float32(lo), float32(hi))
		},
		f64: func(dst []float64, st philox.Stream, offset int) { philox.FillUniform(dst, st, offset, lo, hi) },
	}
}

func normal(mean, stddev float64) distribution {
	return distribution{
		name:  "RandomNormal",
		attrs: map[string]interface{}{"mean": mean, "stddev": stddev},
		f32: func(dst []float32, st philox.Stream, offset int) {
			philox.FillNormal(dst, st, offset, float32(mean), float32(stddev))
		},
		f64: func(dst []float64, st philox.Stream, offset int) {
			philox.FillNormal(dst, st, offset, mean, stddev)
		},
	}
}

// like draws with the shape of x, of which nothing else is used, and its dtype
// when that is a float one.
func (d distribution) like(s *graph.Scope, cfg RandomConfig, x *gorgonia.Node) *gorgonia.Node {
	if cfg.Dtype.Type == nil && graph.SpecOf(x).IsFloat() {
		cfg.Dtype = x.Dtype()
	}
	return d.apply(s, cfg, func(in []graph.Spec) (tensor.Shape, error) { return in[0].Shape, nil }, x)
}

// apply makes the node; like, if any, gives only its shape to the rule.
func (d distribution) apply(s *graph.Scope, cfg RandomConfig, shape func(in []graph.Spec) (tensor.Shape, error), like ...*gorgonia.Node) *gorgonia.Node {
	if cfg.Dtype.Type == nil {
		cfg.Dtype = s.Graph().Dtype()
	}
	def := graph.OpDef{
		Name:  d.name,
		Attrs: d.attrs,
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			out := graph.Spec{Dtype: cfg.Dtype}
			if !out.IsFloat() {
				return graph.Spec{Dtype: s.Graph().Dtype()}, errors.Errorf("dtype %v is not supported; want float32 or float64", cfg.Dtype)
			}
			var err error
			out.Shape, err = shape(in)
			return out, err
		},
		Kernel: func(b *graph.Binding) (graph.Kernel, error) {
			key := cfg.key(b)
			return floatKernel(b, fill(key, d.f32), fill(key, d.f64))
		},
		Draws:             true,
		NotDifferentiable: true,
	}
	for i := range like {
		def.ShapeOnly = append(def.ShapeOnly, i)
	}
	return graph.Apply(s, def, like...)
}

// fill computes element i from key, draw and i alone, so that the numbers do
// not depend on how the work is split.
func fill[T float](key [2]uint32, f func(dst []T, st philox.Stream, offset int)) graph.Kernel {
	body := func(c *graph.Call, lo, hi int) {
		f(elements[T](c.Out)[lo:hi], philox.New(key, c.Draw), lo)
	}
	return func(c *graph.Call) error {
		c.Split(c.Out.Size(), randomGrain, body)
		return nil
	}
}

// randomGrain is how many numbers one goroutine draws. Uniform ones are cheap, but
// the other distributions take logarithms and sines in float64, 20 ns each.
const randomGrain = grain / 8

// uniformAt returns the number on [0, 1) that FillUniform gives element i of a
// float64 stream.
func uniformAt(st philox.Stream, i int) float64 {
	w := st.Block(uint64(i) / 2)
	k := i % 2 * 2
	return philox.Uniform64(w[k], w[k+1])
}

// sampleShape is the rule of a draw whose parameters are nodes: they are
// broadcast to each other and to the shape, if one is given.
func sampleShape(name string, in []graph.Spec, shape []int) (tensor.Shape, error) {
	out, err := in[0].Shape, error(nil)
	if len(shape) > 0 {
		if out, err = fixedShape(shape)(nil); err != nil {
			return out, err
		}
	}
	for _, sp := range in {
		both, ok := broadcastShapes(out, sp.Shape)
		if !ok || len(shape) > 0 && !graph.Compatible(both, out) {
			return out, errors.Errorf("%s is %v; it cannot be broadcast to the shape %v", name, sp, []int(out))
		}
		out = both
	}
	return out, nil
}
