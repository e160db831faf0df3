package zoo

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
)

// build is the form of all architectures.
type build func(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model

// wantGolden runs an architecture from the weights of each of its golden cases, in float64 and in float32, and compares
// its endpoints and its output with the reference implementation's.
func wantGolden(t *testing.T, file, name string, cfg Config, b build) {
	t.Helper()
	wantGoldenIn(t, []tensor.Dtype{tensor.Float64, tensor.Float32}, file, name, cfg, b)
}

// wantGoldenIn is wantGolden in some dtypes only: float32 for large networks whose layers others have tested in both.
func wantGoldenIn(t *testing.T, dtypes []tensor.Dtype, file, name string, cfg Config, b build) {
	t.Helper()
	for _, c := range golden.Cases(t, file, name) {
		if c.Params["classes"] != 0 {
			cfg.Classes = int(c.Params["classes"])
		}
		if c.Params["multiplier"] != 0 {
			cfg.Width = c.Params["multiplier"]
		}
		for _, dtype := range dtypes {
			t.Run(c.Name+"/"+dtype.String(), func(t *testing.T) { wantCase(t, c, dtype, cfg, b) })
		}
	}
}

func wantCase(t *testing.T, c golden.Case, dtype tensor.Dtype, cfg Config, b build) {
	g := graph.New(graph.Config{Dtype: dtype})
	s := g.Scope()
	shape := tensor.Shape{int(c.Param("batch")), int(c.Param("height")), int(c.Param("width")), int(c.Param("channels"))}
	x := graph.Placeholder(s, "x", dtype, graph.Unknown, shape[1], shape[2], shape[3])
	m := b(s, x, cfg)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	seed := uint64(c.Param("seed")) * 1000
	for i, v := range m.Variables() {
		if err := sess.SetValue(v, madeWeights(g.NameOf(v), graph.SpecOf(v), seed+uint64(i)+1)); err != nil {
			t.Fatal(err)
		}
	}
	image := golden.Sequence(seed, shape.TotalSize())
	for i := range image {
		image[i] *= 4
	}
	fetches := gorgonia.Nodes{m.Output}
	names := []string{"output"}
	for _, e := range m.Endpoints() {
		if c.Has("endpoint " + e.Name) {
			fetches, names = append(fetches, e.Node), append(names, "endpoint "+e.Name)
		}
	}
	if len(names) != len(c.Outputs) {
		t.Errorf("the case has %d outputs, of which the network has %v", len(c.Outputs), names)
	}
	out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(shape...), tensor.WithBacking(inDtype(image, dtype)))}, fetches...)
	if err != nil {
		t.Fatal(err)
	}
	// A float32 network of a hundred layers has gathered rounding errors of some 1e-5 of the largest value.
	rtol, share := 1e-9, 1e-10
	if dtype == tensor.Float32 {
		rtol, share = 1e-4, 2e-4
	}
	for i, name := range names {
		got := out.Tensor(i)
		want, scale := c.Out(name), 0.0
		values := []float64{}
		switch d := got.Data().(type) {
		case []float32:
			for _, v := range d {
				values = append(values, float64(v))
			}
		case []float64:
			values = d
		}
		for _, v := range values {
			scale = math.Max(scale, math.Abs(v))
		}
		if strings.HasPrefix(name, "endpoint") {
			values = moments(values)
			scale = math.Max(scale, scale*scale)
		} else if !got.Shape().Eq(tensor.Shape(want.Shape)) {
			t.Errorf("%s has shape %v; want %v", name, got.Shape(), want.Shape)
		}
		if err := golden.Close(values, want, rtol, share*scale); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// moments are what the golden file has of an endpoint.
func moments(values []float64) []float64 {
	sum, squares := 0.0, 0.0
	for _, v := range values {
		sum += v
		squares += v * v
	}
	n := float64(len(values))
	return []float64{sum / n, squares / n, values[0], values[len(values)-1]}
}

// madeWeights makes a variable's value by the rule that stands in internal/golden/zoofile.py.
func madeWeights(name string, spec graph.Spec, seed uint64) *tensor.Dense {
	kind := name[strings.LastIndexByte(name, '/')+1:]
	scale, offset := 0.2, 0.0
	switch kind {
	case "kernel", "depthwise_kernel":
		fan := 1
		for _, d := range spec.Shape[:len(spec.Shape)-1] {
			fan *= d
		}
		if kind == "depthwise_kernel" {
			fan = spec.Shape[0] * spec.Shape[1]
		}
		scale = math.Sqrt(24 / float64(fan))
	case "gamma", "moving_variance":
		scale, offset = 0.5, 1
	}
	single := golden.Sequence(seed, spec.Shape.TotalSize())
	if spec.Dtype == tensor.Float64 {
		values := make([]float64, len(single))
		for i, u := range single {
			values[i] = offset + scale*float64(u)
		}
		return tensor.New(tensor.WithShape(spec.Shape...), tensor.WithBacking(values))
	}
	for i, u := range single {
		single[i] = float32(offset + scale*float64(u))
	}
	return tensor.New(tensor.WithShape(spec.Shape...), tensor.WithBacking(single))
}

func inDtype(values []float32, dtype tensor.Dtype) interface{} {
	if dtype == tensor.Float32 {
		return values
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}
