package weights

import (
	"fmt"

	"gorgonia.org/tensor"
)

// DType is how a file stores the elements of a tensor.
type DType int

// The dtypes that occur in files. Those that Plexaura has no values of are widened when they
// are read: see Working.
const (
	Invalid DType = iota
	Float32
	Float64
	Float16  // IEEE 754 binary16
	BFloat16 // the upper half of a float32
	Int8
	Int16
	Int32
	Int64
	Uint8
	Uint16
	Uint32
	Uint64
	Bool   // a byte each, 0 or 1
	String // of any length: listed, but not read
	Other  // complex numbers and what else has no values here: listed, but not read
)

var dtypes = [...]struct {
	name    string
	size    int
	working tensor.Dtype
}{
	Invalid:  {"invalid", 0, tensor.Dtype{}},
	Float32:  {"float32", 4, tensor.Float32},
	Float64:  {"float64", 8, tensor.Float64},
	Float16:  {"float16", 2, tensor.Float32},
	BFloat16: {"bfloat16", 2, tensor.Float32},
	Int8:     {"int8", 1, tensor.Int32},
	Int16:    {"int16", 2, tensor.Int32},
	Int32:    {"int32", 4, tensor.Int32},
	Int64:    {"int64", 8, tensor.Int64},
	Uint8:    {"uint8", 1, tensor.Uint8},
	Uint16:   {"uint16", 2, tensor.Int32},
	Uint32:   {"uint32", 4, tensor.Int64},
	Uint64:   {"uint64", 8, tensor.Int64},
	Bool:     {"bool", 1, tensor.Bool},
	String:   {"string", 0, tensor.Dtype{}},
	Other:    {"other", 0, tensor.Dtype{}},
}

func (d DType) known() bool { return d > Invalid && int(d) < len(dtypes) }

// Size returns the bytes of an element, 0 for what is only listed.
func (d DType) Size() int {
	if !d.known() {
		return 0
	}
	return dtypes[d].size
}

// Working returns the dtype that elements have once they are read: the smallest that a graph
// knows and that holds them all, but for uint64 above 2^63-1, which are an error.
func (d DType) Working() (tensor.Dtype, bool) {
	if d.Size() == 0 {
		return tensor.Dtype{}, false
	}
	return dtypes[d].working, true
}

// String returns NumPy's name of the dtype.
func (d DType) String() string {
	if d >= 0 && int(d) < len(dtypes) {
		return dtypes[d].name
	}
	return fmt.Sprintf("DType(%d)", int(d))
}
