package tensorflow

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// published is what info.json says of a checkpoint.
type published struct {
	Input struct {
		Placeholder string
		Feeds       []string `json:"feeds_false"`
	}
	Output string
	Test   struct {
		Images, Correct int
		Subset          string
	}
}

// Graphs of TensorFlow 1, with the checkpoints that belong to them, compute the logits and have the accuracy that was published.
func TestPublishedGraphs(t *testing.T) {
	infos, _ := filepath.Glob(filepath.Join(weightstest.Published(t, "tf1-checkpoints"), "*", "*info.json"))
	images, labels := mnistTest(t)
	run := 0
	for _, path := range infos {
		var info published
		b, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(b, &info)
		}
		if err != nil {
			t.Fatal(err)
		}
		if info.Output == "" {
			continue // the RNN and the regression, which have tests of their own
		}
		run++
		dir, prefix := filepath.Dir(path), strings.TrimSuffix(path, "info.json")
		t.Run(filepath.Base(dir)+" "+strings.TrimPrefix(prefix, dir+"/"), func(t *testing.T) {
			checkpoint := prefix + "ckpt"
			if strings.HasSuffix(prefix, "/") {
				found, _ := filepath.Glob(dir + "/*.meta")
				checkpoint = strings.TrimSuffix(found[0], ".meta")
			}
			want, err := npz.Open(prefix + "expected_outputs.npz")
			if err != nil {
				t.Fatal(err)
			}
			defer want.Close()
			first, err := want.Read("output_first100")
			if err != nil {
				t.Fatal(err)
			}
			argmax, err := want.Read("argmax_all")
			if err != nil {
				t.Fatal(err)
			}

			file, err := OpenGraph(checkpoint + ".meta")
			if err != nil {
				t.Fatal(err)
			}
			g := graph.New(graph.Config{})
			net, err := file.Import(g.Scope(), network.Config{})
			if err != nil {
				t.Fatal(err)
			}
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			if err := training.NewSaver(g.ModelVariables(), training.SaverConfig{}).Restore(sess, checkpoint); err != nil {
				t.Fatal(err)
			}
			x, err := net.Node(info.Input.Placeholder)
			if err != nil {
				t.Fatal(err)
			}
			logits, err := net.Node(info.Output)
			if err != nil {
				t.Fatal(err)
			}
			if named, ok := g.Lookup(info.Output); !ok || named != logits {
				t.Errorf("the graph's own %s is %v", info.Output, named)
			}
			feeds := graph.Feeds{x: images}
			for _, name := range info.Input.Feeds {
				n, err := net.Node(name)
				if err != nil {
					t.Fatal(err)
				}
				feeds[n] = false
			}
			out, err := sess.Run(feeds, logits, ops.ArgMax(g.Scope(), logits, 1))
			if err != nil {
				t.Fatal(err)
			}
			got := out.Float32s(0)
			for i, w := range first.Data().([]float64) {
				if d := math.Abs(float64(got[i]) - w); !(d <= 1e-5*math.Max(1, math.Abs(w))) {
					t.Fatalf("logit %d is %v; want %v", i, got[i], w)
				}
			}
			from, to := 0, 10
			if strings.Contains(info.Test.Subset, "0-4") {
				to = 5
			} else if strings.Contains(info.Test.Subset, "5-9") {
				from = 5
			}
			correct, tested := 0, 0
			for i, class := range out.Int64s(1) {
				if w := int64(argmax.Data().([]uint8)[i]); class != w {
					t.Fatalf("image %d is of class %d; want %d", i, class, w)
				}
				if label := int(labels[i]); label >= from && label < to {
					tested++
					if int(class) == label-from {
						correct++
					}
				}
			}
			if correct != info.Test.Correct || tested != info.Test.Images {
				t.Errorf("%d of %d are right; want %d of %d", correct, tested, info.Test.Correct, info.Test.Images)
			}
		})
	}
	if run != 13 {
		t.Errorf("%d checkpoints were tried; want 13", run)
	}
}

// mnistTest returns MNIST's test images, [10000, 784] from 0 to 1, and labels.
func mnistTest(t *testing.T) (*tensor.Dense, []uint8) {
	images, err := dataset.OpenIDX(weightstest.Published(t, "mnist", "t10k-images-idx3-ubyte.gz"))
	if err != nil {
		t.Fatal(err)
	}
	labels, err := dataset.OpenIDX(weightstest.Published(t, "mnist", "t10k-labels-idx1-ubyte.gz"))
	if err != nil {
		t.Fatal(err)
	}
	pixels := images.Data().([]uint8)
	x := make([]float32, len(pixels))
	for i, p := range pixels {
		x[i] = float32(p) / 255
	}
	return tensor.New(tensor.WithShape(10000, 784), tensor.WithBacking(x)), labels.Data().([]uint8)
}
