package onnx

import (
	"bytes"
	"io"
	"os"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// leastInFile is a tensor too small to be worth a file's opening.
const leastInFile = 1 << 14

// elements gives a tensor the elements that lie in the message. Those of a large one are read from the file when they are asked for, so that
// the message is never held beside the variables.
func (d *decoder) elements(t *weights.Tensor, raw part) {
	n := raw.size()
	t.Held = n
	if raw.source.file != nil && n >= leastInFile {
		path, size, from := d.path, raw.source.size, raw.from // and not the source, which has a window and names
		t.Open = func() (io.Reader, error) { return section(path, size, from, n) }
		return
	}
	b := raw.bytes()
	if raw.source.file != nil {
		raw.source.take(len(b))
		b = bytes.Clone(b)
	}
	t.Open = weights.Section(bytes.NewReader(b), 0, n)
}

// section opens n bytes of a file that must still have so many bytes as when the model was read.
func section(path string, size, offset, n int64) (io.Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() != size {
		err = errors.Errorf("%s has %d bytes now; it had %d when the model was read", path, info.Size(), size)
	}
	if err == nil {
		_, err = f.Seek(offset, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return closing{io.LimitReader(f, n), f}, nil
}
