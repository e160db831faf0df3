package weights

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
)

// Constant returns a tensor whose elements all have one value, as those that a file leaves out: the gamma of a batch norm that only centres is 1.
// It is float64, so that Tensor.ReadAs gives either float dtype.
func Constant(name string, value float64, shape ...int) Tensor {
	b := binary.LittleEndian.AppendUint64(nil, math.Float64bits(value))
	return Tensor{
		Name: name, DType: Float64, Shape: slices.Clone(shape), Held: int64(len(b)), Strides: make([]int, len(shape)),
		Open: func() (io.Reader, error) { return bytes.NewReader(b), nil },
	}
}
