package onnx

import (
	"io"
	"maps"
	"math"
	"slices"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/transfer/weights"
)

// encoded is a message of protocol buffers that is being written. It holds what is small; the elements of tensors are pieces
// that are copied when it is written out.
type encoded struct {
	parts []piece
	size  int64
}

// piece is some bytes, or a tensor whose elements stand there.
type piece struct {
	bytes    []byte
	elements *weights.Tensor
}

// grow appends bytes.
func (m *encoded) grow(add func(b []byte) []byte) {
	if n := len(m.parts); n == 0 || m.parts[n-1].elements != nil {
		m.parts = append(m.parts, piece{})
	}
	last := &m.parts[len(m.parts)-1]
	before := len(last.bytes)
	last.bytes = add(last.bytes)
	m.size += int64(len(last.bytes) - before)
}

func (m *encoded) int(field protowire.Number, v int64) {
	m.grow(func(b []byte) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
	})
}

func (m *encoded) float(field protowire.Number, v float32) {
	m.grow(func(b []byte) []byte {
		return protowire.AppendFixed32(protowire.AppendTag(b, field, protowire.Fixed32Type), math.Float32bits(v))
	})
}

func (m *encoded) text(field protowire.Number, v string) {
	m.grow(func(b []byte) []byte {
		return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), v)
	})
}

// named is text, left out where it is empty.
func (m *encoded) named(field protowire.Number, v string) {
	if v != "" {
		m.text(field, v)
	}
}

// inner appends a message as a field.
func (m *encoded) inner(field protowire.Number, in *encoded) {
	m.grow(func(b []byte) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.BytesType), uint64(in.size))
	})
	m.parts = append(m.parts, in.parts...)
	m.size += in.size
}

// elements appends those of a tensor as a field of so many bytes.
func (m *encoded) elements(field protowire.Number, t *weights.Tensor, size int64) {
	m.grow(func(b []byte) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.BytesType), uint64(size))
	})
	m.parts = append(m.parts, piece{elements: t})
	m.size += size
}

// write writes the message out.
func (m *encoded) write(w io.Writer) error {
	for _, p := range m.parts {
		if _, err := w.Write(p.bytes); err != nil {
			return errors.WithStack(err)
		}
		if p.elements != nil {
			if err := writeElements(w, p.elements); err != nil {
				return err
			}
		}
	}
	return nil
}

// encoder makes the message of a Model. place, where it is not nil, says where the elements of an initializer lie outside.
type encoder struct {
	place func(t *weights.Tensor, size int64) (location string, offset int64)
}

func (e *encoder) model(m *Model) (*encoded, error) {
	out := &encoded{}
	out.int(1, m.IRVersion)
	out.named(2, m.Producer)
	graph, err := e.graph(m.Graph)
	if err != nil {
		return nil, err
	}
	out.inner(7, graph)
	for _, domain := range slices.Sorted(maps.Keys(m.Opsets)) {
		set := &encoded{}
		set.named(1, domain)
		set.int(2, m.Opsets[domain])
		out.inner(8, set)
	}
	for _, key := range slices.Sorted(maps.Keys(m.Metadata)) {
		out.inner(14, keyed(key, m.Metadata[key]))
	}
	return out, nil
}

// keyed is a StringStringEntryProto.
func keyed(key, value string) *encoded {
	m := &encoded{}
	m.text(1, key)
	m.text(2, value)
	return m
}

func (e *encoder) graph(g *Graph) (*encoded, error) {
	out := &encoded{}
	for _, n := range g.Nodes {
		node, err := e.node(n)
		if err != nil {
			return nil, errors.Wrapf(err, "node %q, %s", n.Name, n.Op)
		}
		out.inner(1, node)
	}
	out.named(2, g.Name)
	for i := range g.Initializers {
		t, err := e.tensor(&g.Initializers[i], e.place)
		if err != nil {
			return nil, err
		}
		out.inner(5, t)
	}
	for _, in := range g.Inputs {
		out.inner(11, valueInfo(in))
	}
	for _, v := range g.Outputs {
		out.inner(12, valueInfo(v))
	}
	for _, v := range g.Values {
		out.inner(13, valueInfo(v))
	}
	return out, nil
}

func (e *encoder) node(n Node) (*encoded, error) {
	out := &encoded{}
	for _, in := range n.Inputs {
		out.text(1, in)
	}
	for _, v := range n.Outputs {
		out.text(2, v)
	}
	out.named(3, n.Name)
	out.text(4, n.Op)
	for _, name := range slices.Sorted(maps.Keys(n.Attributes)) {
		a, err := e.attribute(name, n.Attributes[name])
		if err != nil {
			return nil, errors.Wrapf(err, "attribute %q", name)
		}
		out.inner(5, a)
	}
	out.named(7, n.Domain)
	return out, nil
}

func (e *encoder) attribute(name string, a Attribute) (*encoded, error) {
	out := &encoded{}
	out.text(1, name)
	switch a.Type {
	case Float:
		out.float(2, a.Float)
	case Int:
		out.int(3, a.Int)
	case String:
		out.text(4, a.String)
	case Tensor:
		t, err := e.tensor(a.Tensor, nil)
		if err != nil {
			return nil, err
		}
		out.inner(5, t)
	case Subgraph:
		g, err := (&encoder{}).graph(a.Graph)
		if err != nil {
			return nil, err
		}
		out.inner(6, g)
	case Floats:
		for _, v := range a.Floats {
			out.float(7, v)
		}
	case Ints:
		for _, v := range a.Ints {
			out.int(8, v)
		}
	case Strings:
		for _, v := range a.Strings {
			out.text(9, v)
		}
	default:
		return nil, errors.New("it is neither a number, a string, a tensor, a graph, nor a list of numbers or strings, and cannot be written")
	}
	out.int(20, int64(a.Type))
	return out, nil
}

// valueInfo is a ValueInfoProto.
func valueInfo(v Value) *encoded {
	out := &encoded{}
	out.text(1, v.Name)
	if v.DType == weights.Invalid {
		return out
	}
	tensor := &encoded{}
	tensor.int(1, dataTypes[v.DType])
	if v.Shape != nil {
		shape := &encoded{}
		for a, d := range v.Shape {
			size := &encoded{}
			switch {
			case d >= 0:
				size.int(1, int64(d))
			case a < len(v.Names):
				size.named(2, v.Names[a])
			}
			shape.inner(1, size)
		}
		tensor.inner(2, shape)
	}
	kind := &encoded{}
	kind.inner(1, tensor)
	out.inner(2, kind)
	return out
}
