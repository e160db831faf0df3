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

// attr reads an AttrValue that lies so deep in others.
func (d *decoder) attr(b []byte, depth int) (a Attr, err error) {
	err = d.fields(b, attrKinds, func(f protoField) (err error) {
		switch f.number {
		case 1:
			a.Value, err = d.attrList(f.bytes, depth)
		case 2:
			a.Value = d.text(f.bytes)
		case 3:
			a.Value = int64(f.varint)
		case 4:
			a.Value = math.Float32frombits(f.fixed32)
		case 5:
			a.Value = f.varint != 0
		case 6:
			a.Value = DType(f.varint)
		case 7:
			a.Value, err = d.shape(f)
		case 8:
			a.Value, err = d.tensorProto(f.bytes)
		case 9:
			a.Value = Placeholder(d.text(f.bytes))
		case 10:
			a.Value, err = d.funcAttr(f.bytes, depth)
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

// attrList reads a ListValue, whose numbers may be packed.
func (d *decoder) attrList(b []byte, depth int) (interface{}, error) {
	list := attrList{strings: sized[string](d, b, 2, stringBytes), shapes: sized[Shape](d, b, 7, shapeBytes), tensors: sized[*Tensor](d, b, 8, 8), funcs: sized[Func](d, b, 9, 24)}
	if d.err != nil {
		return nil, d.err
	}
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
			if d.take(f.listed(kind) * 2 * 8); d.err != nil {
				return d.err
			}
			return f.unpack(kind, func(f protoField) error { return list.add(d, f, depth) })
		}
		if err := f.want(kind); err != nil {
			return err
		}
		if err := list.add(d, f, depth); err != nil {
			return err
		}
		return d.err
	})
	return list.value(), err
}

// add appends an element to the list of its field.
func (l *attrList) add(d *decoder, f protoField, depth int) error {
	switch f.number {
	case 2:
		l.strings = append(l.strings, d.text(f.bytes))
	case 3:
		l.ints = append(l.ints, int64(f.varint))
	case 4:
		l.floats = append(l.floats, math.Float32frombits(f.fixed32))
	case 5:
		l.bools = append(l.bools, f.varint != 0)
	case 6:
		l.dtypes = append(l.dtypes, DType(f.varint))
	case 7:
		s, err := d.shape(f)
		l.shapes = append(l.shapes, s)
		return err
	case 8:
		t, err := d.tensorProto(f.bytes)
		l.tensors = append(l.tensors, t)
		return err
	case 9:
		fn, err := d.funcAttr(f.bytes, depth)
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
