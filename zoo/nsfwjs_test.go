package zoo

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

// nsfwjs finds the model in one of the mirrors.
func nsfwjs(t *testing.T) (mirror, path string) {
	t.Helper()
	for _, mirror := range filepath.SplitList(os.Getenv("PLEXAURA_MIRRORS")) {
		path := filepath.Join(mirror, "nsfwjs", "mobilenet_v2", "model.json")
		if _, err := os.Stat(path); err == nil {
			return mirror, path
		}
	}
	t.Skip("no folder of PLEXAURA_MIRRORS has nsfwjs/mobilenet_v2/model.json (internal/golden/nsfwjs.js says how to make it)")
	return "", ""
}

// photosFor are the first n photos of 224 x 224 pixels that are known, as an entry wants them.
func photosFor(t *testing.T, n int, as image.Normalization) *tensor.Dense {
	t.Helper()
	return pictures(t, filepath.Join(weightstest.Published(t, "imagenet", "mobilenet_v1_0.25_224_tfjs"), "expected.npz"), "input_u8", as, n)
}

// The network in the file computes what TensorFlow.js computes.
func TestPublishedNSFW(t *testing.T) {
	mirror, _ := nsfwjs(t)
	text, err := os.ReadFile("testdata/nsfwjs.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct{ Probabilities [][]float64 }
	if err := json.Unmarshal(text, &want); err != nil || len(want.Probabilities) == 0 {
		t.Fatalf("%v: %v", want, err)
	}
	m, sess := loaded(t, "nsfwjs/mobilenet_v2", mirror, -1, 224, 224, 3)
	out, err := sess.Run(graph.Feeds{m.Input: photosFor(t, len(want.Probabilities), m.entry.Input.Normalize)}, m.Output)
	if err != nil {
		t.Fatal(err)
	}
	top, err := m.entry.Top(out.Tensor(0), 5)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i, guesses := range top {
		for _, g := range guesses {
			worst = math.Max(worst, math.Abs(g.Probability-want.Probabilities[i][g.Class]))
		}
		if guesses[0].Label != "Neutral" {
			t.Errorf("photo %d is %v", i, guesses)
		}
	}
	t.Logf("largest difference %.1e", worst)
	if !(worst <= 1e-5) {
		t.Errorf("probabilities differ by up to %v", worst)
	}
}

// Of the file, all but its own classifier are the weights of MobileNetV2 as Keras computes it.
func TestPublishedNSFWFeatures(t *testing.T) {
	mirror, path := nsfwjs(t)
	m, sess := loaded(t, "nsfwjs/mobilenet_v2", mirror, -1, 224, 224, 3)
	g := m.scope.Graph()
	ours := MobileNetV2(g.Scope().Sub("ours"), m.Input, Config{Port: Keras, NoTop: true})
	file, err := transfer.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	mapping, err := ours.Mapping(Keras)
	if err != nil {
		t.Fatal(err)
	}
	mapping.Ignore = append(mapping.Ignore, `^dense_`)
	plan, err := transfer.Map(file, ours.Variables(), "ours", mapping)
	if err == nil {
		err = plan.Complete()
	}
	if err == nil {
		err = plan.Load(sess, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	theirs := m.Endpoint("out_relu")
	out, err := sess.Run(graph.Feeds{m.Input: photosFor(t, 1, m.entry.Input.Normalize)}, ours.Output, theirs)
	if err != nil {
		t.Fatal(err)
	}
	if !out.Tensor(0).Shape().Eq(out.Tensor(1).Shape()) {
		t.Fatalf("the shapes are %v and %v", out.Tensor(0).Shape(), out.Tensor(1).Shape())
	}
	for i, want := range out.Float32s(1) {
		if got := out.Float32s(0)[i]; math.Abs(float64(got-want)) > 1e-4 {
			t.Fatalf("element %d is %v; want %v", i, got, want)
		}
	}
}

// An entry whose network stands in its file says so.
func TestNSFWDescribed(t *testing.T) {
	p, err := Describe("nsfwjs/mobilenet_v2")
	if err != nil {
		t.Fatal(err)
	}
	if text := p.String(); !strings.Contains(text, "the one in the file") || !strings.Contains(text, "and 1 more, 2,748,406 bytes") {
		t.Errorf("it is described as\n%s", text)
	}
}
