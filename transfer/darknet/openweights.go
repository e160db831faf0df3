package darknet

import (
	"fmt"
	"io"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"

	"github.com/plexaura/plexaura/transfer/weights"
)

// OpenWeights opens the .weights file at path of a network; see NewWeights. Close closes it.
func OpenWeights(path string, n *Network) (*weights.File, error) {
	return weights.OpenPath("darknet: OpenWeights", path, func(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
		return newWeights(file, size, n, closer)
	})
}

// NewWeights takes size bytes of a .weights file of a network, of which a tensor is read when it is asked for. Tensors have the names,
// shapes and layout of the variables that Network.Build makes, such as conv8/kernel, and are in the order of the file; Metadata has
// "version", such as 0.2.0, and "seen", the images that the network was trained on. A file of another length than the network wants is an
// error. Numbers are read as they are; that they are finite is what Load sees to.
func NewWeights(r io.ReaderAt, size int64, n *Network) (*weights.File, error) {
	w, err := newWeights(r, size, n, nil)
	return w, errors.WithMessage(err, "darknet: NewWeights")
}

// What a layer takes that is built to learn the shapes of its variables, with what is told of these, and another layer that a [route] joins to it.
const layerBytes, joinedBytes = 32 << 10, 256

// fits fails where so much of the network has to be built that it takes much more memory than a file of so many bytes.
func (n *Network) fits(size int64) error {
	room := budget.Of(size)
	for _, l := range n.Layers {
		takes := layerBytes
		for _, o := range l.Options {
			takes += joinedBytes * strings.Count(o.Value, ",")
		}
		if err := room.Take(int64(takes)); err != nil {
			return errors.WithMessagef(err, "a network of %d layers", len(n.Layers))
		}
	}
	return nil
}

func newWeights(r io.ReaderAt, size int64, n *Network, closer io.Closer) (*weights.File, error) {
	if r == nil || n == nil {
		return nil, errors.New("wanted a reader and a network, came nil")
	}
	if err := n.fits(size); err != nil {
		return nil, err
	}
	entries, err := n.entries()
	if err != nil {
		return nil, err
	}
	h, err := readHeader(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, err
	}
	end := at(entries, h)
	tensors := make([]weights.Tensor, len(entries))
	for i, e := range entries {
		if e.end() > size {
			return nil, errors.Errorf("the file has %d bytes and ends in %s, which lies from byte %d to %d; the network wants %d bytes", size, e.name, e.offset, e.end(), end)
		}
		t := e.stored(h)
		t.Open, t.Held = weights.Section(r, e.offset, e.bytes()), e.bytes()
		if tensors[i], err = t.Transpose(e.layout(h)...); err != nil {
			return nil, err
		}
	}
	if end != size {
		return nil, errors.Errorf("the file has %d bytes, but the network wants %d; it belongs to a larger network", size, end)
	}
	return weights.New("Darknet", tensors, map[string]string{
		"version": fmt.Sprintf("%d.%d.%d", h.Major, h.Minor, h.Revision),
		"seen":    fmt.Sprint(h.Seen),
	}, closer)
}
