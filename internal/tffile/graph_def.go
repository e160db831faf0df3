package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// GraphDef is a graph (tensorflow/core/framework/graph.proto):
//
//	repeated NodeDef node = 1; FunctionDefLibrary library = 2 {repeated FunctionDef function = 1};
//	VersionDef versions = 4 {int32 producer = 1}
type GraphDef struct {
	Nodes     []NodeDef
	Functions []Function
	Producer  int // the version of TensorFlow's graphs
}

// GraphProducer is a version of graphs that TensorFlow reads from 1.5 on.
const GraphProducer = 24

// Encode returns the graph as a protocol buffer message.
func (g GraphDef) Encode() []byte {
	var b []byte
	for _, n := range g.Nodes {
		b = appendMessageField(b, 1, n.encode())
	}
	if len(g.Functions) > 0 {
		var library []byte
		for _, fn := range g.Functions {
			library = appendMessageField(library, 1, fn.encode())
		}
		b = appendMessageField(b, 2, library)
	}
	return appendMessageField(b, 4, appendVarintField(nil, 1, uint64(g.Producer)))
}

var graphKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 4: protowire.BytesType}

// DecodeGraphDef is the inverse of Encode. The elements of tensors alias b.
func DecodeGraphDef(b []byte) (GraphDef, error) { return (&MessageFile{Message: b}).GraphDef() }

func (d *decoder) graphDef(b []byte) (GraphDef, error) {
	g := GraphDef{Nodes: sized[NodeDef](d, b, 1, nodeBytes)}
	if d.err != nil {
		return g, errors.Wrap(d.err, "GraphDef")
	}
	err := d.fields(b, graphKinds, func(f protoField) error {
		switch f.number {
		case 1:
			n, err := d.nodeDef(f.bytes)
			g.Nodes = append(g.Nodes, n)
			return err
		case 2:
			return d.fields(f.bytes, fieldKinds{1: protowire.BytesType}, func(f protoField) error {
				fn, err := d.function(f.bytes)
				g.Functions = append(g.Functions, fn)
				return err
			})
		}
		return knownFields(f.bytes, fieldKinds{1: protowire.VarintType}, func(f protoField) error {
			g.Producer = int(int32(f.varint))
			return nil
		})
	})
	return g, errors.Wrap(err, "GraphDef")
}
