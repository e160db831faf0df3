package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// GraphDef is a graph (tensorflow/core/framework/graph.proto):
//
//	repeated NodeDef node = 1; VersionDef versions = 4 {int32 producer = 1}
type GraphDef struct {
	Nodes    []NodeDef
	Producer int // the version of TensorFlow's graphs
}

// GraphProducer is a version of graphs that TensorFlow reads from 1.5 on.
const GraphProducer = 24

// Encode returns the graph as a protocol buffer message.
func (g GraphDef) Encode() []byte {
	var b []byte
	for _, n := range g.Nodes {
		b = appendMessageField(b, 1, n.encode())
	}
	return appendMessageField(b, 4, appendVarintField(nil, 1, uint64(g.Producer)))
}

// DecodeGraphDef is the inverse of Encode. Functions (library) are passed over.
func DecodeGraphDef(b []byte) (GraphDef, error) {
	var g GraphDef
	err := protoFields(b, func(f protoField) error {
		if f.number != 1 && f.number != 4 {
			return nil
		}
		if err := f.want(protowire.BytesType); err != nil {
			return err
		}
		if f.number == 1 {
			n, err := decodeNodeDef(f.bytes)
			g.Nodes = append(g.Nodes, n)
			return err
		}
		return protoFields(f.bytes, func(f protoField) error {
			if f.number != 1 {
				return nil
			}
			g.Producer = int(int32(f.varint))
			return f.want(protowire.VarintType)
		})
	})
	return g, errors.Wrap(err, "GraphDef")
}
