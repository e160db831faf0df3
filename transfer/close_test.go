package transfer

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/network"
)

// Variables begin with the file's values, so that the file is needed until Session.Init, and not after.
func TestCloseNetwork(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "model.ckpt")
	float := tffile.Attr{Value: tffile.Float32}
	meta := tffile.MetaGraph{Graph: tffile.GraphDef{Producer: tffile.GraphProducer, Nodes: []tffile.NodeDef{
		{Name: "x", Op: "Placeholder", Attrs: map[string]tffile.Attr{"dtype": float, "shape": {Value: tffile.Shape{Sizes: []int{-1, 2}}}}},
		{Name: "kernel", Op: "VariableV2", Attrs: map[string]tffile.Attr{"dtype": float, "shape": {Value: tffile.Shape{Sizes: []int{2, 1}}}}},
		{Name: "y", Op: "MatMul", Inputs: []string{"x", "kernel"}, Attrs: map[string]tffile.Attr{"T": float}},
	}}}
	kernel, err := tffile.New("kernel", []int{2, 1}, []float32{3, 5})
	if err == nil {
		err = tffile.Write(prefix, []tffile.Tensor{kernel})
	}
	if err == nil {
		err = os.WriteFile(prefix+".meta", meta.Encode(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, early := range []bool{false, true} {
		g := graph.New(graph.Config{})
		net, err := Import(g.Scope(), prefix, network.Config{})
		if err != nil {
			t.Fatal(err)
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer sess.Close()
		if early {
			if err := net.Close(); err != nil {
				t.Fatal(err)
			}
			if err := sess.Init(); err == nil {
				t.Error("variables were initialised from a file that is closed")
			}
			continue
		}
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		if err := net.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: [][]float32{{1, 10}}}, net.Outputs[0].Node)
		if err != nil || out.Float32s(0)[0] != 53 {
			t.Errorf("got %v, %v; want 53", out, err)
		}
	}
	if (*network.Network)(nil).Close() != nil || new(network.Network).Close() != nil {
		t.Error("a network without a file must close")
	}
}
