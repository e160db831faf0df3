package safetensors

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/wholefile"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Write writes tensors, in their order, and metadata, which may be nil, to the file at path.
// It replaces a file that is there, and only once all is written. No copy of a tensor is made. Two
// equal names are an error.
func Write(path string, tensors []weights.Named, metadata map[string]string) error {
	head, err := encodeHeader(tensors, metadata)
	if err == nil {
		err = wholefile.Write(path, func(w io.Writer) error {
			b := bufio.NewWriterSize(w, 1<<16)
			b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(head))))
			b.Write(head)
			for _, t := range tensors {
				if err := weights.WriteElements(b, t.Value); err != nil {
					return errors.Wrapf(err, "tensor %q", t.Name)
				}
			}
			return b.Flush()
		})
	}
	return errors.Wrapf(err, "%s: %s", format, path)
}

// encodeHeader makes the header, padded with spaces so that the elements are aligned.
func encodeHeader(tensors []weights.Named, metadata map[string]string) ([]byte, error) {
	var b bytes.Buffer
	seen := map[string]bool{metadataKey: true}
	put := func(key string, value interface{}) error {
		if b.Len() > 0 {
			b.WriteByte(',')
		} else {
			b.WriteByte('{')
		}
		k, err := json.Marshal(key)
		if err != nil {
			return err
		}
		v, err := json.Marshal(value)
		b.Write(k)
		b.WriteByte(':')
		b.Write(v)
		return err
	}
	if len(metadata) > 0 {
		if err := put(metadataKey, metadata); err != nil {
			return nil, err
		}
	}
	end := int64(0)
	for _, t := range tensors {
		if seen[t.Name] {
			return nil, errors.Errorf("the name %q is taken; want one for each tensor", t.Name)
		}
		seen[t.Name] = true
		if t.Value == nil {
			return nil, errors.Errorf("tensor %q is nil", t.Name)
		}
		name, size, ok := stored(t.Value.Dtype())
		if !ok {
			return nil, errors.Errorf("tensor %q has the dtype %v; want float32, float64, an integer type or bool", t.Name, t.Value.Dtype())
		}
		n := int64(t.Value.Shape().TotalSize()) * size
		e := entry{DType: name, Shape: append([]int{}, t.Value.Shape()...), Offsets: [2]int64{end, end + n}}
		if err := put(t.Name, e); err != nil {
			return nil, errors.Wrapf(err, "tensor %q", t.Name)
		}
		end += n
	}
	if b.Len() == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	return b.Bytes(), nil
}

// stored is how elements of a dtype are written.
func stored(dt tensor.Dtype) (name string, size int64, ok bool) {
	switch dt {
	case tensor.Float32:
		return "F32", 4, true
	case tensor.Float64:
		return "F64", 8, true
	case tensor.Int, tensor.Int64:
		return "I64", 8, true
	case tensor.Int32:
		return "I32", 4, true
	case tensor.Uint8:
		return "U8", 1, true
	case tensor.Bool:
		return "BOOL", 1, true
	}
	return "", 0, false
}
