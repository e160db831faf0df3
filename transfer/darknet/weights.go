package darknet

import (
	"encoding/binary"
	"io"
	"os"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// Header is what a .weights file begins with.
type Header struct {
	Major, Minor, Revision int32
	Seen                   uint64 // images that the network was trained on
	// Transposed says that kernels of [connected] are [in, units], as in some early files.
	Transposed bool
	Length     int64 // of the header, in bytes: 16, or 20 from version 0.2 on
}

const maxVersion = 1 << 20 // there is no magic number that would tell other files

// readHeader reads it from r.
func readHeader(r io.Reader) (Header, error) {
	var b [20]byte
	n, err := io.ReadFull(r, b[:16])
	if err != nil {
		return Header{}, errors.Errorf("the file ends after %d bytes, in its header of 16 or 20; want a .weights file", n)
	}
	word := func(i int) int32 { return int32(binary.LittleEndian.Uint32(b[4*i:])) }
	h := Header{Major: word(0), Minor: word(1), Revision: word(2), Seen: uint64(uint32(word(3))), Length: 16}
	if min(h.Major, h.Minor) < 0 || max(h.Major, h.Minor) > maxVersion {
		return h, errors.Errorf("the file begins as one of version %d.%d would; want a .weights file, whose version is a small number such as 0.2", h.Major, h.Minor)
	}
	h.Transposed = h.Major > 1000 || h.Minor > 1000
	if int64(h.Major)*10+int64(h.Minor) >= 2 && h.Major < 1000 && h.Minor < 1000 {
		if n, err := io.ReadFull(r, b[16:]); err != nil {
			return h, errors.Errorf("the file ends after %d bytes, in its header of 20; want a .weights file", 16+n)
		}
		h.Seen, h.Length = binary.LittleEndian.Uint64(b[12:]), 20
	}
	return h, nil
}

// LoadConfig configures Load. The zero value wants a file that ends with the last variable.
type LoadConfig struct {
	// Longer takes a file that goes on: for networks that end before their classifier.
	Longer bool
}

// LoadFile gives variables their values from the .weights file at path; see Load.
func LoadFile(sess *graph.Session, vars gorgonia.Nodes, path string, cfg LoadConfig) (Header, error) {
	f, err := os.Open(path)
	if err != nil {
		return Header{}, errors.WithMessage(err, "darknet: LoadFile")
	}
	defer f.Close()
	h, err := Load(sess, vars, f, cfg)
	return h, errors.WithMessage(err, path)
}

// Load gives variables their values from a .weights file. Such a file has numbers only: what they are
// follows from the order of the layers, so vars are all variables of a network, a layer at a time, as Model.Variables
// lists them. A layer's variables are those of one scope, by name: kernel and bias, or kernel, gamma, beta,
// moving_mean and moving_variance.
//
// A file that ends before the last variable or goes on behind it, or that has a NaN, an infinity or a negative variance, is an error that names
// the layer and the byte; the session is then as it was. Memory is taken as the numbers come, about twice their
// size.
func Load(sess *graph.Session, vars gorgonia.Nodes, r io.Reader, cfg LoadConfig) (Header, error) {
	h, err := load(sess, vars, r, cfg)
	return h, errors.WithMessage(err, "darknet: Load")
}

func load(sess *graph.Session, vars gorgonia.Nodes, r io.Reader, cfg LoadConfig) (Header, error) {
	if sess == nil || r == nil {
		return Header{}, errors.New("wanted a session and a reader, came nil")
	}
	entries, nodes, err := inFileOrder(sess.Graph(), vars)
	if err != nil {
		return Header{}, err
	}
	h, err := readHeader(r)
	if err != nil {
		return h, err
	}
	at(entries, h)
	values := make(map[*gorgonia.Node]interface{}, len(nodes))
	for i, e := range entries {
		v, err := e.read(r, h)
		if err != nil {
			return h, err
		}
		values[nodes[i]] = inDtype(v, graph.SpecOf(nodes[i]).Dtype)
	}
	if !cfg.Longer {
		if n, _ := io.ReadFull(r, make([]byte, 1)); n > 0 {
			last := entries[len(entries)-1]
			return h, errors.Errorf("the file goes on after byte %d, where the last tensor, %s, ends; it belongs to a larger network (LoadConfig.Longer takes it)",
				last.end(), last.name)
		}
	}
	return h, sess.SetValues(values)
}

// inDtype converts float32 values where the variable is float64.
func inDtype(v *tensor.Dense, dtype tensor.Dtype) *tensor.Dense {
	if dtype != tensor.Float64 {
		return v
	}
	single := v.Data().([]float32)
	double := make([]float64, len(single))
	for i, x := range single {
		double[i] = float64(x)
	}
	return tensor.New(tensor.WithShape(v.Shape()...), tensor.WithBacking(double))
}
