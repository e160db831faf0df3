package initializers

import (
	"fmt"
	"reflect"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Zeros sets every element to 0, or false: tf.zeros_initializer.
func Zeros() graph.Initializer { return zeros{} }

type zeros struct{}

// String is the call that makes it.
func (zeros) String() string { return "Zeros" }

// Initialize implements graph.Initializer.
func (zeros) Initialize(*graph.Initial) error { return nil } // Out holds zeros

// Ones sets every element to 1: tf.ones_initializer.
func Ones() graph.Initializer { return Constant(1) }

// Constant sets the elements to a value, which is copied: a number or bool for
// all of them, or a slice, nested slices or a *tensor.Dense of the variable's
// shape. A flat slice of as many elements as the variable has fills it in
// row-major order. tf.constant_initializer, without its repetition of the last
// element when there are too few.
//
// Integers become what the variable holds if they fit it, and floats become
// float32 or float64; a float for an integer variable is an error.
func Constant(value interface{}) graph.Initializer {
	c := &constant{given: fmt.Sprintf("%T", value)}
	if c.err = c.take(value); c.err != nil {
		c.elems = reflect.Value{}
	}
	return c
}

// constant holds a value as a flat slice and its shape.
type constant struct {
	given string // the Go type, for errors
	elems reflect.Value
	shape []int // nil for one number
	flat  bool  // a slice that is not nested
	err   error
}

// String is the call that makes it, with the type only of a value that is no number.
func (c *constant) String() string {
	if c.err == nil && c.shape == nil && c.elems.Len() == 1 {
		return fmt.Sprintf("Constant(%v)", c.elems.Index(0))
	}
	return fmt.Sprintf("Constant(%s)", c.given)
}

func (c *constant) take(value interface{}) error {
	if t, ok := value.(*tensor.Dense); ok {
		if t == nil {
			return errors.New("the tensor is nil")
		}
		c.shape = append([]int{}, t.Shape()...)
		if len(c.shape) > 0 && t.Shape().TotalSize() == 0 { // Data would panic
			c.elems = reflect.MakeSlice(reflect.SliceOf(t.Dtype().Type), 0, 0)
			return nil
		}
		if t.RequiresIterator() || t.DataOrder().IsColMajor() {
			return c.takeView(t)
		}
		data := reflect.ValueOf(t.Data())
		if data.Kind() != reflect.Slice { // a scalar tensor
			c.shape = nil
			return c.take(t.Data())
		}
		c.elems = reflect.AppendSlice(reflect.MakeSlice(data.Type(), 0, data.Len()), data)
		return nil
	}
	if value == nil {
		return errors.New("the value is nil")
	}
	v := reflect.ValueOf(value)
	elem := v.Type()
	for elem.Kind() == reflect.Slice || elem.Kind() == reflect.Array {
		elem = elem.Elem()
	}
	c.elems = reflect.MakeSlice(reflect.SliceOf(elem), 0, 1)
	if elem == v.Type() {
		c.elems = reflect.Append(c.elems, v)
		return nil
	}
	for at := v; at.Kind() == reflect.Slice || at.Kind() == reflect.Array; at = at.Index(0) {
		c.shape = append(c.shape, at.Len())
		if at.Len() == 0 {
			break
		}
	}
	c.flat = len(c.shape) == 1
	return c.walk(v, 0)
}

// walk appends the elements of nested slices.
func (c *constant) walk(v reflect.Value, axis int) error {
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		c.elems = reflect.Append(c.elems, v)
		return nil
	}
	if axis >= len(c.shape) || v.Len() != c.shape[axis] {
		return errors.Errorf("its nested slices have unequal lengths on axis %d", axis)
	}
	for i := range v.Len() {
		if err := c.walk(v.Index(i), axis+1); err != nil {
			return err
		}
	}
	return nil
}

