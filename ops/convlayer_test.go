package ops_test

import (
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// checkLayerGolden runs the golden cases of a layer without a bias, with its variable
// of the given name, in both float types and with either channel axis.
func checkLayerGolden(t *testing.T, op, variable string, layer func(s *graph.Scope, x *gorgonia.Node, c golden.Case, kernel graph.Initializer, format ops.DataFormat) *gorgonia.Node) {
	t.Helper()
	for _, c := range golden.Cases(t, "convolutions", op) {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, format := range []ops.DataFormat{ops.ChannelsLast, ops.ChannelsFirst} {
				t.Run(fmt.Sprintf("%s/%v/%v", c.Name, dtype, format), func(t *testing.T) {
					g := graph.New(graph.Config{})
					s := g.Scope()
					feeds := graph.Feeds{}
					shape := c.In("x").Shape
					x := graph.Placeholder(s, "x", dtype, unknownButLast(shape)...)
					feeds[x] = values{shape, c.In("x").Data}.feed(dtype)
					dy := input(s, feeds, "dy", dtype, values{c.In("dy").Shape, c.In("dy").Data}, true)
					last := len(shape) - 1
					there, back := []int{0, last}, []int{0}
					for a := 1; a < last; a++ {
						there, back = append(there, a), append(back, a+1)
					}
					back = append(back, 1)
					in := x
					if format == ops.ChannelsFirst {
						in = ops.Transpose(s, x, there...)
					}
					y := layer(s, in, c, initializers.Constant(c.In("kernel").Data), format)
					if format == ops.ChannelsFirst {
						y = ops.Transpose(s, y, back...)
					}
					grads := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x, g.Node(variable)}, gorgonia.Nodes{dy})
					out := run(t, g, feeds, append(gorgonia.Nodes{y}, grads...)...)
					rtol, atol := 2e-6, 1e-5
					if dtype == tensor.Float64 {
						rtol, atol = 1e-12, 1e-12
					}
					for i, name := range []string{"y", "dx", "dkernel"} {
						if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					}
				})
			}
		}
	}
}

func TestConv2DGolden(t *testing.T) {
	checkLayerGolden(t, "Convolution", "kernel", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, kernel graph.Initializer, format ops.DataFormat) *gorgonia.Node {
		w, shape := windowOf(c), c.In("kernel").Shape
		return ops.Conv2D(s, x, shape[3], [2]int{shape[0], shape[1]}, ops.Conv2DConfig{
			Strides: w.Strides, Padding: w.Padding, Pads: w.Pads, Dilations: w.Dilations, Groups: w.Groups, DataFormat: format, Kernel: kernel, NoBias: true})
	})
}

func TestConv1DGolden(t *testing.T) {
	checkLayerGolden(t, "Conv1D", "kernel", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, kernel graph.Initializer, format ops.DataFormat) *gorgonia.Node {
		w, shape := windowOf(c), c.In("kernel").Shape
		return ops.Conv1D(s, x, shape[2], shape[0], ops.Conv1DConfig{
			Stride: w.Strides[0], Padding: w.Padding, Pads: w.Pads[0], Dilation: w.Dilations[0], Groups: w.Groups, DataFormat: format, Kernel: kernel, NoBias: true})
	})
}

func TestConvTranspose2DGolden(t *testing.T) {
	checkLayerGolden(t, "ConvTranspose", "kernel", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, kernel graph.Initializer, format ops.DataFormat) *gorgonia.Node {
		w, shape := windowOf(c), c.In("kernel").Shape
		return ops.ConvTranspose2D(s, x, shape[2]*w.Groups, [2]int{shape[0], shape[1]}, ops.ConvTranspose2DConfig{
			Strides: w.Strides, Padding: w.Padding, Pads: w.Pads, Dilations: w.Dilations, Groups: w.Groups, DataFormat: format,
			OutputPadding: [2]int{int(c.Param("extra0")), int(c.Param("extra1"))}, Kernel: kernel, NoBias: true})
	})
}

