package tensorflow_test

import (
	"path/filepath"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// A graph of TensorFlow's that was read and written again gives equal logits.
func TestPublishedRewritten(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(weightstest.Published(t, "tf1-checkpoints"), "*", "*.meta"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, path := range files {
		f, err := tensorflow.OpenGraph(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		g := graph.New(graph.Config{})
		net, err := f.Import(g.Scope(), network.Config{})
		if err != nil {
			continue // the loop of an RNN
		}
		x, err := net.Node("X")
		if err != nil || len(graph.SpecOf(x).Shape) != 2 {
			continue
		}
		var logits *gorgonia.Node
		for _, name := range []string{"dnn/outputs/BiasAdd", "dnn/logits/BiasAdd", "dnn/outputs/add", "outputs/BiasAdd", "logits/BiasAdd"} {
			if n, ok := g.Lookup(name); ok {
				logits = n
			}
		}
		if logits == nil {
			continue
		}
		sess := session(t, g)
		if err := training.NewSaver(g.ModelVariables(), training.SaverConfig{}).Restore(sess, path[:len(path)-len(".meta")]); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		again := filepath.Join(t.TempDir(), "model")
		if _, err := tensorflow.Save(sess, training.NewSaver(g.ModelVariables(), training.SaverConfig{}), again, tensorflow.ExportConfig{Outputs: gorgonia.Nodes{logits}}); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		validate(t, readMeta(t, again+".meta").Graph)
		feed := numbers(5, graph.SpecOf(x).Shape[1])
		want, err := sess.Run(graph.Feeds{x: feed}, logits)
		if err != nil {
			t.Logf("%s: %v", path, err)
			continue
		}
		read, out := imported(t, again+".meta", g.NameOf(logits))
		if err := training.NewSaver(read.Graph().ModelVariables(), training.SaverConfig{}).Restore(read, again); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		got, err := read.Run(graph.Feeds{read.Graph().Node("X"): feed}, out...)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		near(t, path, got.Tensor(0), want.Tensor(0), 1e-6)
		compared++
	}
	t.Logf("%d graphs", compared)
	if compared < 5 {
		t.Errorf("only %d graphs of %d were compared", compared, len(files))
	}
}
