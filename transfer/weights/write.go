package weights

import (
	"encoding/binary"
	"io"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Named is a tensor to write to a file: float32, float64, int, int32, int64, uint8 or bool. The
// formats have no int, which becomes their int64.
type Named struct {
	Name  string
	Value *tensor.Dense
}

// WriteElements writes the elements of a tensor in row-major order, little-endian; int is
// written as int64. It takes no copy of a tensor that is row-major itself.
func WriteElements(w io.Writer, t *tensor.Dense) error {
	v := graph.Values{t}
	switch t.Dtype() {
	case tensor.Float32:
		return write(w, v.Float32s(0))
	case tensor.Float64:
		return write(w, v.Float64s(0))
	case tensor.Int32:
		return write(w, v.Int32s(0))
	case tensor.Int64:
		return write(w, v.Int64s(0))
	case tensor.Uint8:
		return write(w, v.Uint8s(0))
	case tensor.Bool:
		return write(w, v.Bools(0))
	case tensor.Int:
		x := v.Ints(0)
		wide := make([]int64, min(len(x), writeChunk))
		for len(x) > 0 {
			n := copyWide(wide, x)
			if err := write(w, wide[:n]); err != nil {
				return err
			}
			x = x[n:]
		}
		return nil
	}
	return errors.Errorf("a tensor of dtype %v cannot be written; want float32, float64, int, int32, int64, uint8 or bool", t.Dtype())
}

// writeChunk is how many elements are encoded at a time.
const writeChunk = 8192

func write[T element](w io.Writer, x []T) error {
	var b []byte
	for len(x) > 0 {
		n := min(len(x), writeChunk)
		var err error
		if b, err = binary.Append(b[:0], binary.LittleEndian, x[:n]); err != nil {
			return errors.WithStack(err)
		}
		if _, err := w.Write(b); err != nil {
			return errors.WithStack(err)
		}
		x = x[n:]
	}
	return nil
}

func copyWide(to []int64, x []int) int {
	n := min(len(to), len(x))
	for i, v := range x[:n] {
		to[i] = int64(v)
	}
	return n
}
