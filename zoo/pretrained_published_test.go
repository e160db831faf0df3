package zoo

import (
	"context"
	"encoding/json"
	stdimage "image"
	"image/draw"
	_ "image/jpeg" // the photos
	"math"
	"os"
	"path/filepath"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/weights/weightstest"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// loaded builds an entry in inference and loads it from a folder as a mirror, without network.
func loaded(t *testing.T, name, mirror string, shape ...int) (*Model, *graph.Session) {
	t.Helper()
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, shape...)
	m := Build(g.Scope().Sub("net"), name, x, Config{Fetch: fetch.Config{Mirrors: []string{mirror}, Offline: true, Cache: t.TempDir()}})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	if err := m.Load(context.Background(), sess); err != nil {
		t.Fatal(err)
	}
	return m, sess
}

// expected reads an array of float64 or float32 of a .npz.
func expected(t *testing.T, path, name string) (values []float64, shape tensor.Shape) {
	t.Helper()
	f, err := npz.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	x, err := f.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	switch data := x.Data().(type) {
	case []float64:
		values = data
	case []float32:
		for _, v := range data {
			values = append(values, float64(v))
		}
	case []uint8:
		for _, v := range data {
			values = append(values, float64(v))
		}
	default:
		t.Fatalf("%s is %v", name, x.Dtype())
	}
	return values, x.Shape()
}

// pictures are the bytes of a .npz, [n, height, width, 3], as an entry wants them.
func pictures(t *testing.T, path, name string, n image.Normalization, most int) *tensor.Dense {
	t.Helper()
	values, shape := expected(t, path, name)
	shape = shape.Clone()
	shape[0] = min(shape[0], most)
	x := make([]float32, shape.TotalSize())
	for i := range x {
		c := i % 3
		from := i
		if n.BGR {
			from = i - c + 2 - c
		}
		mean, std := 0.0, 1.0
		if len(n.Mean) > 0 {
			mean = n.Mean[c%len(n.Mean)]
		}
		if len(n.Std) > 0 {
			std = n.Std[c%len(n.Std)]
		}
		x[i] = float32((values[from]/255 - mean) / std)
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))
}

// wantOutput compares what a network makes of pictures with an array of a .npz: within a share of the largest value.
func wantOutput(t *testing.T, m *Model, sess *graph.Session, x *tensor.Dense, path, name string) *tensor.Dense {
	t.Helper()
	out, err := sess.Run(graph.Feeds{m.Input: x}, m.Output)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := expected(t, path, name)
	got, scale, worst := out.Float32s(0), 0.0, 0.0
	if len(got) > len(want) {
		t.Fatalf("%d outputs; %d are known", len(got), len(want))
	}
	for i, v := range got {
		scale = math.Max(scale, math.Abs(want[i]))
		worst = math.Max(worst, math.Abs(float64(v)-want[i]))
	}
	t.Logf("%s: largest difference %.1e of %.3g", m.entry.Name, worst/scale, scale)
	if !(worst <= 2e-5*scale) {
		t.Errorf("%s differs by up to %v of %v", name, worst, scale)
	}
	return out.Tensor(0)
}

// Published files, found in a mirror and checked, compute what others computed with them.
func TestPublishedWeights(t *testing.T) {
	t.Run("cifar/resnet20", func(t *testing.T) {
		folder := weightstest.Published(t, "graphs", "cifar10-resnet20-pth")
		m, sess := loaded(t, "cifar/resnet20", folder, -1, 32, 32, 3)
		path := filepath.Join(folder, "expected.npz")
		logits := wantOutput(t, m, sess, pictures(t, path, "images_u8", m.entry.Input.Normalize, 100), path, "logits")
		want, shape := expected(t, path, "logits")
		top, err := m.entry.Top(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(want)), 1)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.entry.Top(logits, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range top {
			if got[i][0].Class != top[i][0].Class {
				t.Errorf("picture %d is %v; want %v", i, got[i][0], top[i][0])
			}
		}
	})
	t.Run("keras/squeezenet_v1.1_notop", func(t *testing.T) {
		folder := weightstest.Published(t, "imagenet", "squeezenet_v1.1_notop")
		m, sess := loaded(t, "keras/squeezenet_v1.1_notop", folder, -1, 224, 224, 3)
		path := filepath.Join(folder, "expected.npz")
		wantOutput(t, m, sess, pictures(t, path, "input_u8", m.entry.Input.Normalize, 4), path, "fire9_concat")
	})
	t.Run("tfjs/mobilenet_v1_0.25_224", func(t *testing.T) {
		folder := weightstest.Published(t, "imagenet", "mobilenet_v1_0.25_224_tfjs")
		m, sess := loaded(t, "tfjs/mobilenet_v1_0.25_224", folder, -1, 224, 224, 3)
		path := filepath.Join(folder, "expected.npz")
		wantOutput(t, m, sess, pictures(t, path, "input_u8", m.entry.Input.Normalize, 8), path, "logits")
		wantPhotos(t, m, sess, filepath.Join(folder, "expected_top5.json"), weightstest.Published(t, "photos", "imagenet"))
	})
}

