package zoo

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// wantPublished compares the parameters and multiply-adds that a summary counts with published ones.
func wantPublished(t *testing.T, b build, cfg Config, input []int, parameters, multiplyAdds int64) {
	t.Helper()
	s := summaryOf(t, b, cfg, input...)
	if got := s.Parameters(); got != parameters {
		t.Errorf("%s has %d parameters; want %d", s.Name, got, parameters)
	}
	if got := s.MultiplyAdds(); got != multiplyAdds {
		t.Errorf("%s takes %d multiply-adds for an image %v; want %d", s.Name, got, input, multiplyAdds)
	}
}

// summaryOf builds a network for images of which only the batch is unknown, and describes it.
func summaryOf(t *testing.T, b build, cfg Config, input ...int) *Summary {
	t.Helper()
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, graph.Unknown, input[1], input[2], input[3])
	m := b(g.Scope().Sub("net"), x, cfg)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	s, err := m.Summary(input...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSummary(t *testing.T) {
	s := summaryOf(t, LeNet5, Config{}, 1, 32, 32, 1)
	want := `LeNet-5 of 1 x 32 x 32 x 1
layer   output            parameters  multiply-adds
C1      1 x 28 x 28 x 6   156         117,600
S2      1 x 14 x 14 x 6   0           0
C3      1 x 10 x 10 x 16  2,416       240,000
S4      1 x 5 x 5 x 16    0           0
C5      1 x 1 x 1 x 120   48,120      48,000
F6      1 x 84            10,164      10,080
output  1 x 10            850         840
total                     61,706      416,520
`
	if got := s.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s.FLOPs() != 2*416520 {
		t.Errorf("FLOPs is %d", s.FLOPs())
	}
	shown := s.SimpleRender()
	if shown["text/plain"] != want || !strings.Contains(shown["text/html"].(string), "<td style=\"text-align:right\">48,120</td>") {
		t.Errorf("shown as %v", shown)
	}
	var none *Summary
	if none.SimpleRender()["text/plain"] != "no network\n" || none.Parameters() != 0 {
		t.Error("a nil Summary is not shown as no network")
	}
}

// TestModelRender shows a model by its summary, and by its endpoints where the input has no size.
func TestModelRender(t *testing.T) {
	build := func(size int) *Model {
		g := graph.New(graph.Config{})
		m := LeNet5(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, graph.Unknown, size, size, 1), Config{NoTop: true})
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		return m
	}
	shown := build(32).SimpleRender()
	if !strings.HasPrefix(shown["text/plain"].(string), "LeNet-5 of 1 x 32 x 32 x 1\n") || !strings.Contains(shown["text/html"].(string), `<th style="text-align:left">total</th>`) {
		t.Errorf("shown as %v", shown)
	}
	const want = "LeNet-5 of float32[?, ?, ?, 1], endpoints C1, S2, C3, S4, C5; Summary with the sizes of an input lists its layers"
	if got := build(graph.Unknown).SimpleRender()["text/plain"]; got != want {
		t.Errorf("%v, want %s", got, want)
	}
	for _, none := range []*Model{nil, {}} {
		if got := none.SimpleRender()["text/plain"]; got != "no network" {
			t.Errorf("%v", got)
		}
	}
}

func TestSummaryBadInput(t *testing.T) {
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, graph.Unknown, graph.Unknown, graph.Unknown, 1)
	m := LeNet5(g.Scope(), x, Config{NoTop: true})
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	for name, input := range map[string][]int{"nothing": nil, "rank": {1, 32, 32}, "channels": {1, 32, 32, 3}, "unknown": {1, -1, 32, 1}, "small": {1, 20, 20, 1}} {
		if _, err := m.Summary(input...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if s, err := m.Summary(2, 36, 40, 1); err != nil || !s.Layers[4].Output.Eq(tensor.Shape{2, 2, 3, 120}) {
		t.Errorf("got %v, %v", s, err)
	}
}

// wantTorchvision compares a summary for 224 x 224 x 3 with torchvision's documentation: the number of parameters, and
// billions of multiply-adds to three decimals ("GFLOPS", _ops in the sources).
func wantTorchvision(t *testing.T, b build, parameters int64, billions float64) {
	t.Helper()
	s := summaryOf(t, b, Config{}, 1, 224, 224, 3)
	if got := s.Parameters(); got != parameters {
		t.Errorf("%s has %d parameters; want %d", s.Name, got, parameters)
	}
	if got := math.Round(float64(s.MultiplyAdds())/1e6) / 1e3; got != billions {
		t.Errorf("%s takes %v billion multiply-adds; want %v", s.Name, got, billions)
	}
}
