package tffile

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Signature names the inputs and outputs of a graph (SignatureDef of tensorflow/core/protobuf/meta_graph.proto):
//
//	map<string, TensorInfo> inputs = 1; map<string, TensorInfo> outputs = 2; string method_name = 3
type Signature struct {
	Inputs, Outputs map[string]TensorInfo
	Method          string // such as "tensorflow/serving/predict"
}

// TensorInfo is a tensor of a Signature:
//
//	oneof encoding {string name = 1}; DataType dtype = 2; TensorShapeProto tensor_shape = 3
//
// A sparse or composite tensor has no Name.
type TensorInfo struct {
	Name  string // of the tensor in the graph, such as "x:0"
	DType DType
	Shape Shape
}

func (s Signature) encode() []byte {
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(s.Inputs)) {
		b = appendEntryField(b, 1, name, s.Inputs[name].encode())
	}
	for _, name := range slices.Sorted(maps.Keys(s.Outputs)) {
		b = appendEntryField(b, 2, name, s.Outputs[name].encode())
	}
	return appendStringField(b, 3, s.Method)
}

func (t TensorInfo) encode() []byte {
	b := appendStringField(nil, 1, t.Name)
	b = appendVarintField(b, 2, uint64(t.DType))
	return appendMessageField(b, 3, t.Shape.encode())
}

var signatureKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 3: protowire.BytesType}

func (d *decoder) signature(b []byte) (Signature, error) {
	if d.take(signatureBytes); d.err != nil {
		return Signature{}, d.err
	}
	s := Signature{Inputs: map[string]TensorInfo{}, Outputs: map[string]TensorInfo{}}
	err := d.fields(b, signatureKinds, func(f protoField) error {
		if f.number == 3 {
			s.Method = d.text(f.bytes)
			return nil
		}
		name, value, err := d.entry(f.bytes)
		if err != nil {
			return err
		}
		to := s.Inputs
		if f.number == 2 {
			to = s.Outputs
		}
		to[name], err = d.tensorInfo(value)
		return errors.Wrapf(err, "%q", name)
	})
	return s, errors.Wrap(err, "SignatureDef")
}

var tensorInfoKinds = fieldKinds{1: protowire.BytesType, 2: protowire.VarintType, 3: protowire.BytesType}

func (d *decoder) tensorInfo(b []byte) (TensorInfo, error) {
	d.take(infoBytes)
	t := TensorInfo{Shape: Shape{Sizes: []int{}}}
	err := d.fields(b, tensorInfoKinds, func(f protoField) (err error) {
		switch f.number {
		case 1:
			t.Name = d.text(f.bytes)
		case 2:
			t.DType = DType(f.varint)
		case 3:
			t.Shape, err = d.shape(f)
		}
		return err
	})
	return t, errors.Wrap(err, "TensorInfo")
}
