package tensorflow

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
)

// Variables begin with the values of the checkpoint where its prefix is opened, and with those that the graph gives them where its .meta is, whether
// or not the checkpoint lies beside it.
func TestMetaBesideCheckpoint(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "model.ckpt")
	meta := tffile.MetaGraph{Graph: tffile.GraphDef{Producer: tffile.GraphProducer, Nodes: []tffile.NodeDef{
		def("v = VariableV2()", "dtype", tffile.Float32, "shape", tffile.Shape{Sizes: []int{2}}), def("v/read = Identity(v)"),
		constDef("v/initial_value", []int{2}, float32(1), float32(2)), def("v/Assign = Assign(v, v/initial_value)"), def("y = Neg(v/read)"),
	}}}
	v, err := tffile.New("v", []int{2}, []float32{30, 40})
	if err == nil {
		err = tffile.Write(prefix, []tffile.Tensor{v})
	}
	if err == nil {
		err = os.WriteFile(prefix+".meta", meta.Encode(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]float32{prefix: {-30, -40}, prefix + ".index": {-30, -40}, prefix + ".meta": {-1, -2}} {
		file, err := OpenGraph(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		g := graph.New(graph.Config{})
		net, err := file.Import(g.Scope(), network.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if got := runNode(t, g, nil, net.Outputs[0].Node); !reflect.DeepEqual(got.Data(), want) {
			t.Errorf("%s: y is %v; want %v", filepath.Base(path), got, want)
		}
	}
}
