package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// maxAttrDepth is how deep the functions in attributes may lie in the attributes of others.
const maxAttrDepth = 32

// attrKinds are the wire types of the fields of an AttrValue, listKinds those of a ListValue's elements.
var (
	attrKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 3: protowire.VarintType, 4: protowire.Fixed32Type, 5: protowire.VarintType,
		6: protowire.VarintType, 7: protowire.BytesType, 8: protowire.BytesType, 9: protowire.BytesType, 10: protowire.BytesType}
	listKinds = fieldKinds{2: protowire.BytesType, 3: protowire.VarintType, 4: protowire.Fixed32Type, 5: protowire.VarintType,
		6: protowire.VarintType, 7: protowire.BytesType, 8: protowire.BytesType, 9: protowire.BytesType}
)

// decodeAttr reads an AttrValue that lies so deep in others.
func decodeAttr(b []byte, depth int) (a Attr, err error) {
	err = knownFields(b, attrKinds, func(f protoField) (err error) {
		switch f.number {
		case 1:
			a.Value, err = decodeAttrList(f.bytes, depth)
		case 9:
			a.Value = Placeholder(f.bytes)
		case 10:
			a.Value, err = decodeFunc(f.bytes, depth)
		default:
			a.Value, err = decodeAttrValue(f, depth)
		}
		return err
	})
	return a, err
}

// decodeAttrValue reads one value of the fields that an AttrValue and a ListValue both have.
func decodeAttrValue(f protoField, depth int) (interface{}, error) {
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
	case 8:
		return decodeTensorProto(f.bytes)
	}
	return decodeFunc(f.bytes, depth) // 9 of a list
}

// decodeAttrList reads a ListValue, whose numbers may be packed. Its elements are all of one kind.
func decodeAttrList(b []byte, depth int) (list interface{}, err error) {
	add := func(f protoField) error {
		v, err := decodeAttrValue(f, depth)
		if err == nil && !appendAttr(&list, v) {
			err = errors.Errorf("a list with elements of %T and of another kind", v)
		}
		return err
	}
	err = protoFields(b, func(f protoField) error {
		kind, known := listKinds[f.number]
		switch {
		case !known:
			return nil
		case kind != protowire.BytesType:
			return f.unpack(kind, add)
		case f.kind != kind:
			return f.want(kind)
		}
		return add(f)
	})
	return list, err
}

// appendAttr appends an element to a list of its kind, and reports whether it could.
func appendAttr(list *interface{}, v interface{}) bool {
	switch v := v.(type) {
	case string:
		return appendTo(list, v)
	case int64:
		return appendTo(list, v)
	case float32:
		return appendTo(list, v)
	case bool:
		return appendTo(list, v)
	case DType:
		return appendTo(list, v)
	case Shape:
		return appendTo(list, v)
	case *Tensor:
		return appendTo(list, v)
	case Func:
		return appendTo(list, v)
	}
	return false
}

// appendTo appends to a list of T, or to a new one where there is none, and reports whether it could.
func appendTo[T any](list *interface{}, v T) bool {
	have, ok := (*list).([]T)
	if ok = ok || *list == nil; ok {
		*list = append(have, v)
	}
	return ok
}
