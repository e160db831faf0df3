package finetune_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/zoo/finetune"
)

var ctx = context.Background()

// small is the smallest network of the zoo with published weights, on small pictures.
var small = finetune.Config{Network: "cifar/resnet20", Height: 16, Width: 16, Seed: 3}

// zeroAndOne are some of the embedded digits.
func zeroAndOne(t *testing.T, cfg finetune.Config) *finetune.Data {
	t.Helper()
	all, err := dataset.AllDigits()
	if err == nil {
		all, err = all.Only(0, 1)
	}
	if err == nil {
		all, err = all.PerClass(40)
	}
	if err == nil {
		all, err = all.Reshape(8, 8, 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	d, err := finetune.Arrays(cfg, all, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// values are the values of all variables of a graph by name.
func values(t *testing.T, k *finetune.Classifier) map[string][]float32 {
	t.Helper()
	all := map[string][]float32{}
	for _, v := range k.Session.Graph().ModelVariables() {
		value, err := k.Session.Value(v)
		if err != nil {
			t.Fatal(err)
		}
		all[k.Session.Graph().NameOf(v)] = value.Data().([]float32)
	}
	return all
}

// changed are the prefixes "net/NAME/" and "head/" of the variables that differ.
func changed(before, after map[string][]float32) []string {
	var names []string
	for name, v := range before {
		if !slices.Equal(v, after[name]) {
			parts := strings.Split(name, "/")
			names = append(names, strings.Join(parts[:min(2, len(parts)-1)], "/"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestSteps takes the steps without published weights: what is frozen keeps its bits, what is trained learns, and what is saved is the same network.
func TestSteps(t *testing.T) {
	cfg := small
	cfg.Data = zeroAndOne(t, small)
	cfg.Head.Epochs, cfg.Tune.Epochs, cfg.Dropout, cfg.L2 = 40, 2, 0.1, 1e-3
	var log bytes.Buffer
	cfg.Log, cfg.Cache = &log, t.TempDir()
	s, err := finetune.New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()

	before := values(t, s.Classifier)
	head, err := s.TrainHead(ctx)
	if err != nil {
		t.Fatal(err)
	}
	trained := values(t, s.Classifier)
	if got := changed(before, trained); !slices.Equal(got, []string{"features", "head"}) {
		t.Errorf("training the head changed %q", got)
	}
	if head.Trained != 64*2+2 || head.Epochs == 0 || head.Undone {
		t.Errorf("the head's phase was %+v; want 130 parameters", head)
	}
	if !strings.Contains(log.String(), "epoch  1/40  loss") {
		t.Errorf("the log is %q", log.String())
	}
	e, err := s.Evaluate(ctx, s.Data.Validation)
	if err != nil {
		t.Fatal(err)
	}
	if e.Accuracy < 0.9 || e.Confusion.Classes() != 2 || len(e.Confusion.Counts()) != 2 || e.Loss > 0.5 {
		t.Errorf("on random features zeros and ones are told apart with %v; want 0.9 or more", e)
	}

	tune, err := s.TuneAbove(ctx, "layer3/1")
	if err != nil {
		t.Fatal(err)
	}
	if got := changed(trained, values(t, s.Classifier)); !tune.Undone && !slices.Equal(got, []string{"head", "net/layer3"}) {
		t.Errorf("tuning above layer3/1 changed %q", got)
	}
	// A block of layer3 has two kernels of 3x3x64x64 and two batch norms of 64.
	if want := 130 + 2*(9*64*64+2*64); tune.Trained != want || tune.Name != "above layer3/1" {
		t.Errorf("tuning above layer3/1 was %+v; want %d parameters", tune, want)
	}
	kept, err := filepath.Glob(filepath.Join(cfg.Cache, "*.activations"))
	if err != nil || len(kept) != 4 {
		t.Errorf("the cache has %v, %v; want two files for each phase", kept, err)
	}

	dir := filepath.Join(t.TempDir(), "made")
	if err := s.Save(dir); err != nil {
		t.Fatal(err)
	}
	labels, err := os.ReadFile(filepath.Join(dir, "labels.txt"))
	if err != nil || string(labels) != "0\n1\n" {
		t.Errorf("labels.txt is %q, %v", labels, err)
	}
	opened, err := finetune.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	x := firstOf(t, s.Data.Validation, 5)
	want := logits(t, s.Classifier, x)
	if got := logits(t, opened, x); !slices.Equal(got, want) {
		t.Errorf("the network that was opened gives %v; want %v", got, want)
	}
	checkONNX(t, opened, x)
}

// firstOf are the first pictures of a source.
func firstOf(t *testing.T, src dataset.Source, n int) tensor.Tensor {
	t.Helper()
	b := dataset.Batches(dataset.BatchesConfig{Source: src, BatchSize: n, NoShuffle: true})
	defer b.Close()
	if !b.Next() {
		t.Fatal(b.Err())
	}
	return b.X().Clone().(tensor.Tensor)
}

func logits(t *testing.T, k *finetune.Classifier, x tensor.Tensor) []float32 {
	t.Helper()
	out, err := k.Session.Run(graph.Feeds{k.X: x}, k.Logits)
	if err != nil {
		t.Fatal(err)
	}
	return out.Float32s(0)
}

// checkONNX: the exported model gives the probabilities of Guess.
func checkONNX(t *testing.T, k *finetune.Classifier, x tensor.Tensor) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.onnx")
	if err := k.SaveONNX(path); err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	n, err := transfer.Import(g.Scope(), path, network.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{n.Inputs[0].Node: x}, n.Outputs[0].Node)
	if err != nil {
		t.Fatal(err)
	}
	guesses, err := k.Guess(x, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, of := range guesses {
		for _, guess := range of {
			if got := float64(out.Float32s(0)[2*i+guess.Class]); math.Abs(got-guess.Probability) > 1e-5 {
				t.Errorf("picture %d: the exported model gives class %s %v; want %v", i, guess.Label, got, guess.Probability)
			}
		}
	}
}

// TestRun trains from scratch, which needs no weights, from folders, with a file that cannot be read, twice: the bits are the same for any GOMAXPROCS.
func TestRun(t *testing.T) {
	dir := folders(t, map[string]int{"train/dark": 12, "train/light": 9, "val/dark": 3, "val/light": 4, "test/dark": 2, "test/light": 2})
	bad := filepath.Join(dir, "train", "dark", "bad.png")
	if err := os.WriteFile(bad, []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	cfg := small
	cfg.Train, cfg.Validation, cfg.Test = filepath.Join(dir, "train"), filepath.Join(dir, "val"), filepath.Join(dir, "test")
	cfg.SkipUnreadable, cfg.FromScratch, cfg.BatchSize, cfg.KeepLast = true, true, 4, true
	cfg.Augment = image.AugmentConfig{FlipHorizontal: true}
	cfg.Tune = finetune.Phase{Epochs: 3, Rate: 1e-3}
	var saved [2][]byte
	for i, processors := range []int{1, 4} {
		cfg.Out = t.TempDir()
		before := runtime.GOMAXPROCS(processors)
		r, err := finetune.Run(ctx, cfg)
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		if saved[i], err = os.ReadFile(r.Saved); err != nil {
			t.Fatal(err)
		}
		if r.Test == nil || len(r.Phases) != 1 || r.Phases[0].Epochs != 3 || len(r.Skipped) != 1 || r.Skipped[0].Path != bad {
			t.Errorf("the report is %+v", r)
		}
		for _, want := range []string{"cifar/resnet20 up to layer3", "2 classes", "Train       21   12    9", "unreadable  1", "all layers", "validation: accuracy", "test: accuracy", "true \\ predicted"} {
			if !strings.Contains(r.String(), want) {
				t.Errorf("the report has no %q:\n%v", want, r)
			}
		}
		if html, _ := r.SimpleRender()["text/html"].(string); strings.Count(html, "<table") != 4 {
			t.Errorf("the report in a notebook is %s", html)
		}
		k, err := finetune.Open(cfg.Out)
		if err != nil {
			t.Fatal(err)
		}
		guesses, err := k.Classify(filepath.Join(dir, "val", "dark", "0.png"), 5)
		if err != nil || len(guesses) != 2 || math.Abs(guesses[0].Probability+guesses[1].Probability-1) > 1e-6 {
			t.Errorf("a picture is %v, %v", guesses, err)
		}
		if k.Close() != nil || k.String() != "cifar/resnet20 up to layer3, telling dark, light apart" {
			t.Errorf("it is %v", k)
		}
	}
	if !bytes.Equal(saved[0], saved[1]) {
		t.Error("the same config gives two networks")
	}
	for _, none := range []interface{ SimpleRender() map[string]interface{} }{(*finetune.Report)(nil), (*finetune.SearchReport)(nil), &finetune.Report{}, &finetune.SearchReport{}} {
		if text, ok := none.SimpleRender()["text/plain"].(string); !ok || text == "" {
			t.Errorf("%T shows nothing", none)
		}
	}
}
