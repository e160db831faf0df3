package ops_test

import (
	"fmt"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// windowOf reads how the windows of a golden case slide.
func windowOf(c golden.Case) ops.ConvolutionConfig {
	cfg := ops.ConvolutionConfig{Groups: int(c.Param("groups"))}
	for a := range 2 {
		if _, ok := c.Params[fmt.Sprint("stride", a)]; !ok {
			continue // a sequence has no width
		}
		param := func(name string) int { return int(c.Param(fmt.Sprint(name, a))) }
		cfg.Strides[a], cfg.Dilations[a] = param("stride"), param("dilation")
		cfg.Pads[a] = [2]int{param("before"), param("behind")}
	}
	if c.Param("same") != 0 {
		cfg.Padding = ops.Same
	}
	return cfg
}

func TestConvolutionGolden(t *testing.T) {
	checkGolden(t, "convolutions", "Convolution", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Convolution(s, in["x"], in["kernel"], windowOf(c))
	}, "x", "kernel")
}

// With the channels first it is the same convolution of transposed images.
func TestConvolutionChannelsFirst(t *testing.T) {
	checkGolden(t, "convolutions", "Convolution", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		cfg := windowOf(c)
		cfg.DataFormat = ops.ChannelsFirst
		y := ops.Convolution(s, ops.Transpose(s, in["x"], 0, 3, 1, 2), in["kernel"], cfg)
		return ops.Transpose(s, y, 0, 2, 3, 1)
	}, "x", "kernel")
}

func TestConvolutionGradients(t *testing.T) {
	for name, c := range map[string]struct {
		x, kernel values
		cfg       ops.ConvolutionConfig
	}{
		"plain":     {wave(1, 0, 2, 4, 3, 2), wave(1, .1, 2, 2, 2, 3), ops.ConvolutionConfig{}},
		"pointwise": {wave(1, 0, 2, 2, 3, 3), wave(1, .1, 1, 1, 3, 2), ops.ConvolutionConfig{}},
		"same":      {wave(1, 0, 1, 5, 4, 2), wave(1, .1, 3, 2, 2, 2), ops.ConvolutionConfig{Padding: ops.Same, Strides: [2]int{2, 1}}},
		"all": {wave(1, 0, 1, 6, 5, 4), wave(1, .1, 2, 2, 2, 2), ops.ConvolutionConfig{
			Strides: [2]int{2, 3}, Dilations: [2]int{3, 2}, Pads: [2][2]int{{1, 0}, {0, 2}}, Groups: 2}},
		"depthwise": {wave(1, 0, 1, 4, 5, 3), wave(1, .1, 2, 3, 1, 3), ops.ConvolutionConfig{Strides: [2]int{1, 2}, Groups: 3}},
		"first":     {wave(1, 0, 1, 2, 4, 3), wave(1, .1, 2, 2, 2, 2), ops.ConvolutionConfig{DataFormat: ops.ChannelsFirst}},
	} {
		t.Run(name, func(t *testing.T) {
			checkGradients(t, func(s *graph.Scope, xs gorgonia.Nodes) *gorgonia.Node {
				return ops.Convolution(s, xs[0], xs[1], c.cfg)
			}, c.x, c.kernel)
		})
	}
}

func TestConvolutionShapes(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	kernel := graph.Placeholder(s, "kernel", tensor.Float32, 3, 2, 4, 8)
	for _, c := range []struct {
		x, want string
		shape   []int
		cfg     ops.ConvolutionConfig
	}{
		{"known", "float32[5, 7, 6, 8]", []int{5, 9, 7, 4}, ops.ConvolutionConfig{}},
		{"unknown batch", "float32[?, 5, 4, 8]", []int{-1, 9, 7, 4}, ops.ConvolutionConfig{Padding: ops.Same, Strides: [2]int{2, 2}}},
		{"unknown height", "float32[?, ?, 6, 8]", []int{-1, -1, 7, 4}, ops.ConvolutionConfig{}},
		{"unknown channels", "float32[5, 7, 6, 8]", []int{5, 9, 7, -1}, ops.ConvolutionConfig{}},
		{"first", "float32[5, 8, 9, 6]", []int{5, 4, 9, 7}, ops.ConvolutionConfig{DataFormat: ops.ChannelsFirst, Pads: [2][2]int{{2, 0}, {0, 0}}}},
	} {
		y := ops.Convolution(s, graph.Placeholder(s, strings.ReplaceAll(c.x, " ", "_"), tensor.Float32, c.shape...), kernel, c.cfg)
		if got := graph.SpecOf(y).String(); got != c.want {
			t.Errorf("%s: got %s; want %s", c.x, got, c.want)
		}
	}
	if err := g.Err(); err != nil {
		t.Error(err)
	}
}

