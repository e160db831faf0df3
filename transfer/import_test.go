package transfer

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
)

// A graph of TensorFlow is told by its content, whichever message it is, binary or text.
func TestImportTensorFlow(t *testing.T) {
	dir := t.TempDir()
	kernel, err := tffile.New("", []int{2, 1}, []float32{3, 5})
	if err != nil {
		t.Fatal(err)
	}
	float := tffile.Attr{Value: tffile.Float32}
	def := tffile.GraphDef{Producer: tffile.GraphProducer, Nodes: []tffile.NodeDef{
		{Name: "x", Op: "Placeholder", Attrs: map[string]tffile.Attr{"dtype": float, "shape": {Value: tffile.Shape{Sizes: []int{-1, 2}}}}},
		{Name: "kernel", Op: "Const", Attrs: map[string]tffile.Attr{"dtype": float, "value": {Value: &kernel}}},
		{Name: "y", Op: "MatMul", Inputs: []string{"x", "kernel"}, Attrs: map[string]tffile.Attr{"T": float}},
	}}
	meta := tffile.MetaGraph{Graph: def, Info: tffile.MetaInfo{Tags: []string{"serve"}, Version: "1.15.0"}}
	text := `# a graph
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } dim { size: 2 } } } } }
node { name: "kernel" op: "Const" attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } dim { size: 1 } } float_val: 3 float_val: 5 } } } }
node { name: "y" op: "MatMul" input: "x" input: "kernel" attr { key: "T" value { type: DT_FLOAT } } }`
	for name, b := range map[string][]byte{"graph": def.Encode(), "meta": meta.Encode(), "saved": tffile.EncodeSavedModel(meta), "text": []byte(text)} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		g := graph.New(graph.Config{})
		net, err := Import(g.Scope(), path, network.Config{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err == nil {
			defer sess.Close()
			err = sess.Init()
		}
		if err != nil {
			t.Fatal(err)
		}
		out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: [][]float32{{1, 10}}}, net.Outputs[0].Node)
		if err != nil || out.Float32s(0)[0] != 53 {
			t.Errorf("%s: got %v, %v; want 53", name, out, err)
		}
		f, err := Open(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		defer f.Close()
		if x, err := f.Read("kernel"); err != nil || x.Data().([]float32)[1] != 5 {
			t.Errorf("%s: the kernel is %v, %v", name, x, err)
		}
	}
	folder := filepath.Join(dir, "model")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "saved_model.pb"), tffile.EncodeSavedModel(meta), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenModel(folder); err != nil {
		t.Error(err)
	}
	if _, err := OpenModel(filepath.Join(dir, "nothing")); err == nil {
		t.Error("no error for a file that is not there")
	}
}
