package safetensors

import (
	"encoding/binary"
	"io"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

const format = "safetensors"

// Open opens a file. Its header is read and checked at once, in memory of some times the
// header's length, and the tensors when they are asked for. Close the result.
func Open(path string) (*weights.File, error) {
	return weights.OpenPath(format, path, parse)
}

// Parse is Open of a file that lies elsewhere, such as in memory, and has so many bytes.
func Parse(file io.ReaderAt, size int64) (*weights.File, error) {
	w, err := parse(file, size, nil)
	return w, errors.Wrap(err, format)
}

func parse(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
	var b [8]byte
	if _, err := file.ReadAt(b[:], 0); err != nil || size < 8 {
		return nil, errors.Errorf("the file has %d bytes; want 8 with the length of a header, and the header", size)
	}
	n := binary.LittleEndian.Uint64(b[:])
	if n > maxHeader || int64(n) > size-8 {
		return nil, errors.Errorf("the header should have %d bytes, but the file has %d; it is cut off, or no safetensors file", n, size)
	}
	h, err := parseHeader(io.NewSectionReader(file, 8, int64(n)), budget.Of(size))
	if err != nil {
		return nil, err
	}
	start := 8 + int64(n)
	tensors, err := h.tensors(file, start, size-start)
	if err != nil {
		return nil, err
	}
	return weights.New(format, tensors, h.metadata, closer)
}
