package ops_test

import (
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// pairOf reads a parameter of both spatial axes.
func pairOf(c golden.Case, name string) [2]int {
	return [2]int{int(c.Param(name + "H")), int(c.Param(name + "W"))}
}

// padsOf reads the padding of a golden case.
func padsOf(c golden.Case) (ops.Padding, [2][2]int) {
	if c.Param("same") == 1 {
		return ops.Same, [2][2]int{}
	}
	p := func(name string) int { return int(c.Param(name)) }
	return ops.Valid, [2][2]int{{p("top"), p("bottom")}, {p("left"), p("right")}}
}

func maxPoolBy(cfg ops.MaxPool2DConfig) imageOp {
	return func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
		cfg.DataFormat = format
		return ops.MaxPool2D(s, x, cfg)
	}
}

func TestMaxPool2DGolden(t *testing.T) {
	checkImageGolden(t, "pooling", "MaxPool", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, format ops.DataFormat) *gorgonia.Node {
		padding, pads := padsOf(c)
		return ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Size: pairOf(c, "size"), Strides: pairOf(c, "stride"), Dilations: pairOf(c, "dilation"),
			Padding: padding, Pads: pads, CeilMode: c.Param("ceil") == 1, DataFormat: format})
	})
}

func TestMaxPool2DGradients(t *testing.T) {
	for _, cfg := range []ops.MaxPool2DConfig{
		{},
		{Size: [2]int{3, 2}, Strides: [2]int{1, 2}, Padding: ops.Same},
		{Size: [2]int{2, 2}, Strides: [2]int{2, 1}, Dilations: [2]int{2, 1}, Pads: [2][2]int{{1, 0}, {0, 1}}, CeilMode: true},
	} {
		checkImageGradients(t, maxPoolBy(cfg), wave(3, 0.1, 2, 2, 5, 4))
	}
}

func TestMaxPool2DKernels(t *testing.T) {
	checkImageKernels(t, maxPoolBy(ops.MaxPool2DConfig{}))
	checkImageKernels(t, maxPoolBy(ops.MaxPool2DConfig{Size: [2]int{3, 3}, Strides: [2]int{2, 2}, Padding: ops.Same}))
	checkEmptyBatch(t, maxPoolBy(ops.MaxPool2DConfig{}))
}

// A NaN is the maximum of its window, and takes the gradient. Infinities are
// numbers like others, also beside padding.
func TestMaxPool2DSpecialValues(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	x := graph.Const(s, tensor.New(tensor.WithShape(1, 2, 6, 1), tensor.WithBacking([]float64{
		1, 2, -inf, -inf, inf, 3,
		nan, 4, -inf, -inf, 5, 6})))
	y := ops.MaxPool2D(s, x, ops.MaxPool2DConfig{})
	edge := ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Size: [2]int{1, 2}, Strides: [2]int{2, 5}, Dilations: [2]int{1, 6}, Pads: [2][2]int{{}, {3, 3}}})
	out := run(t, g, nil, y, graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0],
		edge, graph.Gradients(s, gorgonia.Nodes{edge}, gorgonia.Nodes{x}, nil)[0])
	wantValues(t, out.Tensor(0), []int{1, 1, 3, 1}, nan, -inf, inf)
	wantValues(t, out.Tensor(1), []int{1, 2, 6, 1}, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0)
	wantValues(t, out.Tensor(2), []int{1, 1, 2, 1}, -inf, -inf) // the taps -3 and 3, then 2 and 8
	wantValues(t, out.Tensor(3), []int{1, 2, 6, 1}, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)
}

func TestMaxPool2DBadInput(t *testing.T) {
	layer := func(dtype tensor.Dtype, cfg ops.MaxPool2DConfig, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.MaxPool2D(s, graph.Placeholder(s, "x", dtype, shape...), cfg)
		}
	}
	wantLayerError(t, layer(tensor.Float32, ops.MaxPool2DConfig{}, -1, 4, 4), "float32[?, 4, 4]", "want rank 4", "channels_last")
	wantLayerError(t, layer(tensor.Int32, ops.MaxPool2DConfig{}, -1, 4, 4, 1), "want float32 or float64")
	wantLayerError(t, layer(tensor.Float32, ops.MaxPool2DConfig{Size: [2]int{5, 5}}, -1, 6, 4, 1), "[batch, height, width, channels]", "width of the window is 5", "the 4 of the image")
	wantLayerError(t, layer(tensor.Float32, ops.MaxPool2DConfig{Strides: [2]int{1, -1}}, -1, 4, 4, 1), "Strides is [1 -1]")
	wantLayerError(t, layer(tensor.Float32, ops.MaxPool2DConfig{Size: [2]int{2, -1}, Strides: [2]int{1, 1}}, -1, 4, 4, 1), "Size is [2 -1]")
	wantLayerError(t, layer(tensor.Float32, ops.MaxPool2DConfig{Dilations: [2]int{-2, 1}}, -1, 4, 4, 1), "Dilations is [-2 1]")
	wantLayerError(t, layer(tensor.Float32, ops.MaxPool2DConfig{Pads: [2][2]int{{-1, 0}}}, -1, 4, 4, 1), "Pads is [[-1 0] [0 0]]")
	wantLayerError(t, layer(tensor.Float32, ops.MaxPool2DConfig{Pads: [2][2]int{{2, 0}}}, -1, 4, 4, 1), "smaller pads")
	wantLayerError(t, layer(tensor.Float32, ops.MaxPool2DConfig{DataFormat: 5}, -1, 4, 4, 1), "DataFormat(5)", "ops.ChannelsLast or ops.ChannelsFirst")

	// What is known only in a Run is checked there.
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, -1, -1, 1)
	y := ops.MaxPool2D(g.Scope(), x, ops.MaxPool2DConfig{Size: [2]int{3, 3}})
	wantRunError(t, g, graph.Feeds{x: wave(1, 0, 1, 2, 4, 1).feed(tensor.Float32)}, y, "MaxPool", "height of the window is 3", "the 2 of the image")
}

func BenchmarkMaxPool2D(b *testing.B) {
	benchImageOp(b, maxPoolBy(ops.MaxPool2DConfig{}), 64, 28, 28, 32)
}

// Without channels or, with Same padding, without rows there is nothing to pool, and that is no error.
func TestPool2DOfNothing(t *testing.T) {
	for _, shape := range [][]int{{2, 4, 4, 0}, {0, 4, 4, 3}, {2, 0, 4, 3}, {2, 4, 0, 3}} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		x := graph.Placeholder(s, "x", tensor.Float32, -1, -1, -1, -1)
		most := ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Padding: ops.Same})
		mean := ops.AvgPool2D(s, x, ops.AvgPool2DConfig{Padding: ops.SameLower})
		dx := graph.Gradients(s, gorgonia.Nodes{most, mean}, gorgonia.Nodes{x}, nil)[0]
		out := run(t, g, graph.Feeds{x: tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))}, most, mean, dx)
		want := []int{shape[0], (shape[1] + 1) / 2, (shape[2] + 1) / 2, shape[3]}
		wantValues(t, out.Tensor(0), want)
		wantValues(t, out.Tensor(1), want)
		wantValues(t, out.Tensor(2), shape)
	}
}
