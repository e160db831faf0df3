package zoo

import (
	"context"
	stdimage "image"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/weights"
)

// An unknown name of any length gives a short error with the nearest.
func TestLongUnknownName(t *testing.T) {
	if _, err := Describe("torchvision/resnet18" + strings.Repeat("x", 1<<20)); err == nil || len(err.Error()) > 300 || !strings.Contains(err.Error(), "zoo.List()") {
		t.Errorf("got %.400v", err)
	}
}

// Every entry has an architecture that builds, labels for its outputs, an input that an image can become, and files that fetch takes.
func TestEntries(t *testing.T) {
	names := List()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("the names are not sorted, or one is there twice: %v", names)
	}
	for _, name := range names {
		p, err := Describe(name)
		if err != nil {
			t.Fatal(err)
		}
		if !p.inFile() {
			a, err := p.architecture()
			if err != nil {
				t.Fatal(err)
			}
			if n := p.numClasses(a); !p.Config.NoTop && n != len(p.Labels) {
				t.Errorf("%s has %d classes, and %d labels", name, n, len(p.Labels))
			}
			if a.Input[2] != p.channels() {
				t.Errorf("%s takes pictures of %d channels; want %d", name, p.channels(), a.Input[2])
			}
		}
		for what, text := range map[string]string{"Licence": p.Licence, "Citation": p.Citation, "Source": p.Source, "TrainedOn": p.TrainedOn, "Format": p.Format} {
			if text == "" {
				t.Errorf("%s has no %s", name, what)
			}
		}
		if p.Task != "classification" && p.Task != "detection" {
			t.Errorf("%s has the task %q", name, p.Task)
		}
		for _, s := range p.Scores {
			if !(s.Percent > 0 && s.Percent < 100) || s.DataSet == "" {
				t.Errorf("%s has the score %v", name, s)
			}
		}
		for _, f := range p.Files {
			if f.Name == "" || len(f.URLs) == 0 || !strings.HasPrefix(f.URLs[0], "https://") || !strings.HasSuffix(f.URLs[0], "/"+f.Name) {
				t.Errorf("%s has the file %+v", name, f)
			}
			if p.Format == "pytorch" && len(f.SHA256) < 64 && !strings.Contains(f.Name, f.SHA256[:8]) {
				t.Errorf("%s: the SHA-256 %s is not in the name %s", name, f.SHA256, f.Name)
			}
		}
		if m, err := image.From(stdimage.NewRGBA(stdimage.Rect(0, 0, 50, 40)), p.Input); err != nil || m.Height != p.Input.Height || m.Width != p.Input.Width || m.Channels != p.channels() {
			t.Errorf("%s: the input %+v makes %v of a picture: %v", name, p.Input, m, err)
		}
		shown := p.SimpleRender()
		for _, kind := range []string{"text/plain", "text/html"} {
			if text, ok := shown[kind].(string); !ok || !strings.Contains(text, p.Source) {
				t.Errorf("%s is shown as %v", name, shown[kind])
			}
		}
	}
	var none *Pretrained
	if none.SimpleRender()["text/plain"] == nil {
		t.Error("nil is not shown")
	}
}

// The names and shapes of published files fit the entries whole.
func TestEntriesFitTheirFiles(t *testing.T) {
	files := publishedFiles(t)
	fitted := 0
	for _, name := range List() {
		entry, err := Describe(name)
		if err != nil {
			t.Fatal(err)
		}
		of := slices.DeleteFunc(slices.Clone(files), func(l listed) bool {
			return l.network != entry.Architecture || l.port != entry.Config.Port || Config{Width: l.width}.width() != entry.Config.width()
		})
		if entry.names != nil || entry.Format == "darknet" || entry.inFile() {
			continue // published files are read in TestPublishedWeights
		}
		if len(of) == 0 {
			if entry.Config.width() == 1 {
				t.Errorf("%s: there is no list of names", name)
			}
			continue
		}
		g := graph.New(graph.Config{})
		m := Build(g.Scope(), name, graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 299, 299, 3), Config{})
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		twin, err := m.twin()
		if err != nil {
			t.Fatal(err)
		}
		mapping, err := twin.published()
		if err != nil {
			t.Fatal(err)
		}
		var failures []string
		for _, l := range of {
			f, err := weights.New("list", l.tensors, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := transfer.Map(f, twin.Variables(), "published", mapping)
			if err == nil {
				err = plan.Complete()
			}
			if err != nil {
				failures = append(failures, err.Error())
			}
		}
		if len(failures) > 0 {
			t.Errorf("%s: %v", name, failures)
		}
		fitted++
	}
	if fitted < 50 {
		t.Errorf("only %d entries have a list of names", fitted)
	}
}

// Entries are made once, and what one does to a description changes no other.
func TestDescriptionsShareNothing(t *testing.T) {
	for _, name := range []string{"torchvision/resnet18", "slim/resnet_v1_50", "keras/vgg16"} {
		p, err := Describe(name)
		if err != nil {
			t.Fatal(err)
		}
		before := p.String()
		p.Labels[0], p.Scores[0].Percent, p.Files[0].Name, p.Files[0].URLs[0] = "x", 1, "x", "x"
		if len(p.Files[0].Members) > 0 {
			p.Files[0].Members[0] = "x"
		}
		p.Input.Normalize.Mean[0], p.Input.Normalize.Std[0] = 7, 7
		again, err := Describe(name)
		if err != nil {
			t.Fatal(err)
		}
		if again.String() != before || again.Files[0].URLs[0] == "x" || len(again.Files[0].Members) > 0 && again.Files[0].Members[0] == "x" {
			t.Errorf("a description was changed by another: %v", again)
		}
	}
	if image.ImageNet.Mean[0] == 7 {
		t.Error("a normalisation of the package image was changed")
	}
}

