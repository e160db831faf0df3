package darknet

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training/boxes"
	"github.com/plexaura/plexaura/training/dataset/image"
)

// published are the networks with published weights that stand in the examples of Gorgonia's module, less the ends
// of their names, .cfg and .weights.
var published = map[string]string{
	"v2": "tiny-yolo-v2-coco/model/yolov2-tiny",
	"v3": "tiny-yolo-v3-coco/data/yolov3-tiny",
}

var moduleDir = sync.OnceValues(func() (string, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "gorgonia.org/gorgonia").Output()
	return strings.TrimSpace(string(dir)), err
})

// moduleFile returns the path of a file in the examples of Gorgonia's module, which go.mod requires.
func moduleFile(t testing.TB, name string) string {
	t.Helper()
	dir, err := moduleDir()
	if err != nil {
		t.Skipf("go list does not find Gorgonia's module, which has the published weights: %v", err)
	}
	path := filepath.Join(dir, "examples", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("Gorgonia's module is not downloaded (go mod download gorgonia.org/gorgonia): %v", err)
	}
	return path
}

// restored is a published network with its weights.
type restored struct {
	*Model
	sess *graph.Session
}

func restore(t testing.TB, version string) restored {
	t.Helper()
	net, err := Open(moduleFile(t, published[version]+".cfg"))
	if err != nil {
		t.Fatal(err)
	}
	h, w, c := net.Input()
	g := graph.New(graph.Config{})
	m := net.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, graph.Unknown, h, w, c), BuildConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	header, err := LoadFile(sess, m.Variables(), moduleFile(t, published[version]+".weights"), LoadConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if header.Length != 20 || header.Minor != 2 || header.Seen == 0 {
		t.Errorf("the header is %+v", header)
	}
	return restored{m, sess}
}

// run computes what the detection layers take.
func (m restored) run(t testing.TB, x *tensor.Dense) graph.Values {
	t.Helper()
	fetches := gorgonia.Nodes{}
	for _, h := range m.Heads {
		fetches = append(fetches, m.Endpoint(h.Layer))
	}
	out, err := m.sess.Run(graph.Feeds{m.Input: x}, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPublished(t *testing.T) {
	for version := range published {
		t.Run(version, func(t *testing.T) {
			m := restore(t, version)
			wantOutputs(t, m, version)
			for _, picture := range []string{"dog_416x416", "dog"} {
				wantDetections(t, m, version, picture)
			}
		})
	}
}

// wantOutputs compares with PyTorch, in float64, from the same weights.
func wantOutputs(t *testing.T, m restored, version string) {
	c := caseOf(t, "Published/"+version)
	values := golden.Sequence(1, 416*416*3)
	for i := range values {
		values[i] += 0.5
	}
	out := m.run(t, tensor.New(tensor.WithShape(1, 416, 416, 3), tensor.WithBacking(values)))
	for i, h := range m.Heads {
		got := float64s(out.Tensor(i))
		some := make([]float64, 48)
		for k := range some {
			some[k] = got[int(float64(k)*float64(len(got)-1)/47)]
		}
		largest := 0.0
		for _, v := range got {
			largest = max(largest, math.Abs(v))
		}
		if err := golden.Close(some, c.Out("some "+h.Layer), 1e-5, 1e-5*largest); err != nil {
			t.Errorf("%s: %v", h.Layer, err)
		}
		if err := golden.Close(four(out.Tensor(i)), c.Out("layer "+h.Layer), 1e-5, 1e-5*largest); err != nil {
			t.Errorf("%s: %v", h.Layer, err)
		}
	}
}

// wantDetections compares with the boxes that Darknet itself found in the same pixels: thresh .3, nms .45, letterbox. It
// ran on a processor, where its batch norm has another epsilon.
func wantDetections(t *testing.T, m restored, version, name string) {
	c := caseOf(t, "Detections/"+version+"/"+name)
	picture, err := image.Open(moduleFile(t, "tiny-yolo-v2-coco/data/"+name+".jpg"), image.Config{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Letterbox(picture, 416, 416)
	if err != nil {
		t.Fatal(err)
	}
	out := m.run(t, f.Tensor())
	var all []boxes.Box
	for i, h := range m.Heads {
		found, err := h.Boxes(out.Tensor(i), 416, 416, 0.3)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found[0]...)
	}
	found := boxes.Suppress(all, 0.45)
	for i, b := range found {
		if p := f.Pixels([]boxes.Box{b}); len(p) == 1 { // which are cut at the edge, as Darknet's are not
			found[i] = p[0].Scaled(1/float64(picture.Width), 1/float64(picture.Height))
		}
	}
	wantBoxes(t, found, c.Out("boxes"), 5e-4)
}
