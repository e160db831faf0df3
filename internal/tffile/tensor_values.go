package tffile

import (
	"encoding/binary"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// valueField is the field of a TensorProto (tensorflow/core/framework/tensor.proto) that lists elements of a dtype: float_val,
// int_val and so on, packed or not. Halves are numbers of 16 bits; complex numbers are two each.
func valueField(d DType) (number protowire.Number, kind protowire.Type, ok bool) {
	switch d {
	case Float32:
		return 5, protowire.Fixed32Type, true
	case Float64:
		return 6, protowire.Fixed64Type, true
	case Int32, Int16, Int8, Uint16, Uint8, QInt32, QInt16, QInt8, QUint16, QUint8:
		return 7, protowire.VarintType, true
	case Complex64:
		return 9, protowire.Fixed32Type, true
	case Int64:
		return 10, protowire.VarintType, true
	case Bool:
		return 11, protowire.VarintType, true
	case Complex128:
		return 12, protowire.Fixed64Type, true
	case Float16, BFloat16:
		return 13, protowire.VarintType, true
	case Uint32:
		return 16, protowire.VarintType, true
	case Uint64:
		return 17, protowire.VarintType, true
	}
	return 0, 0, false
}

// decodeValues reads the elements that a TensorProto lists, of which there must be n, as Tensor.Data holds them.
func decodeValues(message []byte, d DType, n int64) ([]byte, error) {
	number, kind, ok := valueField(d)
	if !ok {
		return nil, errors.Errorf("elements of dtype %v cannot be read", d)
	}
	var out []byte
	err := protoFields(message, func(f protoField) error {
		switch {
		case f.number != number:
			return nil
		case f.kind != protowire.BytesType:
			if err := f.want(kind); err != nil {
				return err
			}
			out = f.appendValue(out, d)
			return nil
		case kind != protowire.VarintType: // little-endian, as they are wanted
			out = append(out, f.bytes...)
			return nil
		}
		for b := f.bytes; len(b) > 0; {
			v, k := protowire.ConsumeVarint(b)
			if k < 0 {
				return errors.Wrapf(protowire.ParseError(k), "protocol buffer field %d", number)
			}
			out = protoField{kind: kind, varint: v}.appendValue(out, d)
			b = b[k:]
		}
		return nil
	})
	if width := d.Size(); err == nil && (int64(len(out)/width) != n || len(out)%width != 0) {
		err = errors.Errorf("%d bytes of elements of dtype %v are stored; want %d elements of %d bytes", len(out), d, n, width)
	}
	return out, err
}

// appendValue appends a single number, as wide as dtype d stores it.
func (f protoField) appendValue(b []byte, d DType) []byte {
	switch f.kind {
	case protowire.Fixed32Type:
		return binary.LittleEndian.AppendUint32(b, f.fixed32)
	case protowire.Fixed64Type:
		return binary.LittleEndian.AppendUint64(b, f.fixed64)
	}
	if d == Bool {
		return append(b, byte(protowire.EncodeBool(f.varint != 0)))
	}
	switch d.Size() {
	case 1:
		return append(b, byte(f.varint))
	case 2:
		return binary.LittleEndian.AppendUint16(b, uint16(f.varint))
	case 4:
		return binary.LittleEndian.AppendUint32(b, uint32(f.varint))
	}
	return binary.LittleEndian.AppendUint64(b, f.varint)
}
