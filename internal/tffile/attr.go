package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Attr is a parameter of a node (AttrValue of tensorflow/core/framework/attr_value.proto):
//
//	oneof value {ListValue list = 1; bytes s = 2; int64 i = 3; float f = 4; bool b = 5; DataType type = 6;
//	TensorShapeProto shape = 7; TensorProto tensor = 8}
//
// and a ListValue has the fields 2 to 8 repeated. Value is one of
//
//	string, int64, float32, bool, DType, Shape, *Tensor, []string, []int64, []float32, []bool, []DType, []Shape
//
// or nil for an attribute that is empty, an empty list, or of another kind (functions,
// placeholders).
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

func decodeAttr(b []byte) (a Attr, err error) {
	err = protoFields(b, func(f protoField) (err error) {
		switch f.number {
		case 1:
			if err := f.want(protowire.BytesType); err != nil {
				return err
			}
			a.Value, err = decodeAttrList(f.bytes)
			return err
		case 2, 3, 4, 5, 6, 7, 8:
			a.Value, err = decodeAttrValue(f)
		}
		return err
	})
	return a, err
}

// attrKinds are the wire types of the fields 2 to 8.
var attrKinds = map[protowire.Number]protowire.Type{2: protowire.BytesType, 3: protowire.VarintType, 4: protowire.Fixed32Type,
	5: protowire.VarintType, 6: protowire.VarintType, 7: protowire.BytesType, 8: protowire.BytesType}

// decodeAttrValue reads one value of the fields 2 to 8.
func decodeAttrValue(f protoField) (interface{}, error) {
	if err := f.want(attrKinds[f.number]); err != nil {
		return nil, err
	}
	switch f.number {
	case 2:
		return string(f.bytes), nil
	case 3:
		return int64(f.varint), nil
	case 4:
		return math.Float32frombits(f.fixed32), nil
	case 5:
		return f.varint != 0, nil
	case 6:
		return DType(f.varint), nil
	case 7:
		return decodeShape(f)
	}
	return decodeTensorProto(f.bytes)
}

// decodeAttrList reads a ListValue, whose numbers may be packed. Its elements are all of one kind.
func decodeAttrList(b []byte) (list interface{}, err error) {
	err = protoFields(b, func(f protoField) error {
		if f.number < 2 || f.number > 7 {
			return nil
		}
		if f.kind != protowire.BytesType || attrKinds[f.number] == protowire.BytesType {
			return addTo(&list, f)
		}
		for b := f.bytes; len(b) > 0; { // packed
			element, n := protoField{number: f.number, kind: attrKinds[f.number]}, 0
			if element.kind == protowire.Fixed32Type {
				element.fixed32, n = protowire.ConsumeFixed32(b)
			} else {
				element.varint, n = protowire.ConsumeVarint(b)
			}
			if n < 0 {
				return errors.Wrapf(protowire.ParseError(n), "a list of field %d", f.number)
			}
			if err := addTo(&list, element); err != nil {
				return err
			}
			b = b[n:]
		}
		return nil
	})
	return list, err
}

// addTo adds an element to a list of its kind.
func addTo(list *interface{}, f protoField) error {
	v, err := decodeAttrValue(f)
	if err != nil {
		return err
	}
	same := *list == nil
	switch v := v.(type) {
	case string:
		same = appendTo(list, v, same)
	case int64:
		same = appendTo(list, v, same)
	case float32:
		same = appendTo(list, v, same)
	case bool:
		same = appendTo(list, v, same)
	case DType:
		same = appendTo(list, v, same)
	case Shape:
		same = appendTo(list, v, same)
	}
	if !same {
		return errors.Errorf("a list with elements of %T and of another kind", v)
	}
	return nil
}

// appendTo appends to a list of T, or to a new one, and reports whether it could.
func appendTo[T any](list *interface{}, v T, isNew bool) bool {
	have, ok := (*list).([]T)
	if ok || isNew {
		*list = append(have, v)
	}
	return ok || isNew
}