// No images give no images, and a gradient of zeros.
func TestConvolutionOfNone(t *testing.T) {
	for _, groups := range []int{1, 2} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := graph.Placeholder(s, "x", tensor.Float32, -1, 3, 4, 2)
		feeds[x] = tensor.New(tensor.WithShape(0, 3, 4, 2), tensor.WithBacking([]float32{}))
		kernel := input(s, feeds, "kernel", tensor.Float32, wave(1, 0, 2, 2, 2/groups, 2), false)
		y := ops.Convolution(s, x, kernel, ops.ConvolutionConfig{Groups: groups})
		grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x, kernel}, nil)
		out := run(t, g, feeds, y, grads[0], grads[1])
		wantValues(t, out.Tensor(0), []int{0, 2, 3, 2})
		wantValues(t, out.Tensor(1), []int{0, 3, 4, 2})
		wantValues(t, out.Tensor(2), []int{2, 2, 2 / groups, 2}, make([]float64, 16/groups)...)
	}
}

func TestConvolutionErrors(t *testing.T) {
	build := func(x, kernel []int, cfg ops.ConvolutionConfig) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.Convolution(s, graph.Placeholder(s, "x", tensor.Float32, x...), graph.Placeholder(s, "kernel", tensor.Float32, kernel...), cfg)
		}
	}
	plain := ops.ConvolutionConfig{}
	for _, c := range []struct {
		name  string
		build func(s *graph.Scope) *gorgonia.Node
		words []string
	}{
		{"rank of x", build([]int{2, 3, 4}, []int{1, 1, 4, 1}, plain), []string{"float32[2, 3, 4]", "[batch, height, width, channels]"}},
		{"rank of x, first", build([]int{2, 3}, []int{1, 1, 4, 1}, ops.ConvolutionConfig{DataFormat: ops.ChannelsFirst}), []string{"[batch, channels, height, width]"}},
		{"rank of the kernel", build([]int{2, 3, 4, 5}, []int{1, 5, 1}, plain), []string{"float32[1, 5, 1]", "[height, width, in/groups, out]"}},
		{"channels", build([]int{2, 3, 4, 5}, []int{1, 1, 4, 1}, plain), []string{"5 channels", "third axis is 4"}},
		{"groups of channels", build([]int{2, 3, 4, 5}, []int{1, 1, 2, 2}, ops.ConvolutionConfig{Groups: 2}), []string{"5 channels", "2 groups"}},
		{"groups of filters", build([]int{2, 3, 4, 4}, []int{1, 1, 2, 3}, ops.ConvolutionConfig{Groups: 2}), []string{"3 channels out", "2 groups"}},
		{"negative groups", build([]int{2, 3, 4, 4}, []int{1, 1, 4, 3}, ops.ConvolutionConfig{Groups: -1}), []string{"Groups is -1"}},
		{"channels first", build([]int{2, 3, 32, 32}, []int{3, 3, 3, 8}, plain), []string{"32 channels as [batch, height, width, channels]", "takes 3", "channels_first"}},
		{"channels last", build([]int{2, 32, 32, 3}, []int{3, 3, 3, 8}, ops.ConvolutionConfig{DataFormat: ops.ChannelsFirst}),
			[]string{"32 channels as [batch, channels, height, width]", "takes 3", "channels_last"}},
		{"large kernel of channels first", build([]int{2, 3, 32, 32}, []int{7, 7, 32, 8}, plain), []string{"float32[2, 3, 32, 32], [batch, height, width, channels]", "height of the window is 7"}},
		{"large kernel", build([]int{2, 3, 4, 1}, []int{4, 1, 1, 3}, plain), []string{"height of the window is 4", "the 3 of the image", "ops.Same"}},
		{"dilated kernel", build([]int{2, 3, 4, 1}, []int{1, 2, 1, 3}, ops.ConvolutionConfig{Dilations: [2]int{1, 4}}), []string{"width of the window is 5 with a dilation of 4"}},
		{"empty kernel", build([]int{2, 3, 4, 1}, []int{1, 0, 1, 3}, plain), []string{"width of the window is 0"}},
		{"stride", build([]int{2, 3, 4, 1}, []int{1, 1, 1, 3}, ops.ConvolutionConfig{Strides: [2]int{0, -2}}), []string{"Strides is [0 -2]"}},
		{"large stride", build([]int{2, 3, 4, 1}, []int{1, 1, 1, 3}, ops.ConvolutionConfig{Strides: [2]int{1 << 62, 1}}), []string{"Strides is [4611686018427387904 1]", "16777216"}},
		{"large dilation", build([]int{2, 3, 4, 1}, []int{3, 1, 1, 3}, ops.ConvolutionConfig{Dilations: [2]int{1 << 62, 1}}), []string{"Dilations is", "16777216"}},
		{"dilation", build([]int{2, 3, 4, 1}, []int{1, 1, 1, 3}, ops.ConvolutionConfig{Dilations: [2]int{-1, 0}}), []string{"Dilations is [-1 0]"}},
		{"pads", build([]int{2, 3, 4, 1}, []int{1, 1, 1, 3}, ops.ConvolutionConfig{Pads: [2][2]int{{0, 0}, {0, -1}}}), []string{"Pads is [[0 0] [0 -1]]", "ops.Slice"}},
		{"pads and Same", build([]int{2, 3, 4, 1}, []int{1, 1, 1, 3}, ops.ConvolutionConfig{Pads: [2][2]int{{0, 1}, {0, 0}}, Padding: ops.Same}), []string{"SAME", "one of them"}},
		{"padding", build([]int{2, 3, 4, 1}, []int{1, 1, 1, 3}, ops.ConvolutionConfig{Padding: 7}), []string{"Padding(7)", "ops.Valid"}},
		{"format", build([]int{2, 3, 4, 1}, []int{1, 1, 1, 3}, ops.ConvolutionConfig{DataFormat: 3}), []string{"DataFormat(3)", "ops.ChannelsLast"}},
		{"dtypes", func(s *graph.Scope) *gorgonia.Node {
			return ops.Convolution(s, graph.Placeholder(s, "x", tensor.Float32, 1, 2, 2, 1), graph.Placeholder(s, "kernel", tensor.Float64, 1, 1, 1, 1), plain)
		}, []string{"float32[1, 2, 2, 1]", "float64[1, 1, 1, 1]", "ops.Cast"}},
		{"integers", func(s *graph.Scope) *gorgonia.Node {
			x := graph.Placeholder(s, "x", tensor.Int, 1, 2, 2, 1)
			return ops.Convolution(s, x, x, plain)
		}, []string{"int[1, 2, 2, 1]", "ops.Cast"}},
		{"nil", func(s *graph.Scope) *gorgonia.Node { return ops.Convolution(s, nil, nil, plain) }, []string{"nil"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantLayerError(t, c.build, c.words...) })
	}
}

