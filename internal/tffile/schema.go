package tffile

import (
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// schemaField is a field of a message as its .proto declares it: a number and a type, which is "string", "bytes", "int", "float", "double",
// "bool", the name of an enum or of a message, or "map " and the type of a map's values, whose keys are strings. Whether
// it is repeated makes no difference to the wire format here.
type schemaField struct {
	number protowire.Number
	kind   string
}

// schema declares the messages that are read from text and JSON, with those fields that are also read from the wire
// format. They are TensorFlow's of tensorflow/core/framework and tensorflow/core/protobuf, version 2.3.
var schema = map[string]map[string]schemaField{
	"SavedModel": {"saved_model_schema_version": {1, "int"}, "meta_graphs": {2, "MetaGraphDef"}},
	"MetaGraphDef": {"meta_info_def": {1, "MetaInfoDef"}, "graph_def": {2, "GraphDef"}, "saver_def": {3, "SaverDef"},
		"collection_def": {4, "map CollectionDef"}, "signature_def": {5, "map SignatureDef"}},
	"MetaInfoDef": {"tags": {4, "string"}, "tensorflow_version": {5, "string"}, "tensorflow_git_version": {6, "string"}},
	"SaverDef": {"filename_tensor_name": {1, "string"}, "save_tensor_name": {2, "string"}, "restore_op_name": {3, "string"}, "max_to_keep": {4, "int"},
		"sharded": {5, "bool"}, "keep_checkpoint_every_n_hours": {6, "float"}, "version": {7, "CheckpointFormatVersion"}},
	"CollectionDef": {"node_list": {1, "NodeList"}, "bytes_list": {2, "BytesList"}, "int64_list": {3, "Int64List"}, "float_list": {4, "FloatList"}},
	"NodeList":      {"value": {1, "string"}},
	"BytesList":     {"value": {1, "bytes"}},
	"Int64List":     {"value": {1, "int"}},
	"FloatList":     {"value": {1, "float"}},
	"SignatureDef":  {"inputs": {1, "map TensorInfo"}, "outputs": {2, "map TensorInfo"}, "method_name": {3, "string"}},
	"TensorInfo":    {"name": {1, "string"}, "dtype": {2, "DataType"}, "tensor_shape": {3, "TensorShapeProto"}},

	"GraphDef":           {"node": {1, "NodeDef"}, "library": {2, "FunctionDefLibrary"}, "versions": {4, "VersionDef"}},
	"VersionDef":         {"producer": {1, "int"}},
	"NodeDef":            {"name": {1, "string"}, "op": {2, "string"}, "input": {3, "string"}, "device": {4, "string"}, "attr": {5, "map AttrValue"}},
	"FunctionDefLibrary": {"function": {1, "FunctionDef"}},
	"FunctionDef": {"signature": {1, "OpDef"}, "node_def": {3, "NodeDef"}, "ret": {4, "map string"}, "attr": {5, "map AttrValue"},
		"control_ret": {6, "map string"}},
	"OpDef": {"name": {1, "string"}, "input_arg": {2, "ArgDef"}, "output_arg": {3, "ArgDef"}, "control_output": {20, "string"}},
	"ArgDef": {"name": {1, "string"}, "type": {3, "DataType"}, "type_attr": {4, "string"}, "number_attr": {5, "string"},
		"type_list_attr": {6, "string"}},

	"AttrValue": {"list": {1, "ListValue"}, "s": {2, "bytes"}, "i": {3, "int"}, "f": {4, "float"}, "b": {5, "bool"}, "type": {6, "DataType"},
		"shape": {7, "TensorShapeProto"}, "tensor": {8, "TensorProto"}, "placeholder": {9, "string"}, "func": {10, "NameAttrList"}},
	"ListValue": {"s": {2, "bytes"}, "i": {3, "int"}, "f": {4, "float"}, "b": {5, "bool"}, "type": {6, "DataType"},
		"shape": {7, "TensorShapeProto"}, "tensor": {8, "TensorProto"}, "func": {9, "NameAttrList"}},
	"NameAttrList":     {"name": {1, "string"}, "attr": {2, "map AttrValue"}},
	"TensorShapeProto": {"dim": {2, "Dim"}, "unknown_rank": {3, "bool"}},
	"Dim":              {"size": {1, "int"}, "name": {2, "string"}},
	"TensorProto": {"dtype": {1, "DataType"}, "tensor_shape": {2, "TensorShapeProto"}, "tensor_content": {4, "bytes"}, "float_val": {5, "float"},
		"double_val": {6, "double"}, "int_val": {7, "int"}, "string_val": {8, "bytes"}, "scomplex_val": {9, "float"}, "int64_val": {10, "int"},
		"bool_val": {11, "bool"}, "dcomplex_val": {12, "double"}, "half_val": {13, "int"}, "uint32_val": {16, "int"}, "uint64_val": {17, "int"}},
}

// fieldsOf returns the fields of a message by its name, or of the entries of a map.
func fieldsOf(message string) map[string]schemaField {
	if values, isMap := strings.CutPrefix(message, "map "); isMap {
		return map[string]schemaField{"key": {1, "string"}, "value": {2, values}}
	}
	return schema[message]
}

// enumValue returns the number of an enum's value.
func enumValue(enum, name string) (uint64, bool) {
	if enum == "CheckpointFormatVersion" {
		n, ok := map[string]uint64{"LEGACY": 0, "V1": 1, "V2": 2}[name]
		return n, ok
	}
	name, isDType := strings.CutPrefix(name, "DT_")
	name, reference := strings.CutSuffix(name, "_REF") // of a variable
	switch name {
	case "FLOAT":
		name = "FLOAT32"
	case "DOUBLE":
		name = "FLOAT64"
	case "HALF":
		name = "FLOAT16"
	case "FLOAT32", "FLOAT64", "FLOAT16":
		isDType = false
	}
	for d, of := range dtypes {
		if isDType && strings.ToUpper(of.name) == name {
			if reference {
				d += 100
			}
			return uint64(d), true
		}
	}
	return 0, false
}

// appendInt, appendFloat and appendBytes append a value of the field, also where it is the default.
func (f schemaField) appendInt(b []byte, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, f.number, protowire.VarintType), v)
}

func (f schemaField) appendFloat(b []byte, v float64) []byte {
	if f.kind == "double" {
		return protowire.AppendFixed64(protowire.AppendTag(b, f.number, protowire.Fixed64Type), math.Float64bits(v))
	}
	return protowire.AppendFixed32(protowire.AppendTag(b, f.number, protowire.Fixed32Type), math.Float32bits(float32(v)))
}

func (f schemaField) appendBytes(b []byte, v string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, f.number, protowire.BytesType), v)
}