// Of the grouped convolutions, those of single channels are depthwise. The kernels
// [kh, kw, 1, in*multiplier] and [kh, kw, in, multiplier] are the same numbers.
func TestDepthwiseConv2DGolden(t *testing.T) {
	n := 0
	for _, c := range golden.Cases(t, "convolutions", "Convolution") {
		kernel := c.In("kernel")
		in := c.In("x").Shape[3]
		if kernel.Shape[2] != 1 || int(c.Param("groups")) != in || in == 1 {
			continue
		}
		n++
		g := graph.New(graph.Config{Dtype: tensor.Float64})
		s := g.Scope()
		feeds := graph.Feeds{}
		x := input(s, feeds, "x", tensor.Float64, values{c.In("x").Shape, c.In("x").Data}, false)
		w := windowOf(c)
		y := ops.DepthwiseConv2D(s, x, [2]int{kernel.Shape[0], kernel.Shape[1]}, ops.DepthwiseConv2DConfig{
			Multiplier: kernel.Shape[3] / in, Strides: w.Strides, Pads: w.Pads, Dilations: w.Dilations, Kernel: initializers.Constant(kernel.Data), NoBias: true})
		if err := golden.Close(run(t, g, feeds, y).Tensor(0), c.Out("y"), 1e-12, 1e-12); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		if got := graph.SpecOf(g.Node("depthwise_kernel")).Shape; got[2] != in || got[3] != kernel.Shape[3]/in {
			t.Errorf("%s: the kernel is %v", c.Name, got)
		}
	}
	if n < 3 {
		t.Errorf("%d golden cases are depthwise; want more", n)
	}
}

// convLayers are the layers with sizes that differ from each other, for x [batch, 5, 6, 4].
var convLayers = map[string]struct {
	layer     func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
	y         string
	variables map[string]string
}{
	"Conv2D": {
		func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.Conv2D(s, x, 8, [2]int{3, 2}, ops.Conv2DConfig{Groups: 2, Activation: ops.Tanh, Bias: initializers.RandomNormal(0, 1)})
		}, "float64[?, 3, 5, 8]", map[string]string{"kernel": "float64[3, 2, 2, 8]", "bias": "float64[8]"},
	},
	"DepthwiseConv2D": {
		func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.DepthwiseConv2D(s, x, [2]int{2, 3}, ops.DepthwiseConv2DConfig{Multiplier: 2, Strides: [2]int{1, 2}, Padding: ops.Same})
		}, "float64[?, 5, 3, 8]", map[string]string{"depthwise_kernel": "float64[2, 3, 4, 2]", "bias": "float64[8]"},
	},
	"SeparableConv2D": {
		func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.SeparableConv2D(s, x, 3, [2]int{3, 3}, ops.SeparableConv2DConfig{Multiplier: 2, Padding: ops.Same, NoBias: true, Activation: ops.Tanh})
		}, "float64[?, 5, 6, 3]", map[string]string{"depthwise_kernel": "float64[3, 3, 4, 2]", "pointwise_kernel": "float64[1, 1, 8, 3]"},
	},
	"ConvTranspose2D": {
		func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
			return ops.ConvTranspose2D(s, x, 2, [2]int{3, 2}, ops.ConvTranspose2DConfig{Strides: [2]int{2, 2}, Padding: ops.Same, Groups: 2})
		}, "float64[?, 10, 12, 2]", map[string]string{"kernel": "float64[3, 2, 1, 4]", "bias": "float64[2]"},
	},
}

func TestConvLayers(t *testing.T) {
	for name, c := range convLayers {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			s := g.Scope()
			x := graph.Placeholder(s, "x", tensor.Float64, -1, 5, 6, 4)
			y := c.layer(s.Sub("layer"), x)
			again := c.layer(s.Sub("layer").Reuse(), x)
			if got := graph.SpecOf(y).String(); got != c.y {
				t.Errorf("got %s; want %s", got, c.y)
			}
			if got := len(g.Trainable()); got != len(c.variables) {
				t.Errorf("there are %d variables; want %d", got, len(c.variables))
			}
			for v, want := range c.variables {
				if got := graph.SpecOf(g.Node("layer/" + v)).String(); got != want {
					t.Errorf("%s is %s; want %s", v, got, want)
				}
			}
			feeds := graph.Feeds{x: wave(1, 0, 2, 5, 6, 4).feed(tensor.Float64)}
			out := run(t, g, feeds, y, again)
			wantValues(t, out.Tensor(1), out.Tensor(0).Shape(), floats(out.Tensor(0))...)
			if err := graph.CheckGradients(g, feeds, y, append(g.Trainable(), x), graph.CheckConfig{}); err != nil {
				t.Error(err)
			}
		})
	}
}

