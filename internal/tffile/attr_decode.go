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
		case 2:
			a.Value = string(f.bytes)
		case 3:
			a.Value = int64(f.varint)
		case 4:
			a.Value = math.Float32frombits(f.fixed32)
		case 5:
			a.Value = f.varint != 0
		case 6:
			a.Value = DType(f.varint)
		case 7:
			a.Value, err = decodeShape(f)
		case 8:
			a.Value, err = decodeTensorProto(f.bytes)
		case 9:
			a.Value = Placeholder(f.bytes)
		case 10:
			a.Value, err = decodeFunc(f.bytes, depth)
		}
		return err
	})
	return a, err
}

// attrList is a ListValue, of which one list has elements: that of the field kind.
type attrList struct {
	kind    protowire.Number
	strings []string
	ints    []int64
	floats  []float32
	bools   []bool
	dtypes  []DType
	shapes  []Shape
	tensors []*Tensor
	funcs   []Func
}

// decodeAttrList reads a ListValue, whose numbers may be packed.
func decodeAttrList(b []byte, depth int) (interface{}, error) {
	var list attrList
	err := protoFields(b, func(f protoField) error {
		kind, known := listKinds[f.number]
		if !known {
			return nil
		}
		if list.kind != 0 && list.kind != f.number {
			return errors.Errorf("a list with elements of the fields %d and %d, which are of two kinds", list.kind, f.number)
		}
		list.kind = f.number
		if kind != protowire.BytesType {
			return f.unpack(kind, func(f protoField) error { return list.add(f, depth) })
		}
		if err := f.want(kind); err != nil {
			return err
		}
		return list.add(f, depth)
	})
	return list.value(), err
}

// add appends an element to the list of its field.
func (l *attrList) add(f protoField, depth int) error {
	switch f.number {
	case 2:
		l.strings = append(l.strings, string(f.bytes))
	case 3:
		l.ints = append(l.ints, int64(f.varint))
	case 4:
		l.floats = append(l.floats, math.Float32frombits(f.fixed32))
	case 5:
		l.bools = append(l.bools, f.varint != 0)
	case 6:
		l.dtypes = append(l.dtypes, DType(f.varint))
	case 7:
		s, err := decodeShape(f)
		l.shapes = append(l.shapes, s)
		return err
	case 8:
		t, err := decodeTensorProto(f.bytes)
		l.tensors = append(l.tensors, t)
		return err
	case 9:
		fn, err := decodeFunc(f.bytes, depth)
		l.funcs = append(l.funcs, fn)
		return err
	}
	return nil
}

// value is the list that has elements, as Attr has it; nil where there are none.
func (l *attrList) value() interface{} {
	switch {
	case l.strings != nil:
		return l.strings
	case l.ints != nil:
		return l.ints
	case l.floats != nil:
		return l.floats
	case l.bools != nil:
		return l.bools
	case l.dtypes != nil:
		return l.dtypes
	case l.shapes != nil:
		return l.shapes
	case l.tensors != nil:
		return l.tensors
	case l.funcs != nil:
		return l.funcs
	}
	return nil
}
