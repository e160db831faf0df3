package show

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"gorgonia.org/tensor"
)

// elements reads a tensor in the order of its indices, be it a view, transposed or empty.
type elements struct {
	dtype   string
	shape   []int
	strides []int
	size    int
	data    reflect.Value // a slice
	f32     []float32     // data, where it is of that type
	f64     []float64
}

// elementsOf looks at a tensor without changing or copying it.
func elementsOf(t tensor.Tensor) (e *elements, ok bool) {
	defer func() {
		if recover() != nil { // a tensor without memory, or of a type that package tensor half supports
			e, ok = nil, false
		}
	}()
	e = &elements{dtype: t.Dtype().String(), shape: append([]int(nil), t.Shape()...), size: 1}
	for _, d := range e.shape {
		e.size *= d
	}
	if e.size == 0 {
		return e, true
	}
	e.data = reflect.ValueOf(t.Data())
	if e.data.Kind() != reflect.Slice {
		if e.size != 1 {
			return nil, false
		}
		one := reflect.MakeSlice(reflect.SliceOf(e.data.Type()), 1, 1)
		one.Index(0).Set(e.data)
		e.data, e.strides = one, make([]int, len(e.shape))
	} else if e.strides = append([]int(nil), t.Strides()...); len(e.strides) != len(e.shape) {
		step := 1
		if len(e.strides) == 1 { // a vector's axis stands for [n, 1] and [1, n] too
			step = e.strides[0]
		}
		e.strides = tensor.Shape(e.shape).CalcStrides()
		for i := range e.strides {
			e.strides[i] *= step
		}
	}
	last := 0
	for i, d := range e.shape {
		last += (d - 1) * e.strides[i]
	}
	if last >= e.data.Len() || last < 0 {
		return nil, false
	}
	e.f32, _ = e.data.Interface().([]float32)
	e.f64, _ = e.data.Interface().([]float64)
	return e, true
}

// place is where element i lies, counted in the order of indices.
func (e *elements) place(i int) int {
	at := 0
	for axis := len(e.shape) - 1; axis >= 0; axis-- {
		at += i % e.shape[axis] * e.strides[axis]
		i /= e.shape[axis]
	}
	return at
}

// numeric tells whether elements are numbers, or true and false.
func (e *elements) numeric() bool {
	if e.size == 0 {
		return false
	}
	switch k := e.data.Type().Elem().Kind(); k {
	case reflect.Bool, reflect.Float32, reflect.Float64:
		return true
	default:
		return k >= reflect.Int && k <= reflect.Uintptr
	}
}

// float is the element at a place as a number.
func (e *elements) float(at int) float64 {
	switch {
	case e.f32 != nil:
		return float64(e.f32[at])
	case e.f64 != nil:
		return e.f64[at]
	}
	switch v := e.data.Index(at); v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return 1
		}
		return 0
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return float64(v.Uint())
	}
	return math.NaN()
}

// text is the element at a place for people.
func (e *elements) text(at int) string {
	switch v := e.data.Index(at); v.Kind() {
	case reflect.Float32, reflect.Float64:
		return number(v.Float())
	case reflect.String:
		return strconv.Quote(shortened(clean(v.String()), 24))
	default:
		return shortened(clean(fmt.Sprint(v.Interface())), 24)
	}
}

// each calls f for every nth element.
func (e *elements) each(n int, f func(v float64)) {
	plain := true
	for axis, stride := range tensor.Shape(e.shape).CalcStrides() {
		plain = plain && (e.strides[axis] == stride || e.shape[axis] == 1)
	}
	for i := 0; i < e.size; i += n {
		at := i
		if !plain {
			at = e.place(i)
		}
		f(e.float(at))
	}
}
