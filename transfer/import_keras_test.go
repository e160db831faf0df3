package transfer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// A description of layers, alone and as a model of TensorFlow.js.
func TestImportLayers(t *testing.T) {
	const dense = `{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 1, "batch_input_shape": [null, 2], "kernel_initializer": "ones"}}]}}`
	for name, c := range map[string]struct {
		model string
		want  float32
	}{
		"alone":         {dense, 3},
		"TensorFlow.js": {`{"modelTopology": ` + dense + `, "weightsManifest": [{"paths": ["s0"], "weights": [{"name": "d/kernel", "shape": [2, 1], "dtype": "float32"}, {"name": "d/bias", "shape": [1], "dtype": "float32"}]}]}`, 4},
	} {
		dir := t.TempDir()
		for file, text := range map[string]string{"model.json": c.model, "s0": strings.Repeat("\x00\x00\x80\x3f", 3)} { // ones
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		g := graph.New(graph.Config{})
		net, err := Import(g.Scope(), filepath.Join(dir, "model.json"), network.Config{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if err := sess.Init(); err != nil {
			t.Fatal(err)
		}
		out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: [][]float32{{1, 2}}}, net.Outputs[0].Node)
		sess.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := out.Float32s(0)[0]; got != c.want || net.Inputs[0].Name != "d_input" {
			t.Errorf("%s: %v of %s; want %v of d_input", name, got, net.Inputs[0].Name, c.want)
		}
	}
	if _, err := OpenModel("keras/testdata/weights.h5"); err == nil || !strings.Contains(err.Error(), "holds weights only") {
		t.Errorf("got %v", err)
	}
}
