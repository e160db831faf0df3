package transfer

import (
	"os"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// A network of Darknet is opened by its .cfg, after comments, or its .weights: y = 2*x + 1.
func TestOpenDarknet(t *testing.T) {
	stem := filepath.Join(t.TempDir(), "small")
	for ext, content := range map[string]string{
		".cfg":     "# small\n\n[net]\nheight=1\nwidth=2\nchannels=1\n[convolutional]\nfilters=1\nsize=1\nactivation=linear\n",
		".weights": "\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x80\x3f" + "\x00\x00\x00\x40",
	} {
		if err := os.WriteFile(stem+ext, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{stem + ".cfg", stem + ".weights"} {
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if f.Format() != "Darknet" || len(f.Names()) != 2 {
			t.Errorf("%s: %s with %v", path, f.Format(), f.Names())
		}
		f.Close()
		g := graph.New(graph.Config{})
		net, err := Import(g.Scope(), path, network.Config{})
		if err != nil {
			t.Fatal(err)
		}
		sess, err := graph.NewSession(g, graph.SessionConfig{})
		if err == nil {
			err = sess.Init()
		}
		if err != nil {
			t.Fatal(err)
		}
		net.Close()
		x := tensor.New(tensor.WithShape(1, 1, 2, 1), tensor.WithBacking([]float32{3, -1}))
		out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: x}, net.Outputs[0].Node)
		if err != nil {
			t.Fatal(err)
		}
		if y := out.Float32s(0); y[0] != 7 || y[1] != -1 {
			t.Errorf("%s: %v; want 7, -1", path, y)
		}
		sess.Close()
	}
}
