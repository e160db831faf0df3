package tffile

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Func is an attribute that is a function with its attributes, as a call such as PartitionedCall has it in "f" (NameAttrList of
// tensorflow/core/framework/attr_value.proto):
//
//	string name = 1; map<string, AttrValue> attr = 2
type Func struct {
	Name  string // of a [Function] of the graph
	Attrs map[string]Attr
}

// Placeholder is an attribute of a node in a [Function] that stands for the attribute of that name of the call.
type Placeholder string

func (f Func) encode() []byte { return appendAttrs(appendStringField(nil, 1, f.Name), 2, f.Attrs) }

// funcAttr reads the function in an attribute that lies so deep in others.
func (d *decoder) funcAttr(b []byte, depth int) (Func, error) {
	if d.take(funcBytes); d.err != nil {
		return Func{}, d.err
	}
	fn := Func{Attrs: map[string]Attr{}}
	if depth >= maxAttrDepth {
		return fn, errors.Errorf("functions in attributes lie deeper than %d in each other", maxAttrDepth)
	}
	err := d.fields(b, entryKinds, func(f protoField) error {
		if f.number == 2 {
			return d.attrEntry(fn.Attrs, f.bytes, depth+1)
		}
		fn.Name = d.text(f.bytes)
		return nil
	})
	return fn, errors.Wrapf(err, "function %q", fn.Name)
}

// appendAttrs appends a map<string, AttrValue>, in the order of its keys.
func appendAttrs(b []byte, number protowire.Number, attrs map[string]Attr) []byte {
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		b = appendEntryField(b, number, name, attrs[name].encode())
	}
	return b
}

// attrEntry reads an entry of a map<string, AttrValue> that lies so deep in attributes.
func (d *decoder) attrEntry(attrs map[string]Attr, b []byte, depth int) error {
	if d.take(attrBytes); d.err != nil {
		return d.err
	}
	name, value, err := d.entry(b)
	if err != nil {
		return err
	}
	attrs[name], err = d.attr(value, depth)
	return errors.Wrapf(err, "the attribute %q", name)
}
