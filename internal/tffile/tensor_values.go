package tffile

import (
	"encoding/binary"
	"slices"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget"
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

// decodeValues reads the elements that a TensorProto lists, of which there must be n, as Tensor.Data holds them. They are counted in room.
func decodeValues(message []byte, d DType, n int64, room *budget.Budget) ([]byte, error) {
	out, err := (&decoder{room: room}).listedValues(message, d)
	if width := d.Size(); err == nil && (int64(len(out)/width) != n || len(out)%width != 0) {
		err = errors.Errorf("%d bytes of elements of dtype %v are stored; want %d elements of %d bytes", len(out), d, n, width)
	}
	return out, err
}

// soleList returns the elements that a TensorProto lists where all of them lie in one piece, as Data holds them: a packed list of numbers of a fixed width.
func soleList(message []byte, d DType) (list []byte, ok bool) {
	number, kind, _ := valueField(d)
	if kind == protowire.VarintType {
		return nil, false
	}
	lists := 0
	err := protoFields(message, func(f protoField) error {
		if f.number == number {
			list = f.bytes
			lists++
		}
		return nil
	})
	return list, err == nil && lists == 1 && len(list) > 0
}

// listedValues reads the elements that a TensorProto lists, however many.
func (r *decoder) listedValues(message []byte, d DType) ([]byte, error) {
	number, kind, ok := valueField(d)
	if !ok {
		return nil, errors.Errorf("elements of dtype %v cannot be read", d)
	}
	var out []byte
	err := protoFields(message, func(f protoField) error {
		if f.number != number {
			return nil
		}
		if r.take(max(16, f.listed(kind)*d.Size())); r.err != nil {
			return r.err
		}
		switch {
		case f.kind == protowire.BytesType && kind != protowire.VarintType: // little-endian, as they are wanted
			out = append(out, f.bytes...)
			return nil
		}
		if f.kind == protowire.BytesType { // a list that grows would take several times as much
			out = slices.Grow(out, f.varints()*d.Size())
		}
		return f.unpack(kind, func(f protoField) error {
			out = f.appendValue(out, d)
			return nil
		})
	})
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

// appendValues appends the elements in Data to a TensorProto as a list of numbers.
func (t *Tensor) appendValues(b []byte) []byte {
	number, kind, _ := valueField(t.DType)
	if len(t.Data) == 0 {
		return b
	}
	if kind != protowire.VarintType {
		return appendMessageField(b, number, t.Data)
	}
	var list []byte
	for width, data := t.DType.Size(), t.Data; len(data) >= width; data = data[width:] {
		list = protowire.AppendVarint(list, varintOf(data[:width], t.DType))
	}
	return appendMessageField(b, number, list)
}

// varintOf is the element in b, of dtype d, as a varint: that of a signed one has its sign.
func varintOf(b []byte, d DType) uint64 {
	switch len(b) {
	case 1:
		if d == Int8 || d == QInt8 {
			return uint64(int64(int8(b[0])))
		}
		return uint64(b[0])
	case 2:
		if v := binary.LittleEndian.Uint16(b); d == Int16 || d == QInt16 {
			return uint64(int64(int16(v)))
		} else {
			return uint64(v)
		}
	case 4:
		if v := binary.LittleEndian.Uint32(b); d == Int32 || d == QInt32 {
			return uint64(int64(int32(v)))
		} else {
			return uint64(v)
		}
	}
	return binary.LittleEndian.Uint64(b)
}
