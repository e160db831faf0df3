package tffile

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// aMetaGraph has a value in every field.
var aMetaGraph = MetaGraph{
	Info:  MetaInfo{[]string{"serve"}, "1.15.0", "v1"},
	Graph: GraphDef{goldenGraph.Nodes, []Function{aFunction}, 27},
	Saver: SaverDef{"save/Const:0", "save/control_dependency:0", "save/restore_all", 5, true, 10000, 2},
	Collections: map[string]Collection{
		"train_op":            {Nodes: []string{"GradientDescent"}},
		"trainable_variables": {Bytes: []string{string(VariableDef{"w:0", "w/Assign", "w/read:0", "w/zeros:0", true, true}.Encode())}},
		"steps":               {Ints: []int64{3, -1}},
		"rates":               {Floats: []float32{0.5, 0}},
		"others":              {},
	},
	Signatures: map[string]Signature{"serving_default": {
		Inputs:  map[string]TensorInfo{"x": {"X:0", Float32, Shape{Sizes: []int{-1, 784}}}, "any": {"Y:0", Int64, Shape{[]int{}, true}}},
		Outputs: map[string]TensorInfo{"logits": {"top:1", Float32, Shape{Sizes: []int{}}}},
		Method:  "tensorflow/serving/predict"}},
}

var aFunction = Function{
	Name: "f_1", Inputs: []Arg{{"x", Float32, "", "", ""}, {"list", Invalid, "T", "N", ""}}, Outputs: []Arg{{"y", Invalid, "", "", "Ts"}},
	ControlOutputs: []string{"done"},
	Nodes: []NodeDef{{Name: "call", Op: "PartitionedCall", Inputs: []string{"x", "other:output:0"}, Attrs: map[string]Attr{
		"f": {Func{"g", map[string]Attr{"T": {Placeholder("T")}}}}, "branches": {[]Func{{"a", map[string]Attr{}}, {"b", map[string]Attr{}}}},
		"values": {[]*Tensor{{DType: Uint8, Shape: []int{1}, Data: []byte{7}}}}}}},
	Returns: map[string]string{"y": "call:output:0"}, ControlReturns: map[string]string{"done": "call"}, Attrs: map[string]Attr{"_inline": {true}},
}

func TestMetaGraph(t *testing.T) {
	b := aMetaGraph.Encode()
	got, err := DecodeMetaGraph(b)
	if err != nil || !reflect.DeepEqual(got, aMetaGraph) {
		t.Errorf("%+v, %v\nwant %+v", got, err, aMetaGraph)
	}
	for range 10 {
		if string(aMetaGraph.Encode()) != string(b) {
			t.Fatal("encoded again, it differs")
		}
	}
	graphs, err := DecodeSavedModel(EncodeSavedModel(aMetaGraph, MetaGraph{}))
	if err != nil || len(graphs) != 2 || !reflect.DeepEqual(graphs[0], aMetaGraph) {
		t.Errorf("%+v, %v", graphs, err)
	}
}

