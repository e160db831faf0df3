package zoo

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/darknet"
)

// tinyYOLOs are the detectors, each with the sum of the numbers in its published .weights file and the billions of operations on Darknet's site.
var tinyYOLOs = []struct {
	name                     string
	build                    build
	heads                    func(classes int) []darknet.Head
	parameters, multiplyAdds int64
	numbers                  int64 // (bytes of the file - header) / 4
	billions                 float64
	example                  string // in Gorgonia's module
}{
	{"yolov2-tiny-voc", TinyYOLOv2, TinyYOLOv2Heads, 15861773, 3485520896, (63471556 - 16) / 4, 6.97, ""},
	{"yolov2-tiny", TinyYOLOv2COCO, TinyYOLOv2COCOHeads, 11232057, 2703221248, (44948600 - 20) / 4, 5.41, "tiny-yolo-v2-coco/model/"},
	{"yolov3-tiny", TinyYOLOv3, TinyYOLOv3Heads, 8852366, 2782480896, (35434956 - 20) / 4, 5.56, "tiny-yolo-v3-coco/data/"},
}

func TestTinyYOLOPublished(t *testing.T) {
	for _, c := range tinyYOLOs {
		wantPublished(t, c.build, Config{}, []int{1, 416, 416, 3}, c.parameters, c.multiplyAdds)
		s := summaryOf(t, c.build, Config{}, 1, 416, 416, 3)
		if got := s.Parameters() + s.Statistics(); got != c.numbers {
			t.Errorf("%s has %d numbers; want %d as in the file", c.name, got, c.numbers)
		}
		if got := float64(s.FLOPs()) / 1e9; math.Abs(got-c.billions) > 0.0051 { // 5.565 is published as 5.56
			t.Errorf("%s takes %.4g billion operations; want %v", c.name, got, c.billions)
		}
	}
}

// example returns the path of a file in the examples of Gorgonia's module, which go.mod requires.
func example(t *testing.T, name string) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "gorgonia.org/gorgonia").Output()
	if err != nil {
		t.Skipf("go list does not find Gorgonia's module, which has the published weights: %v", err)
	}
	path := filepath.Join(strings.TrimSpace(string(dir)), "examples", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("Gorgonia's module is not downloaded (go mod download gorgonia.org/gorgonia): %v", err)
	}
	return path
}

// TestTinyYOLOLikeDarknet: from the published .cfg transfer/darknet builds the same network: variables, heads, and bits.
func TestTinyYOLOLikeDarknet(t *testing.T) {
	for _, c := range tinyYOLOs {
		t.Run(c.name, func(t *testing.T) {
			path := "testdata/" + c.name + ".cfg"
			if c.example != "" {
				path = example(t, c.example+c.name+".cfg")
			}
			cfg, err := darknet.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			const batch, height, width = 2, 32, 64
			g := graph.New(graph.Config{})
			x := graph.Placeholder(g.Scope(), "x", tensor.Float32, graph.Unknown, height, width, 3)
			ours := c.build(g.Scope().Sub("ours"), x, Config{})
			theirs := cfg.Build(g.Scope().Sub("theirs"), x, darknet.BuildConfig{})
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			a, b := ours.Variables(), theirs.Variables()
			if len(a) != len(b) {
				t.Fatalf("it has %d variables; want %d", len(a), len(b))
			}
			for i := range a {
				name := strings.TrimPrefix(g.NameOf(a[i]), "ours/")
				if want := strings.TrimPrefix(g.NameOf(b[i]), "theirs/"); name != want {
					t.Fatalf("variable %d is %s; want %s", i, name, want)
				}
				v := madeWeights(name, graph.SpecOf(a[i]), uint64(i)+1)
				if err := sess.SetValues(map[*gorgonia.Node]interface{}{a[i]: v, b[i]: v}); err != nil {
					t.Fatal(err)
				}
			}
			heads := c.heads(0)
			var fetches gorgonia.Nodes
			for i, h := range heads {
				want := theirs.Heads[i]
				fetches = append(fetches, ours.Endpoint(h.Layer), theirs.Endpoint(want.Layer))
				h.Layer, want.Layer, want.ScaleXY = "", "", 0
				if !reflect.DeepEqual(h, want) {
					t.Errorf("head %d is %+v; want %+v", i, h, want)
				}
			}
			if len(heads) != len(theirs.Heads) {
				t.Errorf("it has %d heads; want %d", len(heads), len(theirs.Heads))
			}
			image := golden.Sequence(5, batch*height*width*3)
			out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(batch, height, width, 3), tensor.WithBacking(image))}, fetches...)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(fetches); i += 2 {
				if !reflect.DeepEqual(out.Tensor(i).Data(), out.Tensor(i+1).Data()) {
					t.Errorf("head %d computes something else", i/2)
				}
			}
		})
	}
}

