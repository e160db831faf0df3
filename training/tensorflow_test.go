package training_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// layerSpec is a layer of a net that TensorFlow trained.
type layerSpec struct {
	name  string
	units int
}

func layerSpecs(names []string, units ...int) []layerSpec {
	var out []layerSpec
	for i, n := range names {
		out = append(out, layerSpec{n, units[i]})
	}
	return out
}

// mlp builds a net of dense layers with an activation between them.
func mlp(s *graph.Scope, x *gorgonia.Node, activation ops.Activation, layers []layerSpec) *gorgonia.Node {
	for i, l := range layers {
		cfg := ops.DenseConfig{}
		if i < len(layers)-1 {
			cfg.Activation = activation
		}
		x = ops.Dense(s.Sub(l.name), x, l.units, cfg)
	}
	return x
}

func elu(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node  { return ops.ELU(s, x, 1) }
func relu(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.ReLU(s, x) }

// Checkpoints that TensorFlow 1.2 to 1.14 wrote restore into nets built here,
// by TensorFlow's own variable names, to the stored values, and the nets give
// the stored logits for MNIST's test images.
func TestTensorFlowCheckpoints(t *testing.T) {
	if raceDetector {
		t.Skip("takes minutes under the race detector; other tests read, compute and save as it does")
	}
	hidden := func(n int) []string {
		var out []string
		for i := 1; i <= n; i++ {
			out = append(out, fmt.Sprintf("hidden%d", i))
		}
		return out
	}
	for _, c := range []struct {
		dir, file string
		build     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
		// train builds the optimizers, whose slots are stored too.
		train func(s *graph.Scope, loss *gorgonia.Node)
	}{
		{"mlp-elu", "my_elu_model.ckpt", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return mlp(s.NameScope("dnn"), x, elu, layerSpecs(append(hidden(2), "outputs"), 300, 100, 10))
		}, nil},
		{"mlp-relu-tf1.2", "my_model_final.ckpt", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return mlp(s.NameScope("dnn"), x, relu, layerSpecs(append(hidden(2), "outputs"), 300, 100, 10))
		}, nil},
		{"mlp-leaky-relu", "my_model_final.ckpt", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			leaky := func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.LeakyReLU(s, x, .01) }
			return mlp(s.NameScope("dnn"), x, leaky, layerSpecs(append(hidden(2), "outputs"), 300, 100, 10))
		}, nil},
		{"mlp-neuron-layer", "my_model_final.ckpt", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return mlp(s.Sub("dnn"), x, relu, layerSpecs(append(hidden(2), "outputs"), 300, 100, 10))
		}, nil},
		{"mlp-5-layers-clipping", "my_model_final.ckpt", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return mlp(s.NameScope("dnn"), x, relu, layerSpecs(append(hidden(5), "outputs"), 300, 50, 50, 50, 50, 10))
		}, nil},
		{"mlp-relu-momentum-slots", "my_model_final.ckpt", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return mlp(s.NameScope("dnn"), x, relu, layerSpecs(append(hidden(2), "outputs"), 300, 50, 10))
		}, func(s *graph.Scope, loss *gorgonia.Node) {
			training.Momentum(training.MomentumConfig{LearningRate: .01, Momentum: .9}).Minimize(s, loss, s.Graph().Trainable())
		}},
		{"mlp-batchnorm-elu-tf1.9", "my_model_final.ckpt", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			isTraining := graph.PlaceholderWithDefault(s, "training", false)
			h := x
			for i, l := range layerSpecs([]string{"hidden1", "hidden2", "outputs"}, 300, 100, 10) {
				h = ops.Dense(s.Sub(l.name), h, l.units, ops.DenseConfig{})
				bn := "batch_normalization"
				if i > 0 {
					bn += fmt.Sprintf("_%d", i)
				}
				h = ops.BatchNorm(s.Sub(bn), h, isTraining, ops.BatchNormConfig{Momentum: .9})
				if i < 2 {
					h = ops.ELU(s, h, 1)
				}
			}
			return h
		}, nil},
		{"best-mnist-0-to-4", "my_best_mnist_model_0_to_4", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return mlp(s.NameScope("dnn"), x, bestActivation, layerSpecs(append(hidden(5), "logits"), 140, 140, 140, 140, 140, 5))
		}, func(s *graph.Scope, loss *gorgonia.Node) {
			training.Adam(training.AdamConfig{}).Minimize(s, loss, s.Graph().Trainable())
		}},
		{"transfer-5-to-9-five-frozen", "my_mnist_model_5_to_9_five_frozen", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return mlp(s.NameScope("dnn"), x, bestActivation, layerSpecs(append(hidden(5), "logits"), 140, 140, 140, 140, 140, 5))
		}, func(s *graph.Scope, loss *gorgonia.Node) {
			training.Adam(training.AdamConfig{}).Minimize(s, loss, s.Graph().Trainable())
			training.Adam(training.AdamConfig{Name: "Adam2"}).Minimize(s, loss, s.Graph().Trainable("logits/"))
		}},
	} {
		t.Run(c.dir, func(t *testing.T) {
			dir := shared(t, "tf1-checkpoints", c.dir)
			g := graph.New(graph.Config{})
			s := g.Scope()
			x := graph.Placeholder(s, "X", tensor.Float32, -1, 784)
			logits := c.build(s, x)
			y := graph.Placeholder(s, "y", tensor.Int64, -1)
			if c.train != nil {
				c.train(s.NameScope("train"), ops.Mean(s, ops.SparseSoftmaxCrossEntropy(s, y, logits)))
			}
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			path := filepath.Join(dir, c.file)
			if _, err := os.Stat(filepath.Join(dir, "checkpoint")); err == nil {
				if latest, err := training.Latest(dir); err != nil || latest != path {
					t.Errorf("latest is %s, %v", latest, err)
				}
			}
			saver := training.NewSaver(g.Variables(), training.SaverConfig{})
			if err := saver.Restore(sess, path); err != nil {
				t.Fatal(err)
			}
			if report, err := saver.RestoreSubset(sess, path); err != nil || len(report.Unused) > 0 {
				t.Errorf("the checkpoint also has %v (%v)", report.Unused, err)
			}
			checkVariables(t, g, sess, dir)
			checkLogits(t, sess, x, logits, dir)

			// Saved again, the values are TensorFlow's file byte for byte.
			again, err := saver.Save(sess, filepath.Join(t.TempDir(), c.file))
			if err != nil {
				t.Fatal(err)
			}
			const data = ".data-00000-of-00001"
			if ours, theirs := readFile(t, again+data), readFile(t, path+data); !bytes.Equal(ours, theirs) {
				t.Errorf("the data file saved again has %d bytes that differ from TensorFlow's %d", len(ours), len(theirs))
			}
		})
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A checkpoint with names of its own restores through Rename, as
// tf.train.Saver({"weights1": kernel}).
func TestTensorFlowRename(t *testing.T) {
	dir := shared(t, "tf1-checkpoints", "autoencoder-supervised-pretrained")
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "X", tensor.Float32, -1, 784)
	logits := mlp(s, x, elu, layerSpecs([]string{"layer1", "layer2", "layer3"}, 300, 150, 10))
	rename := map[string]*gorgonia.Node{}
	for i := 1; i <= 3; i++ {
		rename[fmt.Sprintf("weights%d", i)] = g.Node(fmt.Sprintf("layer%d/kernel", i))
		rename[fmt.Sprintf("biases%d", i)] = g.Node(fmt.Sprintf("layer%d/bias", i))
	}
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	path := filepath.Join(dir, "my_model_supervised_pretrained.ckpt")
	wantError(t, training.NewSaver(g.Variables(), training.SaverConfig{}).Restore(sess, path), "no layer1/kernel", "Rename")
	saver := training.NewSaver(g.Variables(), training.SaverConfig{Rename: rename})
	if err := saver.Restore(sess, path); err != nil {
		t.Fatal(err)
	}
	checkLogits(t, sess, x, logits, dir)
}

