package tensorflow_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/tensorflow"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// Graphs of TensorFlow's that were read and written again give equal logits.
func TestPublishedRewritten(t *testing.T) {
	infos, _ := filepath.Glob(filepath.Join(weightstest.Published(t, "tf1-checkpoints"), "*", "*info.json"))
	compared := 0
	for _, path := range infos {
		var info struct {
			Input struct {
				Placeholder string
				Feeds       []string `json:"feeds_false"`
			}
			Output string
		}
		b, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(b, &info)
		}
		if err != nil {
			t.Fatal(err)
		}
		if info.Output == "" {
			continue // the RNN, whose loop is refused, and the regression, whose file has variables' values only
		}
		compared++
		prefix := strings.TrimSuffix(path, "info.json") + "ckpt"
		if strings.HasSuffix(path, string(filepath.Separator)+"info.json") {
			found, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.meta"))
			prefix = strings.TrimSuffix(found[0], ".meta")
		}
		t.Run(filepath.Base(filepath.Dir(path))+" "+filepath.Base(prefix), func(t *testing.T) {
			rewritten(t, prefix, info.Input.Placeholder, info.Output, info.Input.Feeds)
		})
	}
	if compared != 13 {
		t.Errorf("%d graphs were compared; want 13", compared)
	}
}

// rewritten reads a graph with its checkpoint, writes it, reads that, and compares an output.
func rewritten(t *testing.T, prefix, input, output string, off []string) {
	f, err := tensorflow.OpenGraph(prefix + ".meta")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := graph.New(graph.Config{})
	if _, err := f.Import(g.Scope(), network.Config{}); err != nil {
		t.Fatal(err)
	}
	sess := session(t, g)
	if err := training.NewSaver(g.ModelVariables(), training.SaverConfig{}).Restore(sess, prefix); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "model")
	logits := g.Node(output)
	if _, err := tensorflow.Save(sess, training.NewSaver(g.ModelVariables(), training.SaverConfig{}), again, tensorflow.ExportConfig{Outputs: gorgonia.Nodes{logits}}); err != nil {
		t.Fatal(err)
	}
	validate(t, readMeta(t, again+".meta").Graph)
	read, out := imported(t, again+".meta", output)
	if err := training.NewSaver(read.Graph().ModelVariables(), training.SaverConfig{}).Restore(read, again); err != nil {
		t.Fatal(err)
	}
	feed := numbers(5, 784)
	feeds, feedsAgain := graph.Feeds{g.Node(input): feed}, graph.Feeds{read.Graph().Node(input): feed}
	for _, name := range off {
		feeds[g.Node(name)], feedsAgain[read.Graph().Node(name)] = false, false
	}
	want, err := sess.Run(feeds, logits)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read.Run(feedsAgain, out...)
	if err != nil {
		t.Fatal(err)
	}
	near(t, output, got.Tensor(0), want.Tensor(0), 1e-6)
}
