package gguf

import (
	"io"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

const format = "GGUF"

// Open opens a file. Shapes have the axes in the order of other formats, of which GGUF's is the reverse.
//
// Tensors of floats and integers are read as such, and those quantised in blocks as Q4_0, Q4_1, Q5_0, Q5_1 or Q8_0 as the float32 that their
// blocks stand for, up to seven times what they take in the file; those of other types, such as the K-quants, are listed, but
// not read. The metadata are the file's, whatever their type, as text; of an array that is long the first elements. Close
// the result.
func Open(path string) (*weights.File, error) {
	return weights.OpenPath(format, path, parse)
}

// Parse is Open of a file that lies elsewhere, such as in memory, and has so many bytes.
func Parse(file io.ReaderAt, size int64) (*weights.File, error) {
	f, err := parse(file, size, nil)
	return f, errors.Wrap(err, format)
}

func parse(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
	h, err := readHeader(newFields(file, size))
	if err != nil {
		return nil, err
	}
	all := make([]weights.Tensor, len(h.tensors))
	for i, d := range h.tensors {
		if all[i], err = d.tensor(file, h.start, size); err != nil {
			return nil, errors.Wrapf(err, "tensor %.200q", d.name)
		}
	}
	return weights.New(format, all, h.metadata, closer)
}

// tensor describes a tensor of a file of so many bytes, whose elements begin at byte start.
func (d *description) tensor(file io.ReaderAt, start, size int64) (weights.Tensor, error) {
	t := weights.Tensor{Name: d.name, Shape: d.shape}
	n, err := t.Elements()
	if err != nil {
		return t, err
	}
	if d.offset > uint64(size) || int64(d.offset) > size-start {
		return t, errors.Errorf("it begins at byte %d of the elements, of which there are %d", d.offset, max(0, size-start))
	}
	start += int64(d.offset)
	dtype, plain := dtypes[d.kind]
	b, blocks := blocksOf[d.kind]
	switch {
	case plain:
		t.DType = dtype
		t.Held = int64(n) * int64(dtype.Size())
	case blocks && d.shape[len(d.shape)-1]%blockSize != 0:
		return t, errors.Errorf("rows of %d elements are quantised in blocks of %d", d.shape[len(d.shape)-1], blockSize)
	case blocks:
		t.Held = int64(n) / blockSize * int64(b.bytes)
	default:
		t.DType = weights.Other
		return t, nil
	}
	if t.Held > size-start {
		return t, errors.Errorf("the shape %v needs %d bytes from byte %d on, but the file has %d", d.shape, t.Held, start, size)
	}
	t.Open = weights.Section(file, start, t.Held)
	if blocks {
		stored := t.Open
		t.DType, t.Held = weights.Float32, 4*int64(n)
		t.Open = func() (io.Reader, error) {
			r, err := stored()
			return &dequantizer{r: r, block: b}, err
		}
	}
	return t, nil
}