// A stride beyond the image leaves one window, and pixels that none sees.
func TestConvolutionLongStride(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, at([]int{1, 2, 3, 1}, 1, 2, 3, 4, 5, 6), false)
	kernel := input(s, feeds, "kernel", tensor.Float32, at([]int{1, 2, 1, 1}, 10, 1), false)
	y := ops.Convolution(s, x, kernel, ops.ConvolutionConfig{Strides: [2]int{1 << 24, 1 << 24}})
	out := run(t, g, feeds, y, graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x}, nil)[0])
	wantValues(t, out.Tensor(0), []int{1, 1, 1, 1}, 12)
	wantValues(t, out.Tensor(1), []int{1, 2, 3, 1}, 10, 1, 0, 0, 0, 0)
}

// What turns out only when sizes are known is an error of the Run.
func TestConvolutionRunErrors(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, wave(1, 0, 1, 2, 5, 3), true)
	kernel := input(s, feeds, "kernel", tensor.Float32, wave(1, 0, 3, 3, 3, 2), true)
	wantRunError(t, g, feeds, ops.Convolution(s, x, kernel, ops.ConvolutionConfig{}), "Conv2D", "height of the window is 3", "the 2 of the image")
}

// A convolution adds the bias and calls the activation block by block.
func TestConvolutionFuses(t *testing.T) {
	for _, groups := range []int{1, 4} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Float32, wave(1, 0, 2, 5, 4, 4), false)
		kernel := input(s, feeds, "kernel", tensor.Float32, wave(1, .1, 3, 3, 4/groups, 4), false)
		bias := input(s, feeds, "bias", tensor.Float32, wave(1, 0, 4), false)
		y := ops.Convolution(s, x, kernel, ops.ConvolutionConfig{Padding: ops.Same, Groups: groups})
		z := ops.ELU(s, ops.BiasAdd(s, y, bias), 1)
		apart := run(t, g, feeds, y, z)
		tracer := &graph.Tracer{}
		sess, err := graph.NewSession(g, graph.SessionConfig{Tracer: tracer})
		if err != nil {
			t.Fatal(err)
		}
		defer sess.Close()
		together, err := sess.Run(feeds, z)
		if err != nil {
			t.Fatal(err)
		}
		wantValues(t, together.Tensor(0), []int{2, 5, 4, 4}, floats(apart.Tensor(1))...)
		if steps := tracer.ByOp(); len(steps) != 1 || steps[0].Name != "Conv2D+BiasAdd+elu" {
			t.Errorf("the steps are %v; want one", steps)
		}
	}
}
