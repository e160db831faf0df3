package onnx

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
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
	var raw, packed *field // packed are floats, which lie there as raw elements would
	var dataType int64
	outside := false
	var location map[string]string
	var floats []float32
	var ints []int64
	var doubles []uint64
	number := func(f field) (err error) {
		if f.number == 4 {
			floats, err = f.floats(floats)
		} else {
			doubles, err = f.doubles(doubles)
		}
		return err
	}
	err := message.fields(func(f field) (err error) {
		switch f.number {
		case 1:
			var dims []int64
			dims, err = f.ints(nil)
			for _, n := range dims {
				t.Shape = append(t.Shape, int(n))
			}
		case 2:
			dataType = int64(f.value)
		case 4, 10:
			if f.size() >= leastInFile && packed == nil && floats == nil && doubles == nil {
				packed = &f
				return nil
			}
			if packed != nil {
				err = number(*packed)
				packed = nil
			}
			if err == nil {
				err = number(f)
			}
		case 5, 7, 11:
			ints, err = f.ints(ints)
		case 8:
			t.Name = f.text()
		case 9:
			raw = &f
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
	var ok bool
	if t.DType, ok = dtypes[dataType]; !ok {
		return t, errors.Errorf("tensor %q has the data type %d; want floats of up to 64 bits, integers, bool or string", t.Name, dataType)
	}
	switch {
	case t.DType == weights.String:
		return t, nil
	case outside:
		return t, d.external(&t, location)
	case raw != nil:
		d.elements(&t, raw.part)
		return t, nil
	case packed != nil && packed.size()%4 == 0 && packed.number == 4 && t.DType == weights.Float32,
		packed != nil && packed.size()%8 == 0 && packed.number == 10 && t.DType == weights.Float64:
		d.elements(&t, packed.part)
		return t, nil
	case packed != nil:
		if err := number(*packed); err != nil {
			return t, errors.Wrapf(err, "tensor %q", t.Name)
		}
	}
	b := encode(t.DType, floats, ints, doubles)
	t.Open, t.Held = weights.Section(bytes.NewReader(b), 0, int64(len(b))), int64(len(b))
	return t, nil
}

// doubles is ints for 64-bit floats, as bits.
func (f field) doubles(to []uint64) ([]uint64, error) {
	if f.kind != protowire.BytesType {
		return append(to, f.value), nil
	}
	for b := f.bytes(); len(b) > 0; {
		v, n := protowire.ConsumeFixed64(b)
		if n < 0 {
			return nil, errors.Errorf("field %d: %v", f.number, protowire.ParseError(n))
		}
		to, b = append(to, v), b[n:]
	}
	return to, nil
}

// encode makes bytes of elements that the message has as numbers: floats as such, 16-bit floats by their
// bits, integers as varints of whatever width.
func encode(d weights.DType, floats []float32, ints []int64, doubles []uint64) []byte {
	var b []byte
	switch d {
	case weights.Float32:
		for _, v := range floats {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
	case weights.Float64:
		for _, v := range doubles {
			b = binary.LittleEndian.AppendUint64(b, v)
		}
	default:
		for _, v := range ints {
			switch d.Size() {
			case 1:
				b = append(b, byte(v))
			case 2:
				b = binary.LittleEndian.AppendUint16(b, uint16(v))
			case 4:
				b = binary.LittleEndian.AppendUint32(b, uint32(v))
			default:
				b = binary.LittleEndian.AppendUint64(b, uint64(v))
			}
		}
	}
	return b
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
