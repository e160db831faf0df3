package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// VariableDef is a variable in the collections "variables" and "trainable_variables"
// (tensorflow/core/framework/variable.proto):
//
//	string variable_name = 1; string initializer_name = 2; string snapshot_name = 3; bool is_resource = 5;
//	string initial_value_name = 6; bool trainable = 7
type VariableDef struct {
	Name         string // the tensor, such as "hidden/kernel:0"
	Initializer  string // the op that gives it its first value, such as "hidden/kernel/Assign"
	Snapshot     string // the tensor that reads it, such as "hidden/kernel/read:0"
	InitialValue string // the tensor of its first value, such as "hidden/kernel/Initializer/random_uniform:0"; "" in old files
	Resource     bool   // it is a resource (VarHandleOp), not a reference (VariableV2)
	Trainable    bool   // in old files false for all, also those of "trainable_variables"
}

// Encode returns the message.
func (v VariableDef) Encode() []byte {
	b := appendStringField(nil, 1, v.Name)
	b = appendStringField(b, 2, v.Initializer)
	b = appendStringField(b, 3, v.Snapshot)
	b = appendVarintField(b, 5, protowire.EncodeBool(v.Resource))
	b = appendStringField(b, 6, v.InitialValue)
	return appendVarintField(b, 7, protowire.EncodeBool(v.Trainable))
}

var variableKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 3: protowire.BytesType, 5: protowire.VarintType,
	6: protowire.BytesType, 7: protowire.VarintType}

// DecodeVariableDef is the inverse of Encode. A message without a name is an error.
func DecodeVariableDef(b []byte) (VariableDef, error) {
	var v VariableDef
	err := knownFields(b, variableKinds, func(f protoField) error {
		switch f.number {
		case 1:
			v.Name = string(f.bytes)
		case 2:
			v.Initializer = string(f.bytes)
		case 3:
			v.Snapshot = string(f.bytes)
		case 5:
			v.Resource = f.varint != 0
		case 6:
			v.InitialValue = string(f.bytes)
		case 7:
			v.Trainable = f.varint != 0
		}
		return nil
	})
	if err == nil && v.Name == "" {
		err = errors.New("it has no variable_name")
	}
	return v, errors.Wrap(err, "VariableDef")
}
