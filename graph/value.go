package graph

import (
	"fmt"
	"reflect"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Values are the results of a Run, one for each fetch in its order: a
// *tensor.Dense that belongs to the caller (a scalar has rank 0), or nil for a
// node that is run for its effect only.
type Values []gorgonia.Value

// Float returns a one-element float or integer result as a float64. It panics
// if result i is something else, as indexing a slice wrongly does.
func (v Values) Float(i int) float64 {
	a := arrayOf(v.Tensor(i))
	if a.size != 1 {
		panic(fmt.Sprintf("Values.Float(%d): the result has shape %s, not one element", i, formatShape(a.shape)))
	}
	switch a.dtype {
	case tensor.Float32:
		return float64(a.Float32s()[0])
	case tensor.Float64:
		return a.Float64s()[0]
	case tensor.Int:
		return float64(a.Ints()[0])
	case tensor.Int32:
		return float64(a.Int32s()[0])
	case tensor.Int64:
		return float64(a.Int64s()[0])
	}
	panic(fmt.Sprintf("Values.Float(%d): the result is %v", i, a.dtype))
}

// Float32s returns the elements of a float32 result, row-major, sharing its
// memory. It panics if result i is something else.
func (v Values) Float32s(i int) []float32 { return arrayOf(v.Tensor(i)).Float32s() }

// Float64s returns the elements of a float64 result, as Float32s does.
func (v Values) Float64s(i int) []float64 { return arrayOf(v.Tensor(i)).Float64s() }

// Ints returns the elements of an int result, as Float32s does.
func (v Values) Ints(i int) []int { return arrayOf(v.Tensor(i)).Ints() }

// Int32s returns the elements of an int32 result, as Float32s does.
func (v Values) Int32s(i int) []int32 { return arrayOf(v.Tensor(i)).Int32s() }

// Int64s returns the elements of an int64 result, as Float32s does.
func (v Values) Int64s(i int) []int64 { return arrayOf(v.Tensor(i)).Int64s() }

// Uint8s returns the elements of a uint8 result, as Float32s does.
func (v Values) Uint8s(i int) []uint8 { return arrayOf(v.Tensor(i)).Uint8s() }

// Bools returns the elements of a bool result, as Float32s does.
func (v Values) Bools(i int) []bool { return arrayOf(v.Tensor(i)).Bools() }

// Tensor returns result i as a dense tensor. It panics if the fetch was an
// effect without a value.
func (v Values) Tensor(i int) *tensor.Dense {
	t, ok := v[i].(*tensor.Dense)
	if !ok {
		panic(fmt.Sprintf("Values.Tensor(%d): that fetch is an effect and has no value", i))
	}
	return t
}

// newDense allocates a zeroed tensor; a scalar gets rank 0.
func newDense(sp Spec) *tensor.Dense {
	n := sizeOf(sp.Shape)
	backing := reflect.MakeSlice(reflect.SliceOf(sp.Dtype.Type), n, n).Interface()
	return denseOver(sp, backing)
}

// denseOver makes a tensor over a slice of the right length.
func denseOver(sp Spec, backing interface{}) *tensor.Dense {
	if sp.Rank() == 0 {
		v := reflect.ValueOf(backing).Index(0).Interface()
		return tensor.New(tensor.FromScalar(v))
	}
	return tensor.New(tensor.WithShape(sp.Shape...), tensor.WithBacking(backing))
}

// arrayOfValue copies any Gorgonia value into storage of our own.
func arrayOfValue(v gorgonia.Value) *Array {
	if t, ok := v.(*tensor.Dense); ok {
		src := arrayOf(t)
		a := newArray(Spec{src.dtype, append(tensor.Shape{}, src.shape...)})
		a.copyFrom(src)
		return a
	}
	a, err := arrayOfGo(v.Data(), nil)
	if err != nil {
		panic(err)
	}
	return a
}

// nativeValue gives an array the form that Gorgonia's machines expect: a
// scalar type for rank 0, a dense tensor otherwise.
func nativeValue(a *Array) gorgonia.Value {
	if len(a.shape) > 0 {
		return tensorOf(a)
	}
	switch a.dtype {
	case tensor.Float32:
		return gorgonia.NewF32(a.Float32s()[0])
	case tensor.Float64:
		return gorgonia.NewF64(a.Float64s()[0])
	case tensor.Int:
		return gorgonia.NewI(a.Ints()[0])
	case tensor.Int32:
		return gorgonia.NewI32(a.Int32s()[0])
	case tensor.Int64:
		return gorgonia.NewI64(a.Int64s()[0])
	case tensor.Uint8:
		return gorgonia.NewU8(a.Uint8s()[0])
	default:
		return gorgonia.NewB(a.Bools()[0])
	}
}

// arrayOfGo copies a Go value into an Array: a tensor, a number or bool (a
// scalar), or a slice nested to any depth with equal lengths. A wanted dtype,
// when given, converts bare int and float64 numbers, which is what Go's
// constants are; any other difference of dtype is an error.
func arrayOfGo(value interface{}, want *tensor.Dtype) (*Array, error) {
	switch v := value.(type) {
	case nil:
		return nil, errors.New("the value is nil")
	case *tensor.Dense:
		if v == nil {
			return nil, errors.New("the tensor is nil")
		}
		if !supported(v.Dtype()) {
			return nil, errors.Errorf("dtype %v is not supported", v.Dtype())
		}
		return convert(arrayOfValue(v), want)
	case tensor.Tensor:
		return nil, errors.Errorf("%T is not supported; use *tensor.Dense", value)
	case gorgonia.Value:
		return arrayOfGo(v.Data(), want)
	}
	rv := reflect.ValueOf(value)
	var shape tensor.Shape
	elem := rv.Type()
	for at := rv; elem.Kind() == reflect.Slice || elem.Kind() == reflect.Array; elem = elem.Elem() {
		n := 0
		if at.IsValid() {
			n = at.Len()
		}
		shape = append(shape, n)
		if n > 0 {
			at = at.Index(0)
		} else {
			at = reflect.Value{}
		}
	}
	dt, ok := goDtype(elem.Kind())
	if !ok {
		return nil, errors.Errorf("a value of type %T is not supported; use a number, a bool, a slice of them or a *tensor.Dense", value)
	}
	if shape == nil {
		shape = tensor.Shape{}
	}
	a := newArray(Spec{dt, shape})
	if err := fill(a, rv); err != nil {
		return nil, err
	}
	return convert(a, want)
}

// goDtype maps Go's basic kinds to dtypes.
func goDtype(k reflect.Kind) (tensor.Dtype, bool) {
	switch k {
	case reflect.Float32:
		return tensor.Float32, true
	case reflect.Float64:
		return tensor.Float64, true
	case reflect.Int:
		return tensor.Int, true
	case reflect.Int32:
		return tensor.Int32, true
	case reflect.Int64:
		return tensor.Int64, true
	case reflect.Uint8:
		return tensor.Uint8, true
	case reflect.Bool:
		return tensor.Bool, true
	}
	return tensor.Dtype{}, false
}

// fill copies a (nested) Go value into a in row-major order.
func fill(a *Array, rv reflect.Value) error {
	at := 0
	size := int(a.dtype.Size())
	var walk func(v reflect.Value, axis int) error
	walk = func(v reflect.Value, axis int) error {
		if axis == len(a.shape) {
			dst := reflect.NewAt(a.dtype.Type, a.at(at*size)).Elem()
			dst.Set(v.Convert(a.dtype.Type))
			at++
			return nil
		}
		if v.Len() != a.shape[axis] {
			return errors.Errorf("the nested slices are ragged: lengths %d and %d on axis %d", a.shape[axis], v.Len(), axis)
		}
		for i := 0; i < v.Len(); i++ {
			if err := walk(v.Index(i), axis+1); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(rv, 0)
}

// convert turns bare Go numbers (int, float64) into the wanted dtype; int also
// stands for the other integers. Nothing is lost: a fraction, or a number out
// of range, is an error.
func convert(a *Array, want *tensor.Dtype) (*Array, error) {
	if want == nil || a.dtype == *want {
		return a, nil
	}
	mismatch := errors.Errorf("the value is %v; want %v", a.dtype, *want)
	if a.dtype != tensor.Int && a.dtype != tensor.Float64 || *want == tensor.Bool {
		return nil, mismatch
	}
	if a.dtype == tensor.Float64 && !isFloat(*want) {
		return nil, mismatch
	}
	out := newArray(Spec{*want, a.shape})
	size := int(want.Size())
	for i := 0; i < a.size; i++ {
		src := reflect.NewAt(a.dtype.Type, a.at(i*int(a.dtype.Size()))).Elem()
		dst := reflect.NewAt(want.Type, out.at(i*size)).Elem()
		dst.Set(src.Convert(want.Type))
		if a.dtype == tensor.Int && !isFloat(*want) && dst.Convert(a.dtype.Type).Int() != src.Int() {
			return nil, errors.Errorf("%d does not fit %v", src.Int(), *want)
		}
	}
	return out, nil
}