func TestForeignMetaGraphs(t *testing.T) {
	// Lists that are not packed, fields that are not known, a key twice.
	got, err := DecodeMetaGraph([]byte(protoBytes(9, "unknown", 4, protoBytes(1, "ints", 2, protoBytes(3, protoBytes(1, 1))), 4,
		protoBytes(1, "ints", 2, protoBytes(3, protoBytes(1, 7, 1, 8))), 4, protoBytes(1, "any", 2, protoBytes(5, "x")), 3, protoBytes(4, -1))))
	want := MetaGraph{Saver: SaverDef{MaxToKeep: -1}, Collections: map[string]Collection{"ints": {Ints: []int64{7, 8}}, "any": {}}, Signatures: map[string]Signature{}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	deep := "x"
	for range 40 {
		deep = protoBytes(2, protoBytes(1, "f", 2, protoBytes(10, deep)))
	}
	node := func(fields ...any) string {
		return protoBytes(2, protoBytes(1, protoBytes(append([]any{1, "n", 2, "Op"}, fields...)...)))
	}
	for want, b := range map[string]string{
		"MetaGraphDef: protocol buffer field 2 has wire type 0": protoBytes(2, 1),
		`collection "c": CollectionDef: `:                       protoBytes(4, protoBytes(1, "c", 2, protoBytes(1, 3))),
		"a list of field 1":                                     protoBytes(4, protoBytes(1, "c", 2, protoBytes(3, protoBytes(1, "\xff")))),
		"an entry of a map":                                     protoBytes(4, protoBytes(1, 3)),
		`signature "s": SignatureDef: "x": TensorInfo`:          protoBytes(5, protoBytes(1, "s", 2, protoBytes(1, protoBytes(1, "x", 2, protoBytes(1, 1))))),
		"SaverDef: ":                         protoBytes(3, protoBytes(1, 1)),
		`FunctionDef "f": OpDef: ArgDef "a"`: protoBytes(2, protoBytes(2, protoBytes(1, protoBytes(1, protoBytes(1, "f", 2, protoBytes(1, "a", 3, "x")))))),
		"deeper than 32":                     node(5, protoBytes(1, "f", 2, protoBytes(10, deep))),
		`NodeDef "n": the attribute "v": TensorProto: 2 elements of the shape [1]`: node(5, protoBytes(1, "v", 2, protoBytes(8, protoBytes(1, 1, 2, protoBytes(2, protoBytes(1, 1)), 5, "12345678")))),
		"its rank is unknown": node(5, protoBytes(1, "v", 2, protoBytes(8, protoBytes(1, 1, 2, protoBytes(3, 1))))),
	} {
		if m, err := DecodeMetaGraph([]byte(b)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, read as %+v; want %s", err, m, want)
		}
	}
	if _, err := DecodeVariableDef(nil); err == nil {
		t.Error("no error for a variable without a name")
	}
	if _, err := DecodeSavedModel([]byte(protoBytes(1, 1))); err == nil {
		t.Error("no error for a SavedModel without graphs")
	}
}

// The graphs that TensorFlow wrote are read, and written again hold the same.
func TestPublishedGraphs(t *testing.T) {
	count := map[string]int{}
	again := func(path string, graphs []MetaGraph, err error) {
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		same, err := DecodeSavedModel(EncodeSavedModel(graphs...))
		if err != nil || !reflect.DeepEqual(same, graphs) {
			t.Errorf("%s: written again, it differs: %v", path, err)
		}
	}
	err := filepath.WalkDir(testData(t), func(path string, d fs.DirEntry, err error) error {
		kind := filepath.Ext(path)
		if err != nil || kind != ".meta" && kind != ".pb" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		count[kind]++
		switch {
		case kind == ".meta":
			m, err := DecodeMetaGraph(b)
			again(path, []MetaGraph{m}, err)
			variables := m.Collections["trainable_variables"].Bytes
			for _, message := range variables {
				if v, err := DecodeVariableDef([]byte(message)); err != nil || !strings.HasSuffix(v.Name, ":0") || v.Resource || v.Initializer == "" {
					t.Errorf("%s: the variable %+v, %v", path, v, err)
				}
			}
			if len(m.Graph.Nodes) < 100 || len(variables) == 0 || m.Saver.Restore == "" || !strings.HasPrefix(m.Info.Version, "1.") {
				t.Errorf("%s: %d nodes, %d variables, saver %+v, info %+v", path, len(m.Graph.Nodes), len(variables), m.Saver, m.Info)
			}
		case d.Name() == "saved_model.pb":
			graphs, err := DecodeSavedModel(b)
			again(path, graphs, err)
			if len(graphs) != 1 || len(graphs[0].Graph.Functions) == 0 || len(graphs[0].Signatures["serving_default"].Inputs) != 1 {
				t.Errorf("%s: %d graphs", path, len(graphs))
			}
		default:
			g, err := DecodeGraphDef(b)
			again(path, []MetaGraph{{Graph: g, Collections: map[string]Collection{}, Signatures: map[string]Signature{}}}, err)
		}
		return nil
	})
	if err != nil || count[".meta"] < 14 || count[".pb"] < 2 {
		t.Error(count, err)
	}
}
