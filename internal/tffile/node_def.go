package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// NodeDef is a node of a graph (tensorflow/core/framework/node_def.proto):
//
//	string name = 1; string op = 2; repeated string input = 3; string device = 4; map<string, AttrValue> attr = 5
//
// An input is "node" for its first output, "node:1" for its second, and "^node" for a control edge;
// those come last.
type NodeDef struct {
	Name, Op string
	Inputs   []string
	Device   string
	Attrs    map[string]Attr
}

func (n NodeDef) encode() []byte {
	b := appendStringField(nil, 1, n.Name)
	b = appendStringField(b, 2, n.Op)
	for _, in := range n.Inputs {
		b = appendMessageField(b, 3, []byte(in))
	}
	b = appendStringField(b, 4, n.Device)
	return appendAttrs(b, 5, n.Attrs)
}

var nodeKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 3: protowire.BytesType, 4: protowire.BytesType, 5: protowire.BytesType}

func decodeNodeDef(b []byte) (NodeDef, error) {
	n := NodeDef{Attrs: map[string]Attr{}}
	err := knownFields(b, nodeKinds, func(f protoField) error {
		switch f.number {
		case 1:
			n.Name = string(f.bytes)
		case 2:
			n.Op = string(f.bytes)
		case 3:
			n.Inputs = append(n.Inputs, string(f.bytes))
		case 4:
			n.Device = string(f.bytes)
		case 5:
			return decodeAttrEntry(n.Attrs, f.bytes, 0)
		}
		return nil
	})
	if err == nil && (n.Name == "" || n.Op == "") {
		err = errors.Errorf("it has the op %q; want a name and an op", n.Op)
	}
	return n, errors.Wrapf(err, "NodeDef %q", n.Name)
}
