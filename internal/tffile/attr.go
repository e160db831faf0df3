package tffile

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Attr is a parameter of a node (AttrValue of tensorflow/core/framework/attr_value.proto):
//
//	oneof value {ListValue list = 1; bytes s = 2; int64 i = 3; float f = 4; bool b = 5; DataType type = 6;
//	TensorShapeProto shape = 7; TensorProto tensor = 8; string placeholder = 9; NameAttrList func = 10}
//
// and a ListValue has the fields 2 to 8 repeated, and functions in field 9. Value is one of
//
//	string, int64, float32, bool, DType, Shape, *Tensor, Placeholder, Func,
//	[]string, []int64, []float32, []bool, []DType, []Shape, []*Tensor, []Func
//
// or nil for an attribute that is empty or an empty list. A *Tensor that was decoded may hold fewer elements than its shape:
// [Tensor.Whole] has all.
type Attr struct{ Value interface{} }

func (a Attr) encode() []byte {
	b, list := []byte(nil), []byte(nil)
	switch v := a.Value.(type) {
	case []string:
		for _, s := range v {
			list = appendMessageField(list, 2, []byte(s))
		}
	case []int64:
		list = appendPacked(3, len(v), func(b []byte, i int) []byte { return protowire.AppendVarint(b, uint64(v[i])) })
	case []float32:
		list = appendPacked(4, len(v), func(b []byte, i int) []byte { return protowire.AppendFixed32(b, math.Float32bits(v[i])) })
	case []bool:
		list = appendPacked(5, len(v), func(b []byte, i int) []byte { return protowire.AppendVarint(b, protowire.EncodeBool(v[i])) })
	case []DType:
		list = appendPacked(6, len(v), func(b []byte, i int) []byte { return protowire.AppendVarint(b, uint64(v[i])) })
	case []Shape:
		for _, s := range v {
			list = appendMessageField(list, 7, s.encode())
		}
	case []*Tensor:
		for _, t := range v {
			list = appendMessageField(list, 8, t.encodeProto())
		}
	case []Func:
		for _, f := range v {
			list = appendMessageField(list, 9, f.encode())
		}
	case string:
		return appendMessageField(b, 2, []byte(v))
	case int64:
		return protowire.AppendVarint(protowire.AppendTag(b, 3, protowire.VarintType), uint64(v))
	case float32:
		return protowire.AppendFixed32(protowire.AppendTag(b, 4, protowire.Fixed32Type), math.Float32bits(v))
	case bool:
		return protowire.AppendVarint(protowire.AppendTag(b, 5, protowire.VarintType), protowire.EncodeBool(v))
	case DType:
		return protowire.AppendVarint(protowire.AppendTag(b, 6, protowire.VarintType), uint64(v))
	case Shape:
		return appendMessageField(b, 7, v.encode())
	case *Tensor:
		return appendMessageField(b, 8, v.encodeProto())
	case Placeholder:
		return appendMessageField(b, 9, []byte(v))
	case Func:
		return appendMessageField(b, 10, v.encode())
	default:
		return nil
	}
	return appendMessageField(b, 1, list)
}

// appendPacked is a packed field of n numbers.
func appendPacked(number protowire.Number, n int, add func(b []byte, i int) []byte) []byte {
	if n == 0 {
		return nil
	}
	var values []byte
	for i := 0; i < n; i++ {
		values = add(values, i)
	}
	return appendMessageField(nil, number, values)
}
