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
	Attrs    map[string]Attr // of a decoded graph, nodes with the same attributes may share them
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

func (d *decoder) nodeDef(b []byte) (NodeDef, error) {
	n := NodeDef{Inputs: sized[string](d, b, 3, stringBytes)}
	attrs := sized[[]byte](d, b, 5, 24)
	if d.err != nil {
		return n, d.err
	}
	err := d.fields(b, nodeKinds, func(f protoField) error {
		switch f.number {
		case 1:
			n.Name = d.text(f.bytes)
		case 2:
			n.Op = d.text(f.bytes)
		case 3:
			n.Inputs = append(n.Inputs, d.text(f.bytes))
		case 4:
			n.Device = d.text(f.bytes)
		case 5:
			attrs = append(attrs, f.bytes)
		}
		return nil
	})
	d.linked += linkedNodeBytes + linkedInputBytes*len(n.Inputs)
	if err == nil {
		n.Attrs, err = d.nodeAttrs(attrs)
	}
	if err == nil && (n.Name == "" || n.Op == "") {
		err = errors.Errorf("it has the op %q; want a name and an op", n.Op)
	}
	return n, errors.Wrapf(err, "NodeDef %q", n.Name)
}

// mostShared is how many bytes attributes may have that are worth looking for others like them.
const mostShared = 512

// nodeAttrs decodes the attributes of a node. Those that other nodes have too are theirs.
func (d *decoder) nodeAttrs(entries [][]byte) (map[string]Attr, error) {
	share := true
	d.key = d.key[:0]
	for _, e := range entries {
		if share = len(d.key)+len(e) <= mostShared; !share {
			break
		}
		d.key = append(protowire.AppendVarint(d.key, uint64(len(e))), e...)
	}
	if same, ok := d.same[string(d.key)]; share && ok {
		return same, nil
	}
	if d.take(attrsBytes); d.err != nil {
		return nil, d.err
	}
	attrs := map[string]Attr{}
	for _, e := range entries {
		if err := d.attrEntry(attrs, e, 0); err != nil {
			return nil, err
		}
	}
	if share {
		if d.same == nil {
			d.same = map[string]map[string]Attr{}
		}
		d.take(keptBytes + len(d.key))
		d.passing += keptBytes + len(d.key)
		d.same[string(d.key)] = attrs
	}
	return attrs, d.err
}