// BenchmarkDescribe: an entry is looked up, not made.
func BenchmarkDescribe(b *testing.B) {
	for range b.N {
		if _, err := Describe("torchvision/resnet18"); err != nil {
			b.Fatal(err)
		}
	}
}

// A wrong name is answered with those that are like it.
func TestUnknownName(t *testing.T) {
	for wrong, want := range map[string]string{
		"resnet18": "torchvision/resnet18", "torchvision/resnet-18": "torchvision/resnet18", "keras/VGG16": "keras/vgg16", "yolov3": "darknet/yolov3-tiny", "": "zoo.List()",
		strings.Repeat("x", 1<<16): "zoo.List()",
	} {
		if _, err := Describe(wrong); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %.300v; want %s", wrong, err, want)
		}
	}
	g := graph.New(graph.Config{})
	m := Build(g.Scope(), "torchvision/resnet19", graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 224, 224, 3), Config{})
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "torchvision/resnet18") || !graph.IsBad(m.Output) {
		t.Errorf("got %v", err)
	}
	if err := m.Load(context.Background(), nil); err == nil || !strings.Contains(err.Error(), "the graph has errors") {
		t.Errorf("got %v", err)
	}
}

// What does not suit the weights is a build error.
func TestBuildBadInput(t *testing.T) {
	for _, c := range []struct {
		name  string
		shape []int
		cfg   Config
		want  string
	}{
		{"torchvision/resnet18", []int{1, 224, 224, 1}, Config{}, "want 3 channels"},
		{"torchvision/resnet18", []int{1, 224, 224}, Config{}, "want [batch, height, width, 3]"},
		{"torchvision/resnet18", []int{1, 224, 224, 3}, Config{Port: Keras}, "Port is Keras, but the weights are those of Torchvision"},
		{"torchvision/shufflenet_v2_x0_5", []int{1, 224, 224, 3}, Config{Width: 1}, "Width is 1, but the weights have 0.5"},
		{"torchvision/resnet18", []int{1, 224, 224, 3}, Config{Classes: 5, NoTop: true}, "NoTop leaves the classifier out"},
		{"torchvision/resnet18", []int{1, 224, 224, 3}, Config{Classes: -5}, "Classes is -5"},
	} {
		g := graph.New(graph.Config{})
		m := Build(g.Scope(), c.name, graph.Placeholder(g.Scope(), "x", tensor.Float32, c.shape...), c.cfg)
		if err := g.Err(); err == nil || !strings.Contains(err.Error(), c.want) || !graph.IsBad(m.Output) {
			t.Errorf("%s of %v with %+v: got %v; want %s", c.name, c.shape, c.cfg, err, c.want)
		}
	}
	g := graph.New(graph.Config{})
	Build(g.Scope(), "torchvision/resnet18", nil, Config{})
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "x is nil") {
		t.Errorf("got %v", err)
	}
}

func TestTop(t *testing.T) {
	p := Pretrained{Name: "test", Labels: []string{"ant", "bee", "cat"}}
	logits := []float64{math.Log(1), math.Log(2), math.Log(5), math.Log(4), math.Log(4), math.Inf(-1)}
	for _, x := range []*tensor.Dense{
		tensor.New(tensor.WithShape(2, 3), tensor.WithBacking(slices.Clone(logits))),
		tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float32{0, float32(logits[1]), float32(logits[2]), 1, 1, float32(math.Inf(-1))})),
	} {
		top, err := p.Top(x, 2)
		if err != nil {
			t.Fatal(err)
		}
		want := [][]Guess{{{2, "cat", 0.625}, {1, "bee", 0.25}}, {{0, "ant", 0.5}, {1, "bee", 0.5}}}
		for i := range want {
			for j, w := range want[i] {
				if g := top[i][j]; g.Class != w.Class || g.Label != w.Label || math.Abs(g.Probability-w.Probability) > 1e-6 {
					t.Errorf("picture %d: got %v; want %v", i, top[i], want[i])
				}
			}
		}
	}
	softmax := Pretrained{Name: "test", Labels: p.Labels, Probabilities: true}
	if top, err := softmax.Top(tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{0.25, 0.625, 0.125})), 1); err != nil || top[0][0] != (Guess{1, "bee", 0.625}) {
		t.Errorf("of probabilities: %v, %v", top, err)
	}
	if top, err := p.Top(tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{1, 2, 3})), 9); err != nil || len(top[0]) != 3 {
		t.Errorf("got %v, %v", top, err)
	}
	for want, x := range map[string]tensor.Tensor{
		"came nil":             nil,
		"[batch, classes]":     tensor.New(tensor.WithShape(3), tensor.WithBacking([]float64{1, 2, 3})),
		"of 2 classes":         tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{1, 2})),
		"a logit is NaN":       tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{1, math.NaN(), 3})),
		"a logit is +Inf":      tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{1, math.Inf(1), 3})),
		"want float32 or floa": tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]int{1, 2, 3})),
	} {
		if _, err := p.Top(x, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
	if _, err := p.Top(tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{1, 2, 3})), 0); err == nil || !strings.Contains(err.Error(), "k is 0") {
		t.Errorf("got %v", err)
	}
}