// Of no images there are none, and every gradient is zero.
func TestConvLayersOfNone(t *testing.T) {
	for name, c := range convLayers {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			s := g.Scope()
			x := graph.Placeholder(s, "x", tensor.Float64, -1, 5, 6, 4)
			y := c.layer(s.Sub("layer"), x)
			grads := graph.Gradients(s, gorgonia.Nodes{y}, append(gorgonia.Nodes{x}, g.Trainable()...), nil)
			sess := sessionOn(t, g)
			out, err := sess.Run(graph.Feeds{x: tensor.New(tensor.WithShape(0, 5, 6, 4), tensor.Of(tensor.Float64))}, append(gorgonia.Nodes{y}, grads...)...)
			if err != nil {
				t.Fatal(err)
			}
			shape := append([]int{0}, graph.SpecOf(y).Shape[1:]...)
			wantValues(t, out.Tensor(0), shape)
			wantValues(t, out.Tensor(1), []int{0, 5, 6, 4})
			for i, v := range g.Trainable() {
				v := graph.SpecOf(v).Shape
				wantValues(t, out.Tensor(2+i), v, make([]float64, v.TotalSize())...)
			}
		})
	}
}

// In a branch a layer has the values and the gradients that it has outside; in the branch not taken it learns nothing.
func TestConvLayersInBranches(t *testing.T) {
	for name, c := range convLayers {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			s := g.Scope()
			x := graph.Placeholder(s, "x", tensor.Float64, -1, 5, 6, 4)
			pred := graph.Placeholder(s, "pred", tensor.Bool)
			outside := c.layer(s.Sub("layer"), x)
			inside := ops.Cond(s, pred,
				func(s *graph.Scope) *gorgonia.Node { return c.layer(g.Scope().Sub("layer").Reuse(), x) },
				func(s *graph.Scope) *gorgonia.Node { return graph.ZerosLike(s, outside) })
			both := append(graph.Gradients(s, gorgonia.Nodes{outside}, g.Trainable(), nil), graph.Gradients(s, gorgonia.Nodes{inside}, g.Trainable(), nil)...)
			sess := sessionOn(t, g)
			for _, taken := range []bool{true, false} {
				out, err := sess.Run(graph.Feeds{x: wave(1, 0, 2, 5, 6, 4).feed(tensor.Float64), pred: taken}, append(both, outside, inside)...)
				if err != nil {
					t.Fatal(err)
				}
				n := len(both) / 2
				for i := range n + 1 {
					a, b := i, n+i
					if i == n {
						a, b = 2*n, 2*n+1
					}
					want := floats(out.Tensor(a))
					if !taken {
						clear(want)
					}
					wantValues(t, out.Tensor(b), out.Tensor(a).Shape(), want...)
				}
			}
		})
	}
}

// The fans of a kernel count its whole window.
func TestConv2DInitialValues(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	ops.Conv2D(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float64, -1, 8, 8, 10), 20, [2]int{5, 5}, ops.Conv2DConfig{})
	v, err := sessionOn(t, g).Values(g.Node("kernel"), g.Node("bias"))
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, v[1], []int{20}, make([]float64, 20)...)
	const limit = 0.08944271909999159 // sqrt(6 / (25*10 + 25*20))
	largest := 0.0
	for _, w := range floats(v[0]) {
		largest = max(largest, w, -w)
	}
	if largest > limit || largest < 0.99*limit {
		t.Errorf("the largest weight is %v; want Glorot's uniform draws within %v", largest, limit)
	}
}

func TestConv2DRegularizerAndConstraint(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 3, 3, 1)
	ops.Conv2D(s.Sub("a"), x, 2, [2]int{1, 2}, ops.Conv2DConfig{
		Kernel: initializers.Constant([]float64{1, -2, 3, -4}), KernelRegularizer: ops.L1(.5), KernelConstraint: ops.NonNeg()})
	ops.SeparableConv2D(s.Sub("b"), x, 2, [2]int{1, 1}, ops.SeparableConv2DConfig{
		DepthwiseKernel: initializers.Ones(), PointwiseKernel: initializers.Ones(), KernelRegularizer: ops.L1(1)})
	losses := g.Collection(graph.RegularizationLosses)
	wantNames(t, g, losses, "a/kernel/Regularizer/l1_regularizer", "b/depthwise_kernel/Regularizer/l1_regularizer", "b/pointwise_kernel/Regularizer/l1_regularizer")
	out := run(t, g, nil, losses...)
	near(t, "the losses", []float64{out.Float(0), out.Float(1), out.Float(2)}, 1e-6, 5, 1, 2)
	if g.ConstraintOf(g.Node("a/kernel")) == nil {
		t.Error("the constraint is lost")
	}
}

