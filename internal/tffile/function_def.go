package tffile

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Function is a function of a graph's library (FunctionDef of tensorflow/core/framework/function.proto):
//
//	OpDef signature = 1; repeated NodeDef node_def = 3; map<string, string> ret = 4; map<string, AttrValue> attr = 5;
//	map<string, string> control_ret = 6
//
// An input of its nodes is "argument" for one of Inputs, "node:output:0" for the first tensor of a node's output that its op
// calls "output", or "^node" for a control edge. Their attributes may be a [Placeholder].
type Function struct {
	Name            string
	Inputs, Outputs []Arg
	ControlOutputs  []string
	Nodes           []NodeDef
	Returns         map[string]string // for every one of Outputs what it is, as inputs of nodes are named
	ControlReturns  map[string]string // for every one of ControlOutputs the node that runs
	Attrs           map[string]Attr
}

// Arg is an input or output of a Function (OpDef.ArgDef of tensorflow/core/framework/op_def.proto):
//
//	string name = 1; DataType type = 3; string type_attr = 4; string number_attr = 5; string type_list_attr = 6
//
// A dtype that the call decides is that of the attribute TypeAttr; a list has its length in the attribute NumberAttr, or its
// dtypes in TypeListAttr.
type Arg struct {
	Name                               string
	DType                              DType
	TypeAttr, NumberAttr, TypeListAttr string
}

func (fn Function) encode() []byte {
	signature := appendStringField(nil, 1, fn.Name)
	for _, a := range fn.Inputs {
		signature = appendMessageField(signature, 2, a.encode())
	}
	for _, a := range fn.Outputs {
		signature = appendMessageField(signature, 3, a.encode())
	}
	for _, name := range fn.ControlOutputs {
		signature = appendMessageField(signature, 20, []byte(name))
	}
	b := appendMessageField(nil, 1, signature)
	for _, n := range fn.Nodes {
		b = appendMessageField(b, 3, n.encode())
	}
	for _, name := range slices.Sorted(maps.Keys(fn.Returns)) {
		b = appendEntryField(b, 4, name, []byte(fn.Returns[name]))
	}
	b = appendAttrs(b, 5, fn.Attrs)
	for _, name := range slices.Sorted(maps.Keys(fn.ControlReturns)) {
		b = appendEntryField(b, 6, name, []byte(fn.ControlReturns[name]))
	}
	return b
}

func (a Arg) encode() []byte {
	b := appendStringField(nil, 1, a.Name)
	b = appendVarintField(b, 3, uint64(a.DType))
	b = appendStringField(b, 4, a.TypeAttr)
	b = appendStringField(b, 5, a.NumberAttr)
	return appendStringField(b, 6, a.TypeListAttr)
}

var functionKinds = fieldKinds{1: protowire.BytesType, 3: protowire.BytesType, 4: protowire.BytesType, 5: protowire.BytesType, 6: protowire.BytesType}

func (d *decoder) function(b []byte) (Function, error) {
	d.take(functionBytes)
	fn := Function{Returns: map[string]string{}, ControlReturns: map[string]string{}, Attrs: map[string]Attr{}}
	if fn.Nodes = sized[NodeDef](d, b, 3, nodeBytes); d.err != nil {
		return fn, d.err
	}
	err := d.fields(b, functionKinds, func(f protoField) error {
		switch f.number {
		case 1:
			return d.opDef(&fn, f.bytes)
		case 3:
			n, err := d.nodeDef(f.bytes)
			fn.Nodes = append(fn.Nodes, n)
			return err
		case 5:
			return d.attrEntry(fn.Attrs, f.bytes, 0)
		}
		to := fn.Returns
		if f.number == 6 {
			to = fn.ControlReturns
		}
		name, value, err := d.entry(f.bytes)
		d.take(4 * stringBytes)
		to[name] = d.text(value)
		return err
	})
	return fn, errors.Wrapf(err, "FunctionDef %q", fn.Name)
}

var opKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 3: protowire.BytesType, 20: protowire.BytesType}

// opDef reads what is wanted of the OpDef {string name = 1; repeated ArgDef input_arg = 2, output_arg = 3;
// repeated string control_output = 20}.
func (d *decoder) opDef(fn *Function, b []byte) error {
	fn.Inputs, fn.Outputs, fn.ControlOutputs = sized[Arg](d, b, 2, argBytes), sized[Arg](d, b, 3, argBytes), sized[string](d, b, 20, stringBytes)
	if d.err != nil {
		return d.err
	}
	err := d.fields(b, opKinds, func(f protoField) error {
		switch f.number {
		case 1:
			fn.Name = d.text(f.bytes)
			return nil
		case 20:
			fn.ControlOutputs = append(fn.ControlOutputs, d.text(f.bytes))
			return nil
		}
		a, err := d.arg(f.bytes)
		if f.number == 2 {
			fn.Inputs = append(fn.Inputs, a)
		} else {
			fn.Outputs = append(fn.Outputs, a)
		}
		return err
	})
	return errors.Wrap(err, "OpDef")
}

var argKinds = fieldKinds{1: protowire.BytesType, 3: protowire.VarintType, 4: protowire.BytesType, 5: protowire.BytesType, 6: protowire.BytesType}

func (d *decoder) arg(b []byte) (Arg, error) {
	var a Arg
	err := d.fields(b, argKinds, func(f protoField) error {
		switch f.number {
		case 1:
			a.Name = d.text(f.bytes)
		case 3:
			a.DType = DType(f.varint)
		case 4:
			a.TypeAttr = d.text(f.bytes)
		case 5:
			a.NumberAttr = d.text(f.bytes)
		case 6:
			a.TypeListAttr = d.text(f.bytes)
		}
		return nil
	})
	return a, errors.Wrapf(err, "ArgDef %q", a.Name)
}
