package onnx

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/transfer/weights"
)

// dtypes are those of TensorProto.DataType.
var dtypes = map[int64]weights.DType{
	1: weights.Float32, 2: weights.Uint8, 3: weights.Int8, 4: weights.Uint16, 5: weights.Int16, 6: weights.Int32, 7: weights.Int64, 8: weights.String, 9: weights.Bool,
	10: weights.Float16, 11: weights.Float64, 12: weights.Uint32, 13: weights.Uint64, 16: weights.BFloat16,
}

// tensor decodes a TensorProto. Elements stay where they are: in the memory of the message or, if they are many, in its file.
func (d *decoder) tensor(message part) (weights.Tensor, error) {
	t := weights.Tensor{Shape: []int{}}
	var raw part
	hasRaw := false
	var dims []int64
	var dataType int64
	outside := false
	var location map[string]string
	err := message.fields(func(f field) (err error) {
		switch f.number {
		case 1:
			dims, err = f.ints(dims)
		case 2:
			dataType = int64(f.value)
		case 8:
			t.Name = f.text()
		case 9:
			raw, hasRaw = f.part, true
		case 13:
			var k, v string
			if k, v, err = f.pair(); location == nil {
				location = map[string]string{}
			}
			location[k] = v
		case 14:
			outside = f.value == 1
		}
		return err
	})
	if err != nil {
		return t, errors.Wrapf(err, "tensor %q", t.Name)
	}
	for _, n := range dims {
		t.Shape = append(t.Shape, int(n))
	}
	var ok bool
	if t.DType, ok = dtypes[dataType]; !ok {
		return t, errors.Errorf("tensor %q has the data type %d; want floats of up to 64 bits, integers, bool or string", t.Name, dataType)
	}
	switch {
	case t.DType == weights.String:
		return t, nil
	case outside:
		return t, d.external(&t, location)
	case hasRaw:
		d.elements(&t, raw)
		return t, nil
	}
	return t, errors.Wrapf(d.numbers(&t, message), "tensor %q", t.Name)
}

// lists tells whether a field of a TensorProto lists elements of a dtype: floats as such, 16-bit floats by their bits, integers as varints of
// whatever width.
func lists(f field, d weights.DType) bool {
	switch f.number {
	case 4:
		return d == weights.Float32
	case 10:
		return d == weights.Float64
	case 5, 7, 11:
		return d != weights.Float32 && d != weights.Float64
	}
	return false
}

// numbers gives a tensor the elements that its message lists. Floats that are one list lie there as raw elements would.
func (d *decoder) numbers(t *weights.Tensor, message part) error {
	var list field
	lots, size := 0, 0
	err := message.fields(func(f field) error {
		if !lists(f, t.DType) {
			return nil
		}
		lots, list = lots+1, f
		switch {
		case f.kind != protowire.BytesType:
			size += t.DType.Size()
		case f.number == 4 || f.number == 10:
			size += int(f.size())
		default:
			size += f.varints() * t.DType.Size()
		}
		return nil
	})
	if err != nil {
		return err
	}
	if lots == 1 && list.kind == protowire.BytesType && (list.number == 4 || list.number == 10) && list.size()%int64(t.DType.Size()) == 0 {
		d.elements(t, list.part)
		return nil
	}
	if message.source.take(size); message.source.err != nil {
		return message.source.err
	}
	b := make([]byte, 0, size)
	err = message.fields(func(f field) (err error) {
		if lists(f, t.DType) {
			b, err = f.appendElements(b, t.DType)
		}
		return err
	})
	t.Held, t.Open = int64(len(b)), weights.Section(bytes.NewReader(b), 0, int64(len(b)))
	return err
}

// appendElements appends the elements of a repeated field, packed or not.
func (f field) appendElements(b []byte, d weights.DType) ([]byte, error) {
	switch {
	case f.kind != protowire.BytesType:
		return appendElement(b, f.value, d), nil
	case f.number == 4 || f.number == 10:
		if f.size()%int64(d.Size()) != 0 {
			return nil, errors.Errorf("field %d: %d bytes are no list of %v", f.number, f.size(), d)
		}
		return append(b, f.bytes()...), nil
	}
	for list := f.bytes(); len(list) > 0; {
		v, n := protowire.ConsumeVarint(list)
		if n < 0 {
			return nil, errors.Errorf("field %d: %v", f.number, protowire.ParseError(n))
		}
		b, list = appendElement(b, v, d), list[n:]
	}
	return b, nil
}

// appendElement appends an element that the message has as a number, as wide as its dtype.
func appendElement(b []byte, v uint64, d weights.DType) []byte {
	switch d.Size() {
	case 1:
		return append(b, byte(v))
	case 2:
		return binary.LittleEndian.AppendUint16(b, uint16(v))
	case 4:
		return binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return binary.LittleEndian.AppendUint64(b, v)
}

// external finds the elements in a file beside the model.
func (d *decoder) external(t *weights.Tensor, at map[string]string) error {
	if d.path == "" {
		return errors.Errorf("tensor %q lies in the file %q beside the model, which has no folder here; want onnx.Open of a path", t.Name, at["location"])
	}
	if !filepath.IsLocal(at["location"]) {
		return errors.Errorf("tensor %q lies in %q; want a file in the model's folder", t.Name, at["location"])
	}
	number := func(key string, otherwise int64) (int64, error) {
		if at[key] == "" {
			return otherwise, nil
		}
		n, err := strconv.ParseInt(at[key], 10, 64)
		if err != nil || n < 0 {
			return 0, errors.Errorf("tensor %q: its %s is %q; want a number", t.Name, key, at[key])
		}
		return n, nil
	}
	path := filepath.Join(filepath.Dir(d.path), at["location"])
	info, err := os.Stat(path)
	if err != nil {
		return errors.Wrapf(err, "tensor %q", t.Name)
	}
	offset, err := number("offset", 0)
	if err != nil {
		return err
	}
	length, err := number("length", info.Size()-offset)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || offset > info.Size() || length < 0 || length > info.Size()-offset {
		return errors.Errorf("tensor %q should be bytes %d to %d of %s, which has %d", t.Name, offset, offset+length, path, info.Size())
	}
	t.Held = length
	t.Open = func() (io.Reader, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		if _, err := f.Seek(offset, io.SeekStart); err != nil {
			f.Close()
			return nil, err
		}
		return closing{io.LimitReader(f, length), f}, nil
	}
	return nil
}

// closing is a part of a file, closed with it.
type closing struct {
	io.Reader
	io.Closer
}
