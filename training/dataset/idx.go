package dataset

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// maxIDXBytes is the most data that ReadIDX takes from one file: a few kilobytes
// of gzip can unpack to gigabytes.
const maxIDXBytes = 4 << 30

// OpenIDX reads the IDX file at path; see ReadIDX.
func OpenIDX(path string) (*tensor.Dense, error) {
	t, err := openIDX(path)
	return t, errors.WithMessage(err, "dataset: OpenIDX")
}

func openIDX(path string) (*tensor.Dense, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := readIDX(f)
	return t, errors.WithMessage(err, path)
}

// ReadIDX reads one tensor in the IDX format, packed with gzip or not, which it
// sees from the content. Numbers are big-endian; the dtype is that of the file:
// uint8, int8, int16, int32, float32 or float64. Memory grows with the data that
// really arrives, never with what the header promises.
//
// A header that is not IDX, an empty tensor, data that end early or go on after
// the last element, and more than 4 GiB of data are errors.
//
// Format: Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "The IDX
// file format".
func ReadIDX(r io.Reader) (*tensor.Dense, error) {
	t, err := readIDX(r)
	return t, errors.WithMessage(err, "dataset: ReadIDX")
}

func readIDX(r io.Reader) (*tensor.Dense, error) {
	r, err := gunzip(r)
	if err != nil {
		return nil, err
	}
	kind, shape, err := readIDXHeader(r)
	if err != nil {
		return nil, err
	}
	size := idxSize[kind]
	total := int64(size)
	for _, d := range shape {
		if total > maxIDXBytes/int64(d) {
			return nil, errors.Errorf("shape %v of %d-byte numbers: wanted at most %d bytes of data", tensor.Shape(shape), size, int64(maxIDXBytes))
		}
		total *= int64(d)
	}
	if total > math.MaxInt {
		return nil, errors.Errorf("shape %v is too large for this machine", tensor.Shape(shape))
	}
	var buf bytes.Buffer
	got, err := io.CopyN(&buf, r, total)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil, errors.Errorf("shape %v wants %d bytes of data, the file ends after %d", tensor.Shape(shape), total, got)
	}
	if err != nil {
		return nil, errors.Wrapf(err, "after %d of %d bytes of data", got, total)
	}
	// Reading on to the end also makes gzip compare its checksum.
	switch extra, err := io.CopyN(io.Discard, r, 1); {
	case extra > 0:
		return nil, errors.Errorf("shape %v wants %d bytes of data, more follow: the header or the file is damaged", tensor.Shape(shape), total)
	case err != io.EOF:
		return nil, errors.Wrap(err, "after the last element")
	}
	raw := buf.Bytes()
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(decodeIDX(kind, raw[:len(raw):len(raw)]))), nil
}

// idxSize has the bytes of one number by the type code of the third byte.
var idxSize = map[byte]int{0x08: 1, 0x09: 1, 0x0b: 2, 0x0c: 4, 0x0d: 4, 0x0e: 8}

// readIDXHeader reads two zero bytes, the type code, the number of axes, and the
// size of each axis as a big-endian uint32.
func readIDXHeader(r io.Reader) (kind byte, shape []int, err error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, shortHeader(err)
	}
	if head[0] != 0 || head[1] != 0 {
		return 0, nil, errors.Errorf("not an IDX file: wanted two zero bytes first, came % x", head)
	}
	kind = head[2]
	if idxSize[kind] == 0 {
		return 0, nil, errors.Errorf("type code %#02x: wanted 0x08 (uint8), 0x09 (int8), 0x0b (int16), 0x0c (int32), 0x0d (float32) or 0x0e (float64)", kind)
	}
	if head[3] == 0 {
		return 0, nil, errors.New("wanted one axis or more, the header has none")
	}
	shape = make([]int, head[3])
	for i := range shape {
		var d [4]byte
		if _, err := io.ReadFull(r, d[:]); err != nil {
			return 0, nil, shortHeader(err)
		}
		n := binary.BigEndian.Uint32(d[:])
		if n == 0 || n > math.MaxInt32 {
			return 0, nil, errors.Errorf("size of axis %d: wanted 1 to %d, came %d", i, math.MaxInt32, n)
		}
		shape[i] = int(n)
	}
	return kind, shape, nil
}

func shortHeader(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("not an IDX file: it ends inside the header")
	}
	return errors.Wrap(err, "header")
}

// decodeIDX turns big-endian bytes into a slice of the file's type. Bytes are
// shared, wider numbers copied.
func decodeIDX(kind byte, raw []byte) any {
	be := binary.BigEndian
	switch kind {
	case 0x09:
		out := make([]int8, len(raw))
		for i, b := range raw {
			out[i] = int8(b)
		}
		return out
	case 0x0b:
		out := make([]int16, len(raw)/2)
		for i := range out {
			out[i] = int16(be.Uint16(raw[2*i:]))
		}
		return out
	case 0x0c:
		out := make([]int32, len(raw)/4)
		for i := range out {
			out[i] = int32(be.Uint32(raw[4*i:]))
		}
		return out
	case 0x0d:
		out := make([]float32, len(raw)/4)
		for i := range out {
			out[i] = math.Float32frombits(be.Uint32(raw[4*i:]))
		}
		return out
	case 0x0e:
		out := make([]float64, len(raw)/8)
		for i := range out {
			out[i] = math.Float64frombits(be.Uint64(raw[8*i:]))
		}
		return out
	}
	return raw
}
