package graph

import (
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// feedValue is one feed of a Run, seen as an array of the node's dtype.
type feedValue struct {
	ni     *nodeInfo
	array  Array
	scalar [8]byte // memory of a scalar
	sizes  [8]int  // memory of a flat slice's shape
	isBool bool    // a scalar bool, whose value the plan depends on
}

// resolve reads value as the value of node ni. The usual forms (a dense tensor
// or flat slice of the node's dtype, a number) are used in place, without
// allocating; others are converted into a copy.
func (f *feedValue) resolve(ni *nodeInfo, value interface{}) error {
	f.ni, f.isBool = ni, false
	want := ni.spec
	if ni.kind == kindOp && ni.def.NoValue {
		return errors.Errorf("%s has no value; it cannot be fed", ni.name)
	}
	var err error
	switch v := value.(type) {
	case *tensor.Dense:
		if v == nil {
			return errors.Errorf("feed of %s: the tensor is nil; want %v", ni.name, want)
		}
		if v.Dtype() == want.Dtype {
			viewTensor(&f.array, v)
		} else {
			err = f.convert(value)
		}
	case []float32:
		err = flat(f, v, tensor.Float32, value)
	case []float64:
		err = flat(f, v, tensor.Float64, value)
	case []int64:
		err = flat(f, v, tensor.Int64, value)
	case []int32:
		err = flat(f, v, tensor.Int32, value)
	case []int:
		err = flat(f, v, tensor.Int, value)
	case []bool:
		err = flat(f, v, tensor.Bool, value)
	case bool:
		err = scalar(f, v, tensor.Bool, value)
	case float32:
		err = scalar(f, v, tensor.Float32, value)
	case float64:
		if want.Dtype == tensor.Float32 {
			err = scalar(f, float32(v), tensor.Float32, value)
		} else {
			err = scalar(f, v, tensor.Float64, value)
		}
	case int:
		switch want.Dtype {
		case tensor.Float32:
			err = scalar(f, float32(v), tensor.Float32, value)
		case tensor.Float64:
			err = scalar(f, float64(v), tensor.Float64, value)
		default:
			err = scalar(f, v, tensor.Int, value)
		}
	default:
		err = f.convert(value)
	}
	if err != nil {
		return errors.Wrapf(err, "feed of %s, %v", ni.name, want)
	}
	if !fits(want.Shape, f.array.shape) {
		return errors.Errorf("feed of %s: want %v, but %v came", ni.name, want, Spec{f.array.dtype, f.array.shape})
	}
	f.isBool = len(want.Shape) == 0 && want.Dtype == tensor.Bool
	return nil
}

// flat uses a slice of the node's dtype in place: it fills a node of rank 1, or
// one of any rank with at most one unknown size.
func flat[T any](f *feedValue, v []T, dt tensor.Dtype, value interface{}) error {
	want := f.ni.spec
	if want.Dtype != dt {
		return f.convert(value)
	}
	shape, err := flatShape(want.Shape, len(v), f.sizes[:0])
	if err != nil {
		return err
	}
	f.array = Array{dtype: dt, shape: shape, size: len(v), ptr: unsafe.Pointer(unsafe.SliceData(v))}
	return nil
}

// flatShape fills the one unknown size of a shape so that n elements fit.
func flatShape(want tensor.Shape, n int, room []int) (tensor.Shape, error) {
	shape := append(tensor.Shape(room), want...)
	unknown, known := -1, 1
	for i, d := range want {
		switch {
		case d >= 0:
			known *= d
		case unknown >= 0:
			return nil, errors.Errorf("a flat slice cannot fill two unknown sizes; feed a *tensor.Dense")
		default:
			unknown = i
		}
	}
	if unknown >= 0 && known > 0 && n%known == 0 {
		shape[unknown] = n / known
		known = n
	}
	if unknown >= 0 && known == 0 {
		shape[unknown] = 0
	}
	if known != n {
		return nil, errors.Errorf("a slice of %d elements does not fill %s", n, formatShape(want))
	}
	return shape, nil
}

// scalar keeps a number of the node's dtype in the feed itself.
func scalar[T any](f *feedValue, v T, dt tensor.Dtype, value interface{}) error {
	if f.ni.spec.Dtype != dt || len(f.ni.spec.Shape) != 0 {
		return f.convert(value)
	}
	*(*T)(unsafe.Pointer(&f.scalar)) = v
	f.array = Array{dtype: dt, shape: scalarShape, size: 1, ptr: unsafe.Pointer(&f.scalar)}
	return nil
}

var scalarShape = tensor.Shape{}

// convert copies a value of another form or dtype.
func (f *feedValue) convert(value interface{}) error {
	want := f.ni.spec
	a, err := arrayOfGo(value, nil)
	if err != nil {
		return err
	}
	_, isTensor := value.(gorgonia.Value)
	if a.dtype != want.Dtype {
		if isTensor && !(a.dtype == tensor.Int && want.IsInt()) {
			return errors.Errorf("the tensor is %v", Spec{a.dtype, a.shape})
		}
		if a, err = convert(a, &want.Dtype); err != nil {
			return err
		}
	}
	if len(a.shape) == 1 && !isTensor {
		if a.shape, err = flatShape(want.Shape, a.size, nil); err != nil {
			return err
		}
	}
	f.array = *a
	return nil
}
