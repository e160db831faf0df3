package cache

import (
	"encoding/binary"
	"fmt"
	"slices"
	"unsafe"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/half"
)

// column is one value of every example: what a node gives, or the labels.
type column struct {
	Name  string `json:"name"`
	Dtype string `json:"dtype"` // of the values, one of dtypes
	Shape []int  `json:"shape"` // of one example's value
	Half  bool   `json:"float16,omitempty"`
}

// labels is the name of the column of labels or targets.
const labels = "labels"

// dtypes are those that columns have.
var dtypes = map[string]tensor.Dtype{
	tensor.Float32.Name(): tensor.Float32, tensor.Float64.Name(): tensor.Float64,
	tensor.Int.Name(): tensor.Int, tensor.Int32.Name(): tensor.Int32, tensor.Int64.Name(): tensor.Int64,
}

// columnOf is the column of a tensor [batch, ...].
func columnOf(name string, t *tensor.Dense) (column, error) {
	c := column{Name: name, Dtype: t.Dtype().Name(), Shape: append([]int{}, t.Shape()[1:]...)}
	if dtypes[c.Dtype].Type == nil {
		return c, errors.Errorf("%s is %v; want float32, float64, int, int32 or int64", name, t.Dtype())
	}
	if c.width() == 0 {
		return c, errors.Errorf("%s is %v for %d examples; want at least one element each", name, t.Shape(), t.Shape()[0])
	}
	return c, nil
}

// width is the number of elements of one example.
func (c column) width() int {
	n := 1
	for _, d := range c.Shape {
		n *= d
	}
	return n
}

// elementSize is the number of bytes of an element in a tensor.
func (c column) elementSize() int { return int(dtypes[c.Dtype].Size()) }

// size is the number of bytes of one example in a tensor.
func (c column) size() int { return c.width() * c.elementSize() }

// stored is the number of bytes of one example in the cache.
func (c column) stored() int {
	if c.Half {
		return c.width() * 2
	}
	return c.size()
}

// like tells whether a tensor of which d was made has values for the column.
func (c column) like(d column) bool { return c.Dtype == d.Dtype && slices.Equal(c.Shape, d.Shape) }

// same tells whether two columns hold the same.
func (c column) same(d column) bool { return c.Name == d.Name && c.Half == d.Half && c.like(d) }

// tensor is a tensor [n, ...] of zeros.
func (c column) tensor(n int) *tensor.Dense {
	return tensor.New(tensor.Of(dtypes[c.Dtype]), tensor.WithShape(append([]int{n}, c.Shape...)...))
}

// encode makes of the memory of elements what is stored of them. b is memory for it, which is not always needed.
func (c column) encode(b, memory []byte) []byte {
	switch {
	case c.Half:
		b = slices.Grow(b[:0], len(memory)/2)
		for _, v := range float32s(memory) {
			b = binary.LittleEndian.AppendUint16(b, half.FromFloat32(v))
		}
		return b
	case littleEndian:
		return memory
	}
	b = append(b[:0], memory...)
	swap(b, c.elementSize())
	return b
}

// decode fills memory with the elements of which b is stored.
func (c column) decode(memory, b []byte) {
	if c.Half {
		x := float32s(memory)
		b = b[:2*len(x)]
		for i := range x {
			x[i] = half.Float16(binary.LittleEndian.Uint16(b[2*i:]))
		}
		return
	}
	copy(memory, b)
	if !littleEndian {
		swap(memory, c.elementSize())
	}
}

// float32s are the elements in the memory of a []float32.
func float32s(memory []byte) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(memory))), len(memory)/4)
}

// String is such as "dnn/hidden2/elu float32 [100]".
func (c column) String() string { return fmt.Sprintf("%s %s %v", c.Name, c.Dtype, c.Shape) }
