package tffile

import (
	"sort"

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
	names := make([]string, 0, len(n.Attrs))
	for name := range n.Attrs {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		entry := appendMessageField(nil, 1, []byte(name))
		b = appendMessageField(b, 5, appendMessageField(entry, 2, n.Attrs[name].encode()))
	}
	return b
}

func decodeNodeDef(b []byte) (NodeDef, error) {
	n := NodeDef{Attrs: map[string]Attr{}}
	err := protoFields(b, func(f protoField) error {
		if f.number < 1 || f.number > 5 {
			return nil
		}
		if err := f.want(protowire.BytesType); err != nil {
			return err
		}
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
			return n.decodeAttr(f.bytes)
		}
		return nil
	})
	return n, errors.Wrapf(err, "NodeDef %q", n.Name)
}

// decodeAttr reads an entry of the map attr.
func (n *NodeDef) decodeAttr(b []byte) error {
	name, value := "", Attr{}
	err := protoFields(b, func(f protoField) (err error) {
		if f.number != 1 && f.number != 2 {
			return nil
		}
		if err := f.want(protowire.BytesType); err != nil {
			return err
		}
		if f.number == 1 {
			name = string(f.bytes)
			return nil
		}
		value, err = decodeAttr(f.bytes)
		return err
	})
	n.Attrs[name] = value
	return errors.Wrapf(err, "the attribute %q", name)
}
