package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// TensorProto (tensorflow/core/framework/tensor.proto) holds a tensor inside another message:
//
//	DataType dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4; repeated bytes string_val = 8
//
// Numbers are written and read as tensor_content, the elements in row-major order, little-endian.
// The lists of numbers that the message has besides are refused.

func (t *Tensor) encodeProto() []byte {
	b := appendVarintField(nil, 1, uint64(t.DType))
	b = appendMessageField(b, 2, Shape{Sizes: t.Shape}.encode())
	b = appendStringField(b, 4, string(t.Data))
	for _, s := range t.Strings {
		b = appendMessageField(b, 8, []byte(s))
	}
	return b
}

func decodeTensorProto(b []byte) (*Tensor, error) {
	t := &Tensor{Shape: []int{}}
	err := protoFields(b, func(f protoField) error {
		switch f.number {
		case 1:
			t.DType = DType(f.varint)
			return f.want(protowire.VarintType)
		case 2:
			s, err := decodeShape(f)
			t.Shape = s.Sizes
			return err
		case 4:
			t.Data = append(t.Data, f.bytes...)
			return f.want(protowire.BytesType)
		case 8:
			t.Strings = append(t.Strings, string(f.bytes))
			return f.want(protowire.BytesType)
		case 3: // version_number
			return nil
		}
		return errors.Errorf("a TensorProto with the field %d; read are dtype, shape, tensor_content and string_val", f.number)
	})
	if err != nil {
		return nil, err
	}
	return t, t.check()
}