// wantPhotos makes of photos what the entry says and wants the classes that others found, of much the same probabilities. They cut out the
// middle before resizing: where that is half a pixel elsewhere, this small network is less sure.
func wantPhotos(t *testing.T, m *Model, sess *graph.Session, list, folder string) {
	t.Helper()
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	var photos struct {
		Top5 []struct {
			Photo string
			Top5  [][3]interface{}
		}
	}
	if err := json.Unmarshal(text, &photos); err != nil || len(photos.Top5) != 8 {
		t.Fatalf("%s: %v", list, err)
	}
	for _, p := range photos.Top5 {
		f, err := os.Open(filepath.Join(folder, p.Photo))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		photo, _, err := stdimage.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		width, height := photo.Bounds().Dx(), photo.Bounds().Dy()
		side := min(width, height)
		at := stdimage.Pt((width-side)/2, (height-side)/2)
		middle := stdimage.NewRGBA(stdimage.Rect(0, 0, side, side))
		draw.Draw(middle, middle.Bounds(), photo, at, draw.Src)
		picture, err := image.From(middle, m.entry.Input)
		if err != nil {
			t.Fatal(err)
		}
		out, err := sess.Run(graph.Feeds{m.Input: tensor.New(tensor.WithShape(1, 224, 224, 3), tensor.WithBacking(picture.Pix))}, m.Output)
		if err != nil {
			t.Fatal(err)
		}
		top, err := m.entry.Top(out.Tensor(0), 1)
		if err != nil {
			t.Fatal(err)
		}
		class, probability := int(p.Top5[0][0].(float64)), p.Top5[0][2].(float64)
		if g := top[0][0]; g.Class != class || math.Abs(g.Probability-probability) > 0.02 { // the decoders of JPEG round differently
			t.Errorf("%s is %v, class %d; want class %d with %v", p.Photo, g, g.Class, class, probability)
		}
	}
}

// The detectors in Gorgonia's module compute what PyTorch computes with them.
func TestPublishedDetectors(t *testing.T) {
	for _, c := range tinyYOLOs[1:] {
		t.Run(c.name, func(t *testing.T) {
			m, sess := loaded(t, "darknet/"+c.name, filepath.Dir(example(t, c.example+c.name+".weights")), 1, 416, 416, 3)
			x := golden.Sequence(1, 416*416*3)
			for i := range x {
				x[i] += 0.5
			}
			heads := c.heads(0)
			layer := map[string]string{"yolov2-tiny": "layer region15", "yolov3-tiny": "layer yolo16"}[c.name]
			out, err := sess.Run(graph.Feeds{m.Input: tensor.New(tensor.WithShape(1, 416, 416, 3), tensor.WithBacking(x))}, m.Endpoint(heads[0].Layer))
			if err != nil {
				t.Fatal(err)
			}
			compared := false
			for _, want := range golden.Cases(t, "darknet", "Published") {
				if !want.Has(layer) {
					continue
				}
				compared = true
				var values []float64
				for _, v := range out.Float32s(0) {
					values = append(values, float64(v))
				}
				if err := golden.Close(moments(values), want.Out(layer), 1e-4, 1e-4); err != nil {
					t.Error(err)
				}
			}
			if !compared {
				t.Errorf("no golden case has %s", layer)
			}
		})
	}
}
