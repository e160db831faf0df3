package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// protoField is one field of an encoded protocol buffer message; which of the values is set follows
// from kind.
type protoField struct {
	number  protowire.Number
	kind    protowire.Type
	varint  uint64
	fixed32 uint32
	fixed64 uint64
	bytes   []byte // aliases the message
}

// protoFields walks the fields of a message. Groups are passed over without a value: no message
// here uses them.
func protoFields(b []byte, visit func(f protoField) error) error {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return errors.Wrap(protowire.ParseError(n), "protocol buffer tag")
		}
		b = b[n:]
		f := protoField{number: number, kind: kind}
		switch kind {
		case protowire.VarintType:
			f.varint, n = protowire.ConsumeVarint(b)
		case protowire.Fixed32Type:
			f.fixed32, n = protowire.ConsumeFixed32(b)
		case protowire.Fixed64Type:
			f.fixed64, n = protowire.ConsumeFixed64(b)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return errors.Wrapf(protowire.ParseError(n), "protocol buffer field %d", number)
		}
		b = b[n:]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// want fails when the field does not have the wire type that its number has in the .proto file.
func (f protoField) want(kind protowire.Type) error {
	if f.kind != kind {
		return errors.Errorf("protocol buffer field %d has wire type %d, it should have %d", f.number, f.kind, kind)
	}
	return nil
}

// appendVarintField appends a varint field unless v is 0, proto3's default, which is left out.
func appendVarintField(b []byte, number protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), v)
}

// appendMessageField appends an embedded message, also when it is empty: its presence counts.
func appendMessageField(b []byte, number protowire.Number, message []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), message)
}

// appendStringField appends a string or bytes field unless it is empty, proto3's default.
func appendStringField(b []byte, number protowire.Number, s string) []byte {
	if s == "" {
		return b
	}
	return protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), s)
}

// appendDoubleField appends a double field unless it is +0, proto3's default.
func appendDoubleField(b []byte, number protowire.Number, v float64) []byte {
	bits := math.Float64bits(v)
	if bits == 0 {
		return b
	}
	return protowire.AppendFixed64(protowire.AppendTag(b, number, protowire.Fixed64Type), bits)
}

// appendDoublesField appends a packed field of doubles unless there are none.
func appendDoublesField(b []byte, number protowire.Number, values []float64) []byte {
	if len(values) == 0 {
		return b
	}
	b = protowire.AppendVarint(protowire.AppendTag(b, number, protowire.BytesType), uint64(8*len(values)))
	for _, v := range values {
		b = protowire.AppendFixed64(b, math.Float64bits(v))
	}
	return b
}

// doubles reads a repeated field of doubles, packed or one by one, onto those read before.
func (f protoField) doubles(before []float64) ([]float64, error) {
	if f.kind == protowire.Fixed64Type {
		return append(before, math.Float64frombits(f.fixed64)), nil
	}
	if err := f.want(protowire.BytesType); err != nil {
		return nil, err
	}
	b := f.bytes
	if len(b)%8 != 0 {
		return nil, errors.Errorf("protocol buffer field %d holds %d bytes, which is no number of doubles", f.number, len(b))
	}
	for len(b) > 0 {
		v, n := protowire.ConsumeFixed64(b)
		before, b = append(before, math.Float64frombits(v)), b[n:]
	}
	return before, nil
}

// unpack visits the numbers of a repeated field of a wire type, packed or not.
func (f protoField) unpack(kind protowire.Type, visit func(f protoField) error) error {
	if f.kind != protowire.BytesType {
		if err := f.want(kind); err != nil {
			return err
		}
		return visit(f)
	}
	for b := f.bytes; len(b) > 0; {
		element, n := protoField{number: f.number, kind: kind}, 0
		switch kind {
		case protowire.Fixed32Type:
			element.fixed32, n = protowire.ConsumeFixed32(b)
		case protowire.Fixed64Type:
			element.fixed64, n = protowire.ConsumeFixed64(b)
		default:
			element.varint, n = protowire.ConsumeVarint(b)
		}
		if n < 0 {
			return errors.Wrapf(protowire.ParseError(n), "a list of field %d", f.number)
		}
		if err := visit(element); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// listed is how many numbers of a wire type a repeated field has, packed or not.
func (f protoField) listed(kind protowire.Type) int {
	switch {
	case f.kind != protowire.BytesType:
		return 1
	case kind == protowire.Fixed32Type:
		return len(f.bytes) / 4
	case kind == protowire.Fixed64Type:
		return len(f.bytes) / 8
	}
	return f.varints()
}

// varints is how many varints a packed field holds: each ends with a byte below 0x80.
func (f protoField) varints() (n int) {
	for _, c := range f.bytes {
		if c < 0x80 {
			n++
		}
	}
	return n
}
