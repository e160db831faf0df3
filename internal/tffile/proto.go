package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// protoField is one field of an encoded protocol buffer message; which of the values is set follows from kind.
type protoField struct {
	number  protowire.Number
	kind    protowire.Type
	varint  uint64
	fixed32 uint32
	bytes   []byte // aliases the message
}

// protoFields walks the fields of a message. Groups and fixed64 are passed over without a value: no message here uses
// them.
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
