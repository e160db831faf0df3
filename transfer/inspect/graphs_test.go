package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	layers = `{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 1, "batch_input_shape": [null, 2]}}, ` +
		`{"class_name": "ReLU", "config": {"name": "r"}}]}}`
	manifest = `"weightsManifest": [{"paths": ["shard"], "weights": [{"name": "d/kernel", "shape": [2, 1], "dtype": "float32"}, {"name": "d/bias", "shape": [1], "dtype": "float32"}]}]`
	nodes    = `node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } dim { size: 2 } } } } }
node { name: "kernel" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } dim { size: 1 } } float_val: 3 } } } }
node { name: "y" op: "MatMul" input: "x" input: "kernel" attr { key: "T" value { type: DT_FLOAT } } }
`
	graphDef = `{"node": [{"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": [{"size": "-1"}, {"size": "2"}]}}}}, ` +
		`{"name": "d/kernel", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}}}, {"name": "y", "op": "MatMul", "input": ["x", "d/kernel"], "attr": {"T": {"type": "DT_FLOAT"}}}]}`
)

// Graphs are shown whatever the format is; what follows them are the metadata.
func TestInspectFormats(t *testing.T) {
	const matmul, dense = "a graph of 3 nodes\n     1 Const\n     1 MatMul\n     1 Placeholder\ninput x float32[? 2]\noutput y\n",
		"a graph of 3 nodes\n     1 Dense\n     1 InputLayer\n     1 ReLU\ninput d_input float32[? 2]\noutput r\n"
	const stored = "d/kernel  float32  [2 1]\nd/bias    float32  [1]\n"
	for _, c := range []struct{ name, content, want, last string }{
		{"frozen graph", nodes, "kernel  float32  [2 1]\n" + matmul, "TensorFlow, 1 tensors of 2 elements in 8 bytes\n"},
		{"meta graph", "meta_info_def { tensorflow_version: \"1.15.0\" }\ngraph_def {\n" + nodes + "}", "kernel  float32  [2 1]\n" + matmul,
			"tensorflow_version: 1.15.0\nTensorFlow, 1 tensors of 2 elements in 8 bytes\n"},
		{"SavedModel", "saved_model_schema_version: 1\nmeta_graphs { meta_info_def { tags: \"serve\" }\ngraph_def {\n" + nodes +
			"}\nsignature_def { key: \"serving_default\" value { inputs { key: \"image\" value { name: \"x:0\" dtype: DT_FLOAT tensor_shape { dim { size: -1 } dim { size: 2 } } } } " +
			"outputs { key: \"logits\" value { name: \"y:0\" dtype: DT_FLOAT tensor_shape { unknown_rank: true } } } } } }",
			"kernel  float32  [2 1]\n" + strings.NewReplacer("input x", "input image", "output y", "output logits float32").Replace(matmul), "in 8 bytes\n"},
		{"layers alone", layers, dense, "Keras, 0 tensors of 0 elements in 0 bytes\n"},
		{"layers of TensorFlow.js", `{"modelTopology": ` + layers + `, ` + manifest + `}`, stored + dense, "TensorFlow.js, 2 tensors of 3 elements in 12 bytes\n"},
		{"graph of TensorFlow.js", `{"format": "graph-model", "modelTopology": ` + graphDef + `, ` + manifest + `}`, stored + matmul, "TensorFlow.js, 2 tensors of 3 elements in 12 bytes\n"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "model")
		for name, content := range map[string]string{"model": c.content, "shard": strings.Repeat("\x00\x00\x80\x3f", 3)} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := inspect(&b, path, false, false); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := b.String(); !strings.HasPrefix(got, c.want) || !strings.HasSuffix(got, c.last) {
			t.Errorf("%s: got\n%s; want\n%s...\n%s", c.name, got, c.want, c.last)
		}
	}
}
