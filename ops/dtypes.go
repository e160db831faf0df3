package ops

import (
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// integer lists the integer element types.
type integer interface{ int | int32 | int64 | uint8 }

// number lists the element types of arithmetic.
type number interface{ float | integer }

// dtypes is a set of dtypes that an op accepts.
type dtypes []tensor.Dtype

var (
	floats   = dtypes{tensor.Float32, tensor.Float64}
	numbers  = dtypes{tensor.Float32, tensor.Float64, tensor.Int, tensor.Int32, tensor.Int64, tensor.Uint8}
	signed   = numbers[:5]
	bools    = dtypes{tensor.Bool}
	indices  = dtypes{tensor.Int, tensor.Int32, tensor.Int64}
	anyDtype = append(numbers[:6:6], tensor.Bool)
)

// check returns an error when sp has none of the dtypes.
func (d dtypes) check(sp graph.Spec) error {
	for _, dt := range d {
		if sp.Dtype == dt {
			return nil
		}
	}
	names := make([]string, len(d))
	for i, dt := range d {
		names[i] = dt.String()
	}
	want := names[0]
	if n := len(names); n > 1 {
		want = strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return errors.Errorf("the input is %v; want %s (ops.Cast converts)", sp, want)
}

// binder chooses a kernel for known shapes.
type binder func(b *graph.Binding) (graph.Kernel, error)

// byDtype holds a binder for each element type; nil where there is none.
type byDtype struct {
	f32, f64, i, i32, i64, u8, bool binder
}

// of returns the binder for a dtype.
func (k byDtype) of(dt tensor.Dtype) (binder, error) {
	var f binder
	switch dt {
	case tensor.Float32:
		f = k.f32
	case tensor.Float64:
		f = k.f64
	case tensor.Int:
		f = k.i
	case tensor.Int32:
		f = k.i32
	case tensor.Int64:
		f = k.i64
	case tensor.Uint8:
		f = k.u8
	case tensor.Bool:
		f = k.bool
	}
	if f == nil {
		return nil, errors.Errorf("dtype %v is not supported", dt)
	}
	return f, nil
}

// first binds by the dtype of the first input.
func (k byDtype) first(b *graph.Binding) (graph.Kernel, error) {
	f, err := k.of(b.In[0].Dtype)
	if err != nil {
		return nil, err
	}
	return f(b)
}

// bySize holds binders for kernels that only move elements: what counts is
// how many bytes one has.
type bySize struct{ one, four, eight binder }

// first binds by the element size of the first input.
func (k bySize) first(b *graph.Binding) (graph.Kernel, error) {
	switch b.In[0].Dtype.Size() {
	case 1:
		return k.one(b)
	case 4:
		return k.four(b)
	case 8:
		return k.eight(b)
	}
	return nil, errors.Errorf("dtype %v is not supported", b.In[0].Dtype)
}
