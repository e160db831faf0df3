package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	stdimage "image"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/onnx"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
)

const mobilenet = "tfjs/mobilenet_v1_0.25_224"

// published are the options for the weights and photos that others have published, and what those see in these.
func published(t *testing.T) (o options, photos []published5) {
	t.Helper()
	weights := weightstest.Published(t, "imagenet", "mobilenet_v1_0.25_224_tfjs")
	text, err := os.ReadFile(filepath.Join(weights, "expected_top5.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Top5 []published5 }
	if err := json.Unmarshal(text, &list); err != nil || len(list.Top5) != 8 {
		t.Fatalf("%d photos, %v; want 8", len(list.Top5), err)
	}
	o = options{model: mobilenet, weights: weights, top: 5}
	for _, p := range list.Top5 {
		o.photos = append(o.photos, weightstest.Published(t, "photos", "imagenet", p.Photo))
	}
	return o, list.Top5
}

// published5 are the five classes that others have seen in a photo: number, name, probability.
type published5 struct {
	Photo string
	Top5  [][3]interface{}
}

// The photos give the classes that others found.
func TestPhotos(t *testing.T) {
	o, photos := published(t)
	o.out = filepath.Join(t.TempDir(), "made")
	seen, err := classify(context.Background(), o)
	if err != nil || len(seen) != len(photos) {
		t.Fatalf("%d photos, %v", len(seen), err)
	}
	f, err := os.Open(filepath.Join(o.out, "classes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	if err != nil || len(table) != 1+5*len(photos) {
		t.Fatalf("%d rows, %v", len(table), err)
	}
	for i, p := range photos {
		if seen[i].photo != p.Photo || len(seen[i].guesses) != 5 {
			t.Errorf("%s: seen %v", p.Photo, seen[i])
			continue
		}
		for k, want := range p.Top5 {
			class, name, probability := int(want[0].(float64)), want[1].(string), want[2].(float64)
			g := seen[i].guesses[k]
			// The decoders of JPEG round differently, so that classes which are as probable may change places; the first may not.
			if k == 0 && g.Class != class || math.Abs(g.Probability-probability) > 0.02 {
				t.Errorf("%s: class %d is %v, %d; want %s, %d with %v", p.Photo, k+1, g, g.Class, name, class, probability)
			}
			row := table[1+5*i+k]
			if row[0] != p.Photo || row[2] != strconv.Itoa(g.Class) || row[3] != g.Label {
				t.Errorf("the table has %v for %v", row, g)
			}
		}
	}
}

// A photo is the same as a PNG, whatever its name; one that is none does not keep the others from being seen.
func TestOtherFiles(t *testing.T) {
	o, photos := published(t)
	f, err := os.Open(o.photos[2])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	photo, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	o.photos = []string{
		written(t, folder, "photo", func(w io.Writer) error { return png.Encode(w, photo) }),
		written(t, folder, "text.jpg", func(w io.Writer) error { _, err := io.WriteString(w, "no photo at all"); return err }),
		filepath.Join(folder, "none.jpg"),
		written(t, folder, "grey.png", func(w io.Writer) error { return png.Encode(w, stdimage.NewGray(stdimage.Rect(0, 0, 1, 3))) }),
	}
	seen, err := classify(context.Background(), o)
	if err == nil || !strings.Contains(err.Error(), "wanted PNG, JPEG") || !strings.Contains(err.Error(), "none.jpg") || len(seen) != 2 {
		t.Fatalf("%d photos, %v", len(seen), err)
	}
	if class := int(photos[2].Top5[0][0].(float64)); seen[0].guesses[0].Class != class || seen[1].photo != "grey.png" {
		t.Errorf("seen %v; want class %d", seen, class)
	}
}

func written(t *testing.T, folder, name string, encode func(io.Writer) error) string {
	t.Helper()
	path := filepath.Join(folder, name)
	f, err := os.Create(path)
	if err == nil {
		err = encode(f)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Without any file there is something to see.
func TestShort(t *testing.T) {
	t.Setenv("PLEXAURA_CACHE", t.TempDir())
	t.Setenv("PLEXAURA_MIRRORS", "")
	for _, model := range []string{mobilenet, "cifar/resnet20"} {
		seen, err := classify(context.Background(), options{model: model, top: 3, short: true})
		if err != nil || len(seen) != 1 || len(seen[0].guesses) != 3 {
			t.Errorf("%s: got %v, %v", model, seen, err)
		}
	}
	if err := list(); err != nil {
		t.Error(err)
	}
}

func TestBadOptions(t *testing.T) {
	t.Setenv("PLEXAURA_CACHE", t.TempDir())
	t.Setenv("PLEXAURA_MIRRORS", "")
	t.Setenv("PLEXAURA_OFFLINE", "1")
	photo := []string{"photo.jpg"}
	for want, o := range map[string]options{
		"want the paths of photos":                {model: mobilenet, top: 5},
		"-top is 0":                               {model: mobilenet, photos: photo},
		"torchvision/resnet18":                    {model: "resnet18", top: 5, photos: photo},
		"want one of those":                       {model: "darknet/yolov3-tiny", top: 5, photos: photo},
		"get the 56 files of https":               {model: mobilenet, top: 5, photos: photo},
		"give the folder with -weights":           {model: mobilenet, top: 5, photos: photo, weights: t.TempDir()},
		"mnist-7.onnx is not in":                  {model: "onnx/mnist-7", top: 5, photos: photo},
		"get the file of https://github.com/onnx": {model: "onnx/mnist-7", top: 5, photos: photo, short: true},
		"want mnist-7.onnx, which is https":       {model: "onnx/mnist-7", top: 5, photos: photo, weights: os.Args[0]},
		"none.onnx":                               {model: "onnx/mnist-7", top: 5, photos: photo, weights: filepath.Join(t.TempDir(), "none.onnx")},
		"no such file":                            {model: mobilenet, top: 5, photos: photo, weights: filepath.Join(t.TempDir(), "none.json")},
		"format is not known":                     {model: mobilenet, top: 5, photos: photo, weights: os.Args[0]},
		"-unchecked":                              {model: "keras/mobilenet_0.25", top: 5, photos: photo},
	} {
		if _, err := classify(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v; want %s", o, err, want)
		}
	}
}

// A file of one's own takes the place of a published network that stands in its file.
func TestOwnNetwork(t *testing.T) {
	t.Setenv("PLEXAURA_CACHE", t.TempDir())
	t.Setenv("PLEXAURA_MIRRORS", "")
	g := graph.New(graph.Config{Seed: 3})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, graph.Unknown, 1, 28, 28)
	logits := ops.Dense(s.Sub("logits"), ops.Flatten(s, x), 10, ops.DenseConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		t.Fatal(err)
	}
	model, err := onnx.Export(sess, gorgonia.Nodes{logits}, onnx.ExportConfig{})
	if err != nil {
		t.Fatal(err)
	}
	path := written(t, t.TempDir(), "own.onnx", func(w io.Writer) error { _, err := model.WriteTo(w); return err })
	seen, err := classify(context.Background(), options{model: "onnx/mnist-7", weights: path, top: 3, short: true})
	if err != nil || len(seen) != 1 || len(seen[0].guesses) != 3 {
		t.Errorf("got %v, %v", seen, err)
	}
}
