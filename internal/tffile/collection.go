package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Collection is one of a graph's collections (CollectionDef of tensorflow/core/protobuf/meta_graph.proto):
//
//	oneof kind {NodeList node_list = 1; BytesList bytes_list = 2; Int64List int64_list = 3; FloatList float_list = 4}
//
// each of which is a message {repeated T value = 1}. The first of the four that is not nil is written. A
// collection of another kind, and an empty one, are read as one without any.
type Collection struct {
	Nodes  []string // names of nodes, or of tensors such as "loss/Mean:0"
	Bytes  []string // encoded messages, such as [VariableDef]
	Ints   []int64
	Floats []float32
}

func (c Collection) encode() []byte {
	var list []byte
	switch {
	case c.Nodes != nil:
		for _, name := range c.Nodes {
			list = appendMessageField(list, 1, []byte(name))
		}
		return appendMessageField(nil, 1, list)
	case c.Bytes != nil:
		for _, message := range c.Bytes {
			list = appendMessageField(list, 1, []byte(message))
		}
		return appendMessageField(nil, 2, list)
	case c.Ints != nil:
		list = appendPacked(1, len(c.Ints), func(b []byte, i int) []byte { return protowire.AppendVarint(b, uint64(c.Ints[i])) })
		return appendMessageField(nil, 3, list)
	case c.Floats != nil:
		list = appendPacked(1, len(c.Floats), func(b []byte, i int) []byte { return protowire.AppendFixed32(b, math.Float32bits(c.Floats[i])) })
		return appendMessageField(nil, 4, list)
	}
	return nil
}

var collectionKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 3: protowire.BytesType, 4: protowire.BytesType}

func (d *decoder) collection(b []byte) (Collection, error) {
	var c Collection
	d.take(collectionBytes)
	err := d.fields(b, collectionKinds, func(kind protoField) error {
		switch { // a second list of a kind goes on with the first
		case kind.number == 1 && c.Nodes == nil:
			c.Nodes = sized[string](d, kind.bytes, 1, stringBytes)
		case kind.number == 2 && c.Bytes == nil:
			c.Bytes = sized[string](d, kind.bytes, 1, stringBytes)
		case kind.number <= 2:
			d.take(len(kind.bytes) / 2 * 3 * stringBytes)
		}
		if d.err != nil {
			return d.err
		}
		return protoFields(kind.bytes, func(f protoField) error {
			if f.number != 1 {
				return nil
			}
			if d.err != nil {
				return d.err
			}
			switch kind.number {
			case 1:
				c.Nodes = append(c.Nodes, d.text(f.bytes))
				return f.want(protowire.BytesType)
			case 2:
				c.Bytes = append(c.Bytes, d.long(f.bytes))
				return f.want(protowire.BytesType)
			case 3:
				if d.take(2 * 8 * f.listed(protowire.VarintType)); d.err != nil {
					return d.err
				}
				return f.unpack(protowire.VarintType, func(f protoField) error {
					c.Ints = append(c.Ints, int64(f.varint))
					return nil
				})
			}
			d.take(2 * len(f.bytes))
			return f.unpack(protowire.Fixed32Type, func(f protoField) error {
				c.Floats = append(c.Floats, math.Float32frombits(f.fixed32))
				return nil
			})
		})
	})
	return c, errors.Wrap(err, "CollectionDef")
}
