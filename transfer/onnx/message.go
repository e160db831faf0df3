package onnx

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of a protocol-buffers message: a number or bytes.
type field struct {
	number protowire.Number
	kind   protowire.Type
	value  uint64
	bytes  []byte
}

// fields calls visit for each field of a message, in order.
func fields(message []byte, visit func(f field) error) error {
	for rest := message; len(rest) > 0; {
		number, kind, n := protowire.ConsumeTag(rest)
		if n < 0 {
			return errors.Errorf("byte %d of a message: %v", len(message)-len(rest), protowire.ParseError(n))
		}
		f := field{number: number, kind: kind}
		body := rest[n:]
		switch kind {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(body)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(body)
			f.value = uint64(v)
		case protowire.Fixed64Type:
			f.value, n = protowire.ConsumeFixed64(body)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(body)
		default:
			n = protowire.ConsumeFieldValue(number, kind, body)
		}
		if n < 0 {
			return errors.Errorf("byte %d of a message, field %d: %v", len(message)-len(rest), number, protowire.ParseError(n))
		}
		rest = body[n:]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// ints appends the numbers of a repeated field, packed or not.
func (f field) ints(to []int64) ([]int64, error) {
	if f.kind != protowire.BytesType {
		return append(to, int64(f.value)), nil
	}
	for b := f.bytes; len(b) > 0; {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 {
			return nil, errors.Errorf("field %d: %v", f.number, protowire.ParseError(n))
		}
		to, b = append(to, int64(v)), b[n:]
	}
	return to, nil
}

// floats is ints for 32-bit floats.
func (f field) floats(to []float32) ([]float32, error) {
	if f.kind != protowire.BytesType {
		return append(to, math.Float32frombits(uint32(f.value))), nil
	}
	for b := f.bytes; len(b) > 0; {
		v, n := protowire.ConsumeFixed32(b)
		if n < 0 {
			return nil, errors.Errorf("field %d: %v", f.number, protowire.ParseError(n))
		}
		to, b = append(to, math.Float32frombits(v)), b[n:]
	}
	return to, nil
}

// pair reads a message of two strings, fields 1 and 2.
func pair(message []byte) (key, value string, err error) {
	err = fields(message, func(f field) error {
		switch f.number {
		case 1:
			key = string(f.bytes)
		case 2:
			value = string(f.bytes)
		}
		return nil
	})
	return key, value, err
}