// checkVariables compares all variables with what is known of the checkpoint.
func checkVariables(t *testing.T, g *graph.Graph, sess *graph.Session, dir string) {
	t.Helper()
	expected := npz(t, filepath.Join(dir, "expected_variables.npz"))
	for name, want := range expected {
		v, ok := g.Lookup(name)
		if !ok {
			t.Errorf("there is no variable %s", name)
		} else if err := golden.Close(value(t, sess, v), want, 0, 0); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var info struct {
		Variables []struct {
			Name  string
			Bytes int
			Sum   float64
			Sumsq float64
		}
	}
	readJSON(t, filepath.Join(dir, "info.json"), &info)
	for _, want := range info.Variables { // the slots too
		v, ok := g.Lookup(want.Name)
		if !ok {
			t.Errorf("there is no variable %s", want.Name)
			continue
		}
		sum, squares := 0., 0.
		data := value(t, sess, v).Data()
		if x, scalar := data.(float32); scalar {
			data = []float32{x}
		}
		x := data.([]float32)
		for _, f := range x {
			sum += float64(f)
			squares += float64(f) * float64(f)
		}
		if 4*len(x) != want.Bytes || math.Abs(sum-want.Sum) > 1e-9*math.Max(1, math.Abs(want.Sum)) || math.Abs(squares-want.Sumsq) > 1e-9*want.Sumsq {
			t.Errorf("%s has %d elements, sum %v and squares %v; want %+v", want.Name, len(x), sum, squares, want)
		}
	}
}

func readJSON(t *testing.T, path string, into interface{}) {
	t.Helper()
	if err := json.Unmarshal(readFile(t, path), into); err != nil {
		t.Fatal(err)
	}
}

// bestActivation is what a random search found.
func bestActivation(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return ops.LeakyReLU(s, x, .1) }

// testImages returns MNIST's test images, pixels from 0 to 1, and labels.
func testImages(t *testing.T) (images []float32, labels []int64) {
	t.Helper()
	read := func(file string) []uint8 {
		x, err := dataset.OpenIDX(shared(t, "mnist", file))
		if err != nil {
			t.Fatal(err)
		}
		return x.Data().([]uint8)
	}
	for _, p := range read("t10k-images-idx3-ubyte.gz") {
		images = append(images, float32(p)/255)
	}
	for _, l := range read("t10k-labels-idx1-ubyte.gz") {
		labels = append(labels, int64(l))
	}
	return images, labels
}

// checkLogits runs MNIST's test images through a restored net.
func checkLogits(t *testing.T, sess *graph.Session, x, logits *gorgonia.Node, dir string) {
	t.Helper()
	images, labels := testImages(t)
	var info struct {
		Test struct {
			Images, Correct int
			Subset          string
		}
	}
	readJSON(t, filepath.Join(dir, "info.json"), &info)
	expected := npz(t, filepath.Join(dir, "expected_outputs.npz"))
	first := expected["output_first100"]
	out := run(t, sess, graph.Feeds{x: tensor.New(tensor.WithShape(100, 784), tensor.WithBacking(images[:100*784]))}, logits)
	if err := golden.Close(out[0], first, 1e-4, 1e-4); err != nil {
		t.Errorf("logits of the first 100 images: %v", err)
	}
	n := len(labels)
	out = run(t, sess, graph.Feeds{x: tensor.New(tensor.WithShape(n, 784), tensor.WithBacking(images))}, logits)
	all := out.Float32s(0)
	classes := len(all) / n
	agree, correct, counted := 0, 0, 0
	for i, label := range labels {
		row := all[i*classes : (i+1)*classes]
		best := slices.Index(row, slices.Max(row))
		if float64(best) == expected["argmax_all"].Data[i] {
			agree++
		}
		if info.Test.Subset == "digits 5-9, label minus 5" {
			label -= 5
		}
		if label >= 0 && label < int64(classes) {
			counted++
			if int64(best) == label {
				correct++
			}
		}
	}
	if n-agree > 2 {
		t.Errorf("%d of %d predictions differ from TensorFlow's", n-agree, n)
	}
	if counted != info.Test.Images || math.Abs(float64(correct-info.Test.Correct)) > 2 {
		t.Errorf("%d of %d right; TensorFlow has %d of %d (%s)", correct, counted, info.Test.Correct, info.Test.Images, info.Test.Subset)
	}
}
