package onnx

import (
	"io"
	"os"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

// inMessage are elements that lie in a model's message.
type inMessage []byte

// ReadAt implements io.ReaderAt.
func (b inMessage) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 || at >= int64(len(b)) {
		return 0, io.EOF
	}
	n := copy(p, b[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// leastInFile is a tensor too small to be worth a file's opening.
const leastInFile = 1 << 14

// inFile makes all large tensors that lie in the message be read from its file when they are asked for, so that the message need not be
// kept beside the variables.
func (g *Graph) inFile(path string, message []byte) {
	for i := range g.Initializers {
		inFile(&g.Initializers[i], path, message)
	}
	for _, n := range g.Nodes {
		for _, a := range n.Attributes {
			if a.Tensor != nil {
				inFile(a.Tensor, path, message)
			}
			if a.Graph != nil {
				a.Graph.inFile(path, message)
			}
		}
	}
}

func inFile(t *weights.Tensor, path string, message []byte) {
	if t.Open == nil || t.Held < leastInFile {
		return
	}
	r, err := t.Open()
	if err != nil {
		return
	}
	if c, ok := r.(io.Closer); ok { // a file beside the model
		c.Close()
		return
	}
	section, ok := r.(*io.SectionReader)
	if !ok {
		return
	}
	whole, _, _ := section.Outer()
	raw, ok := whole.(inMessage)
	if !ok {
		return
	}
	offset, length, size := int64(cap(message)-cap(raw)), t.Held, int64(len(message)) // a part of a slice keeps its capacity
	t.Open = func() (io.Reader, error) {
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
		return closing{io.LimitReader(f, length), f}, nil
	}
}