func TestConvLayerErrors(t *testing.T) {
	image := func(s *graph.Scope) *gorgonia.Node { return graph.Placeholder(s, "x", tensor.Float32, -1, 5, 6, 4) }
	size := [2]int{3, 3}
	for _, c := range []struct {
		name  string
		build func(s *graph.Scope) *gorgonia.Node
		words []string
	}{
		{"nil", func(s *graph.Scope) *gorgonia.Node { return ops.Conv2D(s, nil, 1, size, ops.Conv2DConfig{}) }, []string{"Conv2D", "x is nil"}},
		{"filters", func(s *graph.Scope) *gorgonia.Node { return ops.Conv2D(s, image(s), 0, size, ops.Conv2DConfig{}) }, []string{"filters is 0"}},
		{"size", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv2D(s, image(s), 1, [2]int{3, 0}, ops.Conv2DConfig{})
		}, []string{"[3 0]", "positive"}},
		{"too large", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv2D(s, image(s), 1, [2]int{6, 3}, ops.Conv2DConfig{})
		}, []string{"Conv2D", "height of the window is 6", "the 5 of the image"}},
		{"strides", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv2D(s, image(s), 1, size, ops.Conv2DConfig{Strides: [2]int{-1, 1}})
		}, []string{"Strides is [-1 1]"}},
		{"groups", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv2D(s, image(s), 6, size, ops.Conv2DConfig{Groups: 3})
		}, []string{"4 channels", "3 groups"}},
		{"format", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv2D(s, image(s), 6, size, ops.Conv2DConfig{DataFormat: -1})
		}, []string{"DataFormat(-1)"}},
		{"rank", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv2D(s, graph.Placeholder(s, "x", tensor.Float32, -1, 5, 6), 6, size, ops.Conv2DConfig{DataFormat: ops.ChannelsFirst})
		}, []string{"float32[?, 5, 6]", "[batch, channels, height, width]"}},
		{"unknown channels", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv2D(s, graph.Placeholder(s, "x", tensor.Float32, -1, 5, 6, -1), 6, size, ops.Conv2DConfig{})
		}, []string{"float32[?, 5, 6, ?]", "channels must be known"}},
		{"integers", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv2D(s, graph.Placeholder(s, "x", tensor.Uint8, -1, 5, 6, 1), 6, size, ops.Conv2DConfig{})
		}, []string{"uint8[?, 5, 6, 1]", "ops.Cast"}},
		{"sequence", func(s *graph.Scope) *gorgonia.Node { return ops.Conv1D(s, image(s), 1, 3, ops.Conv1DConfig{}) }, []string{"Conv1D", "[batch, length, channels]"}},
		{"sequence stride", func(s *graph.Scope) *gorgonia.Node {
			return ops.Conv1D(s, graph.Placeholder(s, "x", tensor.Float32, -1, 5, 6), 1, 3, ops.Conv1DConfig{Stride: -2})
		}, []string{"Conv1D", "Strides is [-2"}},
		{"multiplier", func(s *graph.Scope) *gorgonia.Node {
			return ops.DepthwiseConv2D(s, image(s), size, ops.DepthwiseConv2DConfig{Multiplier: -2})
		}, []string{"Multiplier is -2"}},
		{"output padding", func(s *graph.Scope) *gorgonia.Node {
			return ops.ConvTranspose2D(s, image(s), 1, size, ops.ConvTranspose2DConfig{OutputPadding: [2]int{0, 1}})
		}, []string{"OutputPadding is [0 1]", "less than the strides, [1 1]"}},
		{"output padding and Same", func(s *graph.Scope) *gorgonia.Node {
			return ops.ConvTranspose2D(s, image(s), 1, size, ops.ConvTranspose2DConfig{Strides: [2]int{2, 2}, OutputPadding: [2]int{0, 1}, Padding: ops.Same})
		}, []string{"OutputPadding", "SAME"}},
		{"transposed pads", func(s *graph.Scope) *gorgonia.Node {
			return ops.ConvTranspose2D(s, image(s), 1, size, ops.ConvTranspose2DConfig{Pads: [2][2]int{{4, 4}, {0, 0}}})
		}, []string{"float32[?, 5, 6, 4]", "height of the result", "pads"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantLayerError(t, c.build, c.words...) })
	}
}
