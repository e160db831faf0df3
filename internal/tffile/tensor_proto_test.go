package tffile

import (
	"encoding/hex"
	"math"
	"reflect"
	"testing"
)

// Elements that are listed, of every dtype, and what a shorter list stands for.
func TestTensorProto(t *testing.T) {
	shape := func(n int) string { return protoBytes(2, protoBytes(1, n)) }
	for name, c := range map[string]struct{ message, data string }{
		"a scalar":            {protoBytes(1, 1, 5, math.Float32bits(1)), "0000803f"},
		"one for all":         {protoBytes(1, 1, 2, shape(3), 5, math.Float32bits(1)), "0000803f0000803f0000803f"},
		"packed":              {protoBytes(1, 3, 2, shape(3), 7, "\x01\x02"), "010000000200000002000000"},
		"no element":          {protoBytes(1, 9, 2, shape(2)), "00000000000000000000000000000000"},
		"an empty tensor":     {protoBytes(1, 9, 2, shape(0)), ""},
		"a negative int8":     {protoBytes(1, 6, 2, shape(2), 7, -2), "fefe"},
		"halves":              {protoBytes(1, 19, 2, shape(2), 13, 0x3c00), "003c003c"},
		"bools":               {protoBytes(1, 10, 2, shape(3), 11, "\x01\x00"), "010000"},
		"tensor_content":      {protoBytes(1, 5, 2, shape(2), 4, "\x01\x02\x03\x04"), "01020304"},
		"the last is zero":    {protoBytes(1, 4, 2, shape(4), 7, "\x05\x00"), "05000000"},
		"uint64":              {protoBytes(1, 23, 17, 1), "0100000000000000"},
		"a complex number":    {protoBytes(1, 8, 2, shape(2), 9, "12345678"), hex.EncodeToString([]byte("1234567812345678"))},
		"a list and a single": {protoBytes(1, 3, 2, shape(3), 7, "\x01", 7, 2), "010000000200000002000000"},
	} {
		x, err := (&decoder{}).tensorProto([]byte(c.message))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		whole, err := x.Whole()
		if got := hex.EncodeToString(whole.Data); err != nil || got != c.data {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.data)
		}
		again, err := (&decoder{}).tensorProto(x.encodeProto())
		if err != nil || again.DType != x.DType || !reflect.DeepEqual(again.Shape, x.Shape) || string(again.Data) != string(x.Data) {
			t.Errorf("%s: written again: %+v, %v; want %+v", name, again, err, x)
		}
	}
	s, err := (&decoder{}).tensorProto([]byte(protoBytes(1, 7, 2, shape(3), 8, "a", 8, "b")))
	if err != nil {
		t.Fatal(err)
	}
	if whole, err := s.Whole(); err != nil || !reflect.DeepEqual(whole.Strings, []string{"a", "b", "b"}) {
		t.Errorf("%q, %v", whole.Strings, err)
	}
}

// A shape alone takes no memory, and some are refused when they are asked for.
func TestTensorProtoOfManyElements(t *testing.T) {
	for name, message := range map[string]string{
		"2^40 floats":  protoBytes(1, 1, 2, protoBytes(2, protoBytes(1, 1<<40)), 5, uint32(7)),
		"2^40 strings": protoBytes(1, 7, 2, protoBytes(2, protoBytes(1, 1<<40)), 8, "a"),
		"a resource":   protoBytes(1, 20),
	} {
		x, err := (&decoder{}).tensorProto([]byte(message))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := x.Whole(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, message := range map[string]string{
		"more than 63 bits":       protoBytes(1, 1, 2, protoBytes(2, protoBytes(1, 1<<62), 2, protoBytes(1, 4))),
		"part of an element":      protoBytes(1, 1, 5, "123"),
		"too much tensor_content": protoBytes(1, 1, 4, "12345678"),
		"unknown size":            protoBytes(1, 1, 2, protoBytes(2, protoBytes(1, -1))),
	} {
		if x, err := (&decoder{}).tensorProto([]byte(message)); err == nil {
			t.Errorf("%s: read as %+v", name, x)
		}
	}
}
