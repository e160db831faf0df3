package training

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// stored gives a value the form that it has in a checkpoint. Go's int is
// stored as int64.
func stored(key string, t *tensor.Dense) (tffile.Tensor, error) {
	shape := []int(t.Shape())
	switch x := sliceOf(t).(type) {
	case []float32:
		return tffile.New(key, shape, x)
	case []float64:
		return tffile.New(key, shape, x)
	case []int32:
		return tffile.New(key, shape, x)
	case []int64:
		return tffile.New(key, shape, x)
	case []uint8:
		return tffile.New(key, shape, x)
	case []bool:
		return tffile.New(key, shape, x)
	case []int:
		wide := make([]int64, len(x))
		for i, v := range x {
			wide[i] = int64(v)
		}
		return tffile.New(key, shape, wide)
	}
	return tffile.Tensor{}, errors.Errorf("%s: dtype %v has no place in a checkpoint", key, t.Dtype())
}

// sliceOf returns the elements of t, of a scalar as a slice of one.
func sliceOf(t *tensor.Dense) interface{} {
	if slices.Contains(t.Shape(), 0) { // for which Data panics
		return reflect.MakeSlice(reflect.SliceOf(t.Dtype().Type), 0, 0).Interface()
	}
	data := t.Data()
	if v := reflect.ValueOf(data); v.Kind() != reflect.Slice {
		one := reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1)
		one.Index(0).Set(v)
		return one.Interface()
	}
	return data
}

// loaded gives a stored tensor the form of a variable of this spec, to which it
// fits (see fitting).
func loaded(t tffile.Tensor, sp graph.Spec) (*tensor.Dense, error) {
	switch sp.Dtype {
	case tensor.Float32:
		return dense[float32](t)
	case tensor.Float64:
		return dense[float64](t)
	case tensor.Int32:
		return dense[int32](t)
	case tensor.Int64:
		return dense[int64](t)
	case tensor.Uint8:
		return dense[uint8](t)
	case tensor.Bool:
		return dense[bool](t)
	case tensor.Int:
		wide, err := tffile.Values[int64](t)
		if err != nil {
			return nil, err
		}
		x := make([]int, len(wide))
		for i, v := range wide {
			if x[i] = int(v); int64(x[i]) != v {
				return nil, errors.Errorf("%s: %d does not fit an int of this machine", t.Name, v)
			}
		}
		return denseOver(x, t.Shape), nil
	}
	return nil, errors.Errorf("%s: dtype %v has no place in a checkpoint", t.Name, sp.Dtype)
}

func dense[T tffile.Element](t tffile.Tensor) (*tensor.Dense, error) {
	x, err := tffile.Values[T](t)
	if err != nil {
		return nil, err
	}
	return denseOver(x, t.Shape), nil
}

func denseOver[T any](x []T, shape []int) *tensor.Dense {
	if len(shape) == 0 {
		return tensor.New(tensor.FromScalar(x[0]))
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
}

// fitting tells whether a stored tensor can become the value of a variable.
func fitting(e tffile.Entry, sp graph.Spec) bool {
	return e.DType == tffile.DTypeOf(sp.Dtype.Type) && slices.Equal(e.Shape, []int(sp.Shape))
}

// describe formats a stored tensor's dtype and shape as a graph.Spec's.
func describe(e tffile.Entry) string {
	sizes := make([]string, len(e.Shape))
	for i, d := range e.Shape {
		sizes[i] = fmt.Sprint(d)
	}
	return e.DType.String() + "[" + strings.Join(sizes, ", ") + "]"
}
