package ops

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// Cast converts x to another dtype, elementwise; to the same dtype it costs
// nothing. Any of float32, float64, int, int32, int64, uint8 and bool to any.
//
// true is 1 and false 0; not zero (NaN included) is true. Floats become integers
// by truncation towards zero, and stop at the ends of the integer range; NaN
// becomes 0. Integers wrap around into smaller ones as Go's do. The gradient
// exists between floats and is grad, cast back.
//
// TF: tf.cast. PyTorch: Tensor.to. Dtypes: any. Gradient: yes.
func Cast(s *graph.Scope, x *gorgonia.Node, dtype tensor.Dtype) *gorgonia.Node {
	def := graph.OpDef{
		Name:  "Cast",
		Attrs: map[string]interface{}{"dtype": dtype},
		Infer: func(in []graph.Spec) (graph.Spec, error) {
			if len(in) != 1 {
				return graph.Spec{}, errors.Errorf("takes one input, but %d came", len(in))
			}
			return graph.Spec{Dtype: dtype, Shape: in[0].Shape}, anyDtype.check(in[0])
		},
		Kernel: bindCast,
		Alias: func(in []graph.Spec, out graph.Spec) int {
			if in[0].Dtype == out.Dtype {
				return 0
			}
			return -1
		},
		Gradient: func(s *graph.Scope, in gorgonia.Nodes, out, grad *gorgonia.Node) gorgonia.Nodes {
			return only(Cast(s, grad, in[0].Dtype()))
		},
	}
	if dtype.Type == nil {
		return s.Failf("Cast", gorgonia.Nodes{x}, "the target dtype is not set; use tensor.Float32, tensor.Int64, ...")
	}
	if anyDtype.check(graph.Spec{Dtype: dtype}) != nil {
		return s.Failf("Cast", gorgonia.Nodes{x}, "dtype %v is not supported; use float32, float64, int, int32, int64, uint8 or bool", dtype)
	}
	if x != nil && !graph.SpecOf(x).IsFloat() || !(graph.Spec{Dtype: dtype}).IsFloat() {
		def.Gradient, def.NotDifferentiable = nil, true
	}
	return graph.Apply(s, def, x)
}

func bindCast(b *graph.Binding) (graph.Kernel, error) {
	return byDtype{
		f32: castFloat[float32], f64: castFloat[float64],
		i: castInt[int], i32: castInt[int32], i64: castInt[int64], u8: castBytes,
		bool: castBool,
	}.first(b)
}

func castFloat[S float](b *graph.Binding) (graph.Kernel, error) {
	to, err := byDtype{
		f32: convertTo(convertNumber[S, float32]), f64: convertTo(convertNumber[S, float64]),
		i:    convertTo(saturate[S, int](math.MinInt, math.MaxInt)),
		i32:  convertTo(saturate[S, int32](math.MinInt32, math.MaxInt32)),
		i64:  convertTo(saturate[S, int64](math.MinInt64, math.MaxInt64)),
		u8:   convertTo(saturate[S, uint8](0, math.MaxUint8)),
		bool: convertTo(notZero[S]),
	}.of(b.Out.Dtype)
	if err != nil {
		return nil, err
	}
	return to(b)
}

func castInt[S integer](b *graph.Binding) (graph.Kernel, error) {
	to, err := byDtype{
		f32: convertTo(convertNumber[S, float32]), f64: convertTo(convertNumber[S, float64]),
		i: convertTo(convertNumber[S, int]), i32: convertTo(convertNumber[S, int32]),
		i64: convertTo(convertNumber[S, int64]), u8: convertTo(convertNumber[S, uint8]),
		bool: convertTo(notZero[S]),
	}.of(b.Out.Dtype)
	if err != nil {
		return nil, err
	}
	return to(b)
}

// castBytes has a faster way to float32, which images take.
func castBytes(b *graph.Binding) (graph.Kernel, error) {
	if b.Out.Dtype == tensor.Float32 {
		return convertTo(kernel.FromBytes)(b)
	}
	return castInt[uint8](b)
}

// castBool takes a bool for the byte 0 or 1 that it is.
func castBool(b *graph.Binding) (graph.Kernel, error) { return castBytes(b) }

// convertTo binds a loop from elements of S to elements of D.
func convertTo[S, D any](f func(out []D, x []S)) binder {
	return func(*graph.Binding) (graph.Kernel, error) {
		body := func(c *graph.Call, lo, hi int) {
			f(elements[D](c.Out)[lo:hi], elements[S](c.In[0])[lo:hi])
		}
		return func(c *graph.Call) error {
			c.Split(c.Out.Size(), grain, body)
			return nil
		}, nil
	}
}

func convertNumber[S, D number](out []D, x []S) {
	for i, v := range x {
		out[i] = D(v)
	}
}

// saturate truncates floats to integers within [lo, hi], the range of D. Go
// leaves the conversion of other values to the machine.
func saturate[S float, D integer](lo, hi D) func(out []D, x []S) {
	// hi may not be a float; the next one above it, hi+1, is a power of two.
	below, above := S(lo), S(hi/2+1)*2
	return func(out []D, x []S) {
		for i, v := range x {
			switch {
			case v >= above:
				out[i] = hi
			case v > below:
				out[i] = D(v)
			case v <= below:
				out[i] = lo
			default:
				out[i] = 0
			}
		}
	}
}

func notZero[S number](out []bool, x []S) {
	for i, v := range x {
		out[i] = v != 0
	}
}
