package onnx

import (
	"io"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// dataTypes are the numbers of TensorProto.DataType.
var dataTypes = func() map[weights.DType]int64 {
	numbers := map[weights.DType]int64{}
	for n, d := range dtypes {
		numbers[d] = n
	}
	return numbers
}()

// tensor is a TensorProto. Its elements stand in it, or outside where place says.
func (e *encoder) tensor(t *weights.Tensor, place func(t *weights.Tensor, size int64) (string, int64)) (*encoded, error) {
	n, err := t.Elements()
	number, ok := dataTypes[t.DType]
	size := int64(n) * int64(t.DType.Size())
	switch {
	case err != nil:
		return nil, err
	case !ok || t.DType == weights.String || t.Open == nil:
		return nil, errors.Errorf("tensor %q holds elements of type %v, which cannot be written; want floats, integers or bool", t.Name, t.DType)
	case t.Scale != 0 || t.BigEndian:
		return nil, errors.Errorf("tensor %q is quantised or big-endian, and cannot be written as it is stored; want values", t.Name)
	case t.Strides == nil && t.Held >= 0 && t.Held < size:
		return nil, errors.Errorf("tensor %q, %v%v, has %d bytes; want %d", t.Name, t.DType, t.Shape, t.Held, size)
	}
	out := &encoded{}
	for _, d := range t.Shape {
		out.int(1, int64(d))
	}
	out.int(2, number)
	out.named(8, t.Name)
	if place == nil || size < leastOutside {
		out.elements(9, t, size)
		return out, nil
	}
	location, offset := place(t, size)
	out.inner(13, keyed("location", location))
	out.inner(13, keyed("offset", decimal(offset)))
	out.inner(13, keyed("length", decimal(size)))
	out.int(14, 1)
	return out, nil
}

// leastOutside is from how many bytes on a tensor lies outside, where any does. ONNX Runtime wants shapes and the like inside.
const leastOutside = 1024

// writeElements copies the elements of a tensor, row-major.
func writeElements(w io.Writer, t *weights.Tensor) error {
	n, err := t.Elements()
	if err != nil {
		return err
	}
	if t.Strides != nil {
		if dt, ok := t.DType.Working(); !ok || int(dt.Size()) != t.DType.Size() {
			return errors.Errorf("tensor %q of type %v is transposed, and cannot be written; want it as it is stored", t.Name, t.DType)
		}
		x, err := t.Read()
		if err != nil {
			return err
		}
		return weights.WriteElements(w, x)
	}
	r, err := t.Open()
	if err != nil {
		return errors.Wrapf(err, "tensor %q", t.Name)
	}
	if c, ok := r.(io.Closer); ok {
		defer c.Close()
	}
	_, err = io.CopyN(w, r, int64(n)*int64(t.DType.Size()))
	return errors.Wrapf(err, "tensor %q", t.Name)
}
