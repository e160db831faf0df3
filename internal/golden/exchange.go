package golden

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"gorgonia.org/tensor"
)

// bytesOf returns the elements of a row-major tensor, little-endian, and ONNX Runtime's word for their type.
func bytesOf(x *tensor.Dense) (kind string, data []byte, err error) {
	var b bytes.Buffer
	put := func(word string, v interface{}) {
		kind = word
		if x.Shape().TotalSize() > 0 {
			err = binary.Write(&b, binary.LittleEndian, v)
		}
	}
	switch v := x.Data().(type) {
	case []int:
		wide := make([]int64, len(v))
		for i, e := range v {
			wide[i] = int64(e)
		}
		put("int64", wide)
	case int:
		put("int64", int64(v))
	case []float32, float32:
		put("float32", v)
	case []float64, float64:
		put("float64", v)
	case []int32, int32:
		put("int32", v)
	case []int64, int64:
		put("int64", v)
	case []uint8, uint8:
		put("uint8", v)
	case []bool, bool:
		put("bool", v)
	default:
		return "", nil, fmt.Errorf("a tensor of %v cannot be exchanged", x.Dtype())
	}
	return kind, b.Bytes(), err
}

// tensor returns the tensor that came.
func (e exchanged) tensor() (*tensor.Dense, error) {
	n := elements(e.Dims)
	var backing interface{}
	switch e.Type {
	case "float32":
		backing = make([]float32, n)
	case "float64":
		backing = make([]float64, n)
	case "int32":
		backing = make([]int32, n)
	case "int64":
		backing = make([]int64, n)
	case "uint8":
		backing = make([]uint8, n)
	case "bool":
		backing = make([]bool, n)
	default:
		return nil, fmt.Errorf("a tensor of type %s came", e.Type)
	}
	if err := binary.Read(bytes.NewReader(e.Data), binary.LittleEndian, backing); err != nil && n > 0 {
		return nil, err
	}
	return tensor.New(tensor.WithShape(e.Dims...), tensor.WithBacking(backing)), nil
}
