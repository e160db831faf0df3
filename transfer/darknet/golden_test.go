package darknet

import (
	"bytes"
	"encoding/binary"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training/boxes"
)

// file writes a .weights file of entries, in their order, by the formula that stands in internal/golden/darknet.py.
func file(entries []entry, seed uint64) []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, []int32{0, 2, 0})
	binary.Write(&b, binary.LittleEndian, int64(7))
	for i, e := range entries {
		values := golden.Sequence(1000*seed+uint64(i)+1, e.shape.TotalSize())
		fan := 1
		for _, d := range e.shape[:len(e.shape)-1] {
			fan *= d
		}
		for k, u := range values {
			v := float64(u)
			switch e.kind {
			case kernel:
				v *= math.Sqrt(24 / float64(fan))
			case "gamma", movingVariance:
				v = 1 + v/2
			default:
				v /= 5
			}
			values[k] = float32(v)
		}
		binary.Write(&b, binary.LittleEndian, values)
	}
	return b.Bytes()
}

// open reads a network of testdata.
func open(t testing.TB, name string) *Network {
	t.Helper()
	net, err := Open(filepath.Join("testdata", name+".cfg"))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// filled is a network of testdata with weights by the formula, and its image.
type filled struct {
	*Model
	sess  *graph.Session
	image *tensor.Dense
}

func fill(t testing.TB, name string, seed uint64, dtype tensor.Dtype) filled {
	t.Helper()
	net := open(t, name)
	h, w, c := net.Input()
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope().Sub("net")
	m := net.Build(s, graph.Placeholder(s, "x", dtype, graph.Unknown, h, w, c), BuildConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sess.Close() })
	entries, err := net.entries()
	if err != nil {
		t.Fatal(err)
	}
	if h, err := Load(sess, m.Variables(), bytes.NewReader(file(entries, seed)), LoadConfig{}); err != nil || h.Seen != 7 {
		t.Fatalf("got %+v, %v", h, err)
	}
	image := golden.Sequence(1000*seed, h*w*c)
	double := make([]float64, len(image))
	for i := range image {
		image[i] += 0.5
		double[i] = float64(image[i])
	}
	backing := tensor.WithBacking(image)
	if dtype == tensor.Float64 {
		backing = tensor.WithBacking(double)
	}
	return filled{m, sess, tensor.New(tensor.WithShape(1, h, w, c), backing)}
}

// four are what the golden file has of each layer.
func four(v *tensor.Dense) []float64 {
	values := float64s(v)
	sum, squares := 0.0, 0.0
	for _, v := range values {
		sum += v
		squares += v * v
	}
	n := float64(len(values))
	return []float64{sum / n, squares / n, values[0], values[len(values)-1]}
}

func float64s(v *tensor.Dense) []float64 {
	if d, ok := v.Data().([]float64); ok {
		return d
	}
	var out []float64
	for _, x := range v.Data().([]float32) {
		out = append(out, float64(x))
	}
	return out
}

// TestNetworks compares every layer of small networks with PyTorch's, which Darknet itself agreed with.
func TestNetworks(t *testing.T) {
	for _, c := range golden.Cases(t, "darknet", "Network") {
		_, name, _ := strings.Cut(c.Name, "/")
		for _, dtype := range []tensor.Dtype{tensor.Float64, tensor.Float32} {
			t.Run(name+"/"+dtype.String(), func(t *testing.T) {
				m := fill(t, name, uint64(c.Param("seed")), dtype)
				fetches := make(gorgonia.Nodes, len(m.Layers))
				for i, l := range m.Layers {
					fetches[i] = l.Node
				}
				out, err := m.sess.Run(graph.Feeds{m.Input: m.image}, fetches...)
				if err != nil {
					t.Fatal(err)
				}
				tolerance := 1e-10
				if dtype == tensor.Float32 {
					tolerance = 2e-5
				}
				seen := 0
				for i, l := range m.Layers {
					if err := golden.Close(four(out.Tensor(i)), c.Out("layer "+l.Name), tolerance, tolerance); err != nil {
						t.Errorf("%s: %v", l.Name, err)
					}
					seen++
					if c.Has("output " + l.Name) {
						if err := golden.Close(out.Tensor(i), c.Out("output "+l.Name), tolerance, tolerance); err != nil {
							t.Errorf("%s: %v", l.Name, err)
						}
						seen++
					}
				}
				if c.Has("boxes") {
					seen++
					wantBoxes(t, m.found(t, out), c.Out("boxes"), 1e-5)
				}
				if seen != len(c.Outputs) {
					t.Errorf("compared %d of %d outputs", seen, len(c.Outputs))
				}
			})
		}
	}
}

// found are the boxes that heads find in what a Run of all layers gave, in shares of the input.
func (m filled) found(t *testing.T, out graph.Values) []boxes.Box {
	var all []boxes.Box
	for _, h := range m.Heads {
		for i, l := range m.Layers {
			if l.Name != h.Layer {
				continue
			}
			found, err := h.Boxes(out.Tensor(i), m.image.Shape()[1], m.image.Shape()[2], 0.3)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, found[0]...)
		}
	}
	return boxes.Suppress(all, 0.45)
}

// wantBoxes compares boxes, as shares of a picture, with Darknet's: class, probability, centre and size.
func wantBoxes(t *testing.T, found []boxes.Box, want golden.Array, tolerance float64) {
	t.Helper()
	got := []float64{}
	for _, b := range found {
		got = append(got, float64(b.Class), b.Probability, (b.Left+b.Right)/2, (b.Top+b.Bottom)/2, b.Width(), b.Height())
	}
	if err := golden.Close(got, want, tolerance, tolerance); err != nil {
		t.Errorf("boxes: %v\ngot  %v\nwant %v", err, got, want.Data)
	}
}

// caseOf finds a golden case by its full name.
func caseOf(t *testing.T, name string) golden.Case {
	t.Helper()
	for _, c := range golden.Cases(t, "darknet", "") {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("the golden file has no %s", name)
	return golden.Case{}
}