// takeView copies a tensor that is not stored row by row.
func (c *constant) takeView(t *tensor.Dense) error {
	c.elems = reflect.MakeSlice(reflect.SliceOf(t.Dtype().Type), 0, t.Shape().TotalSize())
	index := make([]int, t.Dims())
	for range t.Shape().TotalSize() {
		v, err := t.At(index...)
		if err != nil {
			return err
		}
		c.elems = reflect.Append(c.elems, reflect.ValueOf(v))
		for k := len(index) - 1; k >= 0; k-- {
			if index[k]++; index[k] < t.Shape()[k] {
				break
			}
			index[k] = 0
		}
	}
	return nil
}

// Initialize implements graph.Initializer.
func (c *constant) Initialize(v *graph.Initial) error {
	if c.err != nil {
		return errors.Wrapf(c.err, "Constant(%s)", c.given)
	}
	if c.shape != nil && !c.fits(v.Out.Shape(), v.Out.Size()) {
		return errors.Errorf("the variable has shape %v; Constant was given %s of shape %v", []int(v.Out.Shape()), c.given, c.shape)
	}
	switch v.Out.Dtype() {
	case tensor.Float32:
		return fillConstant[float32](c, v)
	case tensor.Float64:
		return fillConstant[float64](c, v)
	case tensor.Int:
		return fillConstant[int](c, v)
	case tensor.Int32:
		return fillConstant[int32](c, v)
	case tensor.Int64:
		return fillConstant[int64](c, v)
	case tensor.Uint8:
		return fillConstant[uint8](c, v)
	case tensor.Bool:
		return fillConstant[bool](c, v)
	}
	return c.mismatch(v)
}

func (c *constant) fits(shape tensor.Shape, size int) bool {
	if c.flat {
		return c.shape[0] == size
	}
	if len(shape) != len(c.shape) {
		return false
	}
	for i, d := range shape {
		if d != c.shape[i] {
			return false
		}
	}
	return true
}

func (c *constant) mismatch(v *graph.Initial) error {
	return errors.Errorf("the variable is %v; Constant was given %s", v.Out.Dtype(), c.given)
}

func fillConstant[T any](c *constant, v *graph.Initial) error {
	out := elements[T](v.Out)
	dst := reflect.ValueOf(out)
	for i := range out {
		if c.shape == nil && i > 0 {
			out[i] = out[0]
			continue
		}
		if !setElement(dst.Index(i), c.elems.Index(i)) {
			if c.elems.Index(i).CanInt() || c.elems.Index(i).CanUint() {
				return errors.Errorf("the variable is %v; %v of Constant does not fit it", v.Out.Dtype(), c.elems.Index(i))
			}
			return c.mismatch(v)
		}
	}
	return nil
}

// setElement converts one number, if nothing but rounding is lost.
func setElement(dst, src reflect.Value) bool {
	switch {
	case dst.Kind() == reflect.Bool || src.Kind() == reflect.Bool:
		if dst.Kind() != src.Kind() {
			return false
		}
		dst.SetBool(src.Bool())
	case dst.CanFloat():
		switch {
		case src.CanFloat():
			dst.SetFloat(src.Float())
		case src.CanInt():
			dst.SetFloat(float64(src.Int()))
		case src.CanUint():
			dst.SetFloat(float64(src.Uint()))
		default:
			return false
		}
	case dst.CanInt():
		n, ok := integer(src)
		if !ok || dst.OverflowInt(n) {
			return false
		}
		dst.SetInt(n)
	case dst.CanUint():
		n, ok := integer(src)
		if !ok || n < 0 || dst.OverflowUint(uint64(n)) {
			return false
		}
		dst.SetUint(uint64(n))
	default:
		return false
	}
	return true
}

func integer(v reflect.Value) (n int64, ok bool) {
	switch {
	case v.CanInt():
		return v.Int(), true
	case v.CanUint():
		return int64(v.Uint()), v.Uint() <= 1<<63-1
	}
	return 0, false
}
