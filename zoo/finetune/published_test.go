package finetune_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/zoo"
	"github.com/plexaura/plexaura/zoo/fetch"
	"github.com/plexaura/plexaura/zoo/finetune"
)

const mobileNet = "tfjs/mobilenet_v1_0.25_224"

// hymenoptera is the ants and bees, and where published weights lie.
func hymenoptera(t *testing.T) (photos string, cfg finetune.Config) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short")
	}
	data, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(data); err != nil {
		t.Skipf("the photos and the published weights are not here: %v", err)
	}
	return filepath.Join(data, "photos", "hymenoptera"), finetune.Config{
		Network: mobileNet, Fetch: fetch.Config{Mirrors: []string{filepath.Join(data, "imagenet", "mobilenet_v1_0.25_224_tfjs")}, Cache: t.TempDir(), Offline: true},
	}
}

// TestAnts: the head alone, on the published network, tells ants from bees; logistic regression in scikit-learn on the same features gets .929 right.
func TestAnts(t *testing.T) {
	photos, cfg := hymenoptera(t)
	cfg.Train, cfg.Validation, cfg.Out = filepath.Join(photos, "train"), filepath.Join(photos, "val"), t.TempDir()
	cfg.HeadOnly, cfg.L2, cfg.KeepLast, cfg.Head.Epochs = true, 1, true, 60
	r, err := finetune.Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if r.Validation.Accuracy < 0.88 {
		t.Errorf("the accuracy is %.4f; want .88 or more:\n%v", r.Validation.Accuracy, r)
	}
	k, err := finetune.Open(cfg.Out)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	matches, err := filepath.Glob(filepath.Join(photos, "val", "ants", "*.jpg"))
	if err != nil || len(matches) == 0 {
		t.Fatal(matches, err)
	}
	right := 0
	for _, path := range matches {
		guesses, err := k.Classify(path, 1)
		if err != nil {
			t.Fatal(err)
		}
		if guesses[0].Label == "ants" {
			right++
		}
	}
	if want := r.Validation.Confusion.Counts()[0][0]; right != want {
		t.Errorf("the network that was opened sees ants in %d photos; want %d", right, want)
	}
	_, err = k.Classify(filepath.Join(photos, "none.jpg"), 1)
	wantError(t, err, "finetune: Classify", "none.jpg")
	_, err = k.Classify(matches[0], 0)
	wantError(t, err, "k is 0")
}

// TestSearchOnPhotos: on small pictures, a search of two endpoints by folds gives the same table twice, and its config trains.
func TestSearchOnPhotos(t *testing.T) {
	photos, cfg := hymenoptera(t)
	cfg.Train, cfg.Height, cfg.Width = filepath.Join(photos, "train"), 64, 64
	cfg.Head.Epochs, cfg.Tune.Epochs = 10, 2
	var last string
	for range 2 {
		r, err := finetune.Search(ctx, finetune.SearchConfig{Config: cfg, Folds: 2, Endpoints: []string{"conv_pw_13_relu", "conv_pw_12_relu"}, TryPatience: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Tries {
			r.Tries[i].Took = 0
		}
		if last != "" && r.String() != last {
			t.Errorf("the search gives\n%v; before it gave\n%v", r, last)
		}
		last = r.String()
		if got := r.Config(); got.Endpoint == "" || len(r.Tries) < 3 || r.Tries[0].Trained != 2*256+2 || !strings.Contains(last, "accuracy (2 folds)") {
			t.Errorf("the search gives\n%v", r)
		}
	}
	_, err := finetune.Search(ctx, finetune.SearchConfig{Config: cfg, Endpoints: []string{"conv14"}})
	wantError(t, err, "finetune: Search: Endpoints", `no endpoint "conv14"`)
}

// TestArraysAreFolders: pictures in memory become what files of them become.
func TestArraysAreFolders(t *testing.T) {
	entry, err := zoo.Describe(mobileNet)
	if err != nil {
		t.Fatal(err)
	}
	cfg := finetune.Config{Network: mobileNet, Height: 32, Width: 32}
	cfg.Train = folders(t, map[string]int{"dark": 3, "light": 3})
	cfg.Validation = cfg.Train
	files, err := finetune.Folders(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := image.Folder(cfg.Train, image.FolderConfig{Image: image.Config{Channels: 1}})
	if err != nil {
		t.Fatal(err)
	}
	set := setOf(t, raw)
	arrays, err := finetune.Arrays(cfg, set, set, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, b := firstOf(t, files.Train, 6), firstOf(t, arrays.Train, 6)
	if !slices.Equal(a.Shape(), b.Shape()) || entry.Input.Normalize.Mean[0] != 0.5 {
		t.Fatalf("files become %v and arrays %v", a.Shape(), b.Shape())
	}
	for i, v := range a.Data().([]float32) {
		if math.Abs(float64(v-b.Data().([]float32)[i])) > 1e-5 {
			t.Fatalf("value %d of files is %v, of arrays %v", i, v, b.Data().([]float32)[i])
		}
	}
	if !slices.Equal(arrays.Classes, []string{"0", "1"}) || !slices.Equal(files.Classes, []string{"dark", "light"}) {
		t.Errorf("the classes are %q and %q", arrays.Classes, files.Classes)
	}
}

// setOf reads all pictures of a source.
func setOf(t *testing.T, src dataset.Labelled) *dataset.Set {
	t.Helper()
	x := firstOf(t, src, src.Len())
	set, err := dataset.FromFlat(x.Data().([]float32), src.Labels(), x.Shape()[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}
