package onnx

import (
	"io"
	"math"
	"slices"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// part is a message of protocol buffers, or a field's bytes: bytes [from, to) of a source.
type part struct {
	source   *source
	from, to int64
}

// partBytes is what a part takes in a list.
const partBytes = 24

// size returns how many bytes there are.
func (p part) size() int64 { return p.to - p.from }

// bytes returns them. They are good until more is read of the source.
func (p part) bytes() []byte { return p.source.bytes(p.from, p.to) }

// field is one field of a message: a number or bytes, which are not read before they are asked for.
type field struct {
	part
	number protowire.Number
	kind   protowire.Type
	value  uint64
}

// mostHead is what a field's tag and its number, or its length, may have at most.
const mostHead = 20

// fields calls visit for each field of a message, in order. A field's bytes are good until visit returns or reads others.
func (p part) fields(visit func(f field) error) error {
	for at := p.from; at < p.to; {
		head := p.source.bytes(at, min(p.to, at+mostHead))
		if p.source.err != nil {
			return p.source.err
		}
		number, kind, n := protowire.ConsumeTag(head)
		if n < 0 {
			return errors.Errorf("byte %d of a message: %v", at-p.from, protowire.ParseError(n))
		}
		f := field{part: part{source: p.source}, number: number, kind: kind}
		body := head[n:]
		used := n
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
			var size uint64
			if size, n = protowire.ConsumeVarint(body); n >= 0 {
				f.from = at + int64(used+n)
				if left := p.to - f.from; size > uint64(left) {
					return errors.Errorf("byte %d of a message, field %d: %v: %d bytes are announced, of which there are %d", at-p.from, number, io.ErrUnexpectedEOF, size, left)
				}
				f.to = f.from + int64(size)
			}
		default: // groups, which no version of ONNX has
			return errors.Errorf("byte %d of a message, field %d: wire type %d; want a number or bytes", at-p.from, number, kind)
		}
		if n < 0 {
			return errors.Errorf("byte %d of a message, field %d: %v", at-p.from, number, protowire.ParseError(n))
		}
		at += int64(used + n)
		if kind == protowire.BytesType {
			at = f.to
		}
		if err := visit(f); err != nil {
			return err
		}
		if p.source.err != nil {
			return p.source.err
		}
	}
	return nil
}

// counts returns how often the fields below 16 come, so that lists can be made as long as they will be.
func (p part) counts() (n [16]int, err error) {
	err = p.fields(func(f field) error {
		if int(f.number) < len(n) {
			n[f.number]++
		}
		return nil
	})
	return n, err
}

// text returns a field's bytes as such.
func (f field) text() string { return f.source.text(f.bytes()) }

// What a string and a number take in a list.
const stringBytes, numberBytes = 16, 8

// varints returns how many numbers a packed field has: each ends with a byte below 0x80.
func (f field) varints() (n int) {
	for _, c := range f.bytes() {
		if c < 0x80 {
			n++
		}
	}
	return n
}

// ints appends the numbers of a repeated field, packed or not.
func (f field) ints(to []int64) ([]int64, error) {
	if f.kind != protowire.BytesType {
		f.source.take(2 * numberBytes)
		return append(to, int64(f.value)), nil
	}
	n := f.varints()
	if f.source.take(2 * numberBytes * n); f.source.err != nil {
		return nil, f.source.err
	}
	to = slices.Grow(to, n)
	for b := f.bytes(); len(b) > 0; {
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
	if f.source.take(2 * max(numberBytes, int(f.size()))); f.source.err != nil {
		return nil, f.source.err
	}
	if f.kind != protowire.BytesType {
		return append(to, math.Float32frombits(uint32(f.value))), nil
	}
	for b := f.bytes(); len(b) > 0; {
		v, n := protowire.ConsumeFixed32(b)
		if n < 0 {
			return nil, errors.Errorf("field %d: %v", f.number, protowire.ParseError(n))
		}
		to, b = append(to, math.Float32frombits(v)), b[n:]
	}
	return to, nil
}

// pair reads a message of two strings, fields 1 and 2.
func (p part) pair() (key, value string, err error) {
	err = p.fields(func(f field) error {
		switch f.number {
		case 1:
			key = f.text()
		case 2:
			value = f.text()
		}
		return nil
	})
	return key, value, err
}