func TestTinyYOLO(t *testing.T) {
	wantGolden(t, "zoodetect", "Tiny-YOLO v2", Config{}, TinyYOLOv2)
	wantGoldenIn(t, []tensor.Dtype{tensor.Float32}, "zoodetect", "Tiny-YOLO v2 COCO", Config{}, TinyYOLOv2COCO)
	wantGolden(t, "zoodetect", "Tiny-YOLO v3", Config{}, TinyYOLOv3)
}

// TestTinyYOLOWeights loads the published weights and compares with PyTorch, in float64, from the same.
func TestTinyYOLOWeights(t *testing.T) {
	for _, c := range tinyYOLOs[1:] {
		t.Run(c.name, func(t *testing.T) {
			g := graph.New(graph.Config{})
			x := graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 416, 416, 3)
			m := c.build(g.Scope(), x, Config{})
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer sess.Close()
			if _, err := darknet.LoadFile(sess, m.Variables(), example(t, c.example+c.name+".weights"), darknet.LoadConfig{}); err != nil {
				t.Fatal(err)
			}
			image := golden.Sequence(1, 416*416*3)
			for i := range image {
				image[i] += 0.5
			}
			var fetches gorgonia.Nodes
			for _, h := range c.heads(0) {
				fetches = append(fetches, m.Endpoint(h.Layer))
			}
			out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(1, 416, 416, 3), tensor.WithBacking(image))}, fetches...)
			if err != nil {
				t.Fatal(err)
			}
			layers := map[string][]string{"yolov2-tiny": {"region15"}, "yolov3-tiny": {"yolo16", "yolo23"}}[c.name]
			for _, want := range golden.Cases(t, "darknet", "Published") {
				for i, layer := range layers {
					if !want.Has("layer " + layer) {
						continue
					}
					var values []float64
					for _, v := range out.Tensor(i).Data().([]float32) {
						values = append(values, float64(v))
					}
					if err := golden.Close(moments(values), want.Out("layer "+layer), 1e-4, 1e-4); err != nil {
						t.Errorf("%s: %v", layer, err)
					}
				}
			}
		})
	}
}

// TestTinyYOLOTrains: a step by a loss of all heads changes every variable. The v2 for VOC is that for COCO with a wider layer.
func TestTinyYOLOTrains(t *testing.T) {
	for _, c := range tinyYOLOs[1:] {
		wantTraining(t, func(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
			m := c.build(s, x, cfg)
			var sum *gorgonia.Node
			for _, h := range c.heads(cfg.Classes) {
				y := m.Endpoint(h.Layer)
				if got := graph.SpecOf(y).Shape[3]; got != h.Channels() {
					t.Errorf("%s: %s has %d channels; want %d", c.name, h.Layer, got, h.Channels())
				}
				y = ops.GlobalAvgPool(s, y, ops.GlobalPoolConfig{})
				if sum != nil {
					y = ops.Add(s, sum, y)
				}
				sum = y
			}
			m.Output = sum
			return m
		}, 3, 32, 64, 1)
	}
}

func TestTinyYOLOBadInput(t *testing.T) {
	for _, c := range tinyYOLOs {
		for name, bad := range map[string]struct {
			shape []int
			want  string
		}{"rank": {[]int{1, 64, 64}, "conv0"}, "channels": {[]int{1, 64, 64, graph.Unknown}, "conv0"}} {
			g := graph.New(graph.Config{})
			m := c.build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, bad.shape...), Config{})
			if err := g.Err(); err == nil || !strings.Contains(err.Error(), bad.want) || !graph.IsBad(m.Output) {
				t.Errorf("%s, %s: got %v", c.name, name, err)
			}
		}
		g := graph.New(graph.Config{})
		m := c.build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 64, 64, 3), Config{NoTop: true})
		if e := m.Endpoints(); g.Err() != nil || e[len(e)-1].Name != "conv13" {
			t.Errorf("%s without its top ends with %v (%v)", c.name, e, g.Err())
		}
	}
	g := graph.New(graph.Config{})
	TinyYOLOv3(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 48, 48, 3), Config{})
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "route20") {
		t.Errorf("a height that is no multiple of 32 gives %v", err)
	}
}
