package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestGroupNormGolden(t *testing.T) {
	checkChannelNormGolden(t, "GroupNorm", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, gamma, beta graph.Initializer, format ops.DataFormat) *gorgonia.Node {
		return ops.GroupNorm(s, x, ops.GroupNormConfig{Groups: int(c.Param("groups")), Epsilon: c.Param("epsilon"), Gamma: gamma, Beta: beta, DataFormat: format})
	})
}

// checkChannelNormGolden compares a layer with gamma and beta with PyTorch, in both
// layouts.
func checkChannelNormGolden(t *testing.T, op string,
	layer func(s *graph.Scope, x *gorgonia.Node, c golden.Case, gamma, beta graph.Initializer, format ops.DataFormat) *gorgonia.Node) {
	for _, c := range golden.Cases(t, "imagenorms", op) {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, format := range formats {
				t.Run(fmt.Sprintf("%s/%v/%v", c.Name, dtype, format), func(t *testing.T) {
					g := graph.New(graph.Config{Dtype: dtype})
					s := g.Scope()
					feeds := graph.Feeds{}
					x := graph.Placeholder(s, "x", dtype, -1, c.In("x").Shape[1], -1, -1)
					feeds[x] = values{c.In("x").Shape, c.In("x").Data}.feed(dtype)
					dy := input(s, feeds, "dy", dtype, values{c.In("dy").Shape, c.In("dy").Data}, true)
					constant := func(name string) graph.Initializer {
						return initializers.Constant(values{c.In(name).Shape, c.In(name).Data}.feed(dtype))
					}
					y := inNCHW(s, x, format, func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
						return layer(s.Sub("norm"), x, c, constant("gamma"), constant("beta"), format)
					})
					xs := gorgonia.Nodes{x, g.Node("norm/gamma"), g.Node("norm/beta")}
					out := run(t, g, feeds, append(graph.Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{dy}), y)...)
					rtol, atol := 4e-6, 3e-6
					if dtype == tensor.Float64 {
						rtol, atol = 1e-11, 1e-11
					}
					for i, name := range []string{"dx", "dgamma", "dbeta", "y"} {
						if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					}
				})
			}
		}
	}
}

// First and second derivatives, also of tensors that are no images.
func TestGroupNormGradients(t *testing.T) {
	for _, shape := range [][]int{{2, 4, 2, 3}, {3, 4}, {2, 4, 3}} {
		for _, format := range formats {
			g := graph.New(graph.Config{Dtype: tensor.Float64})
			s := g.Scope()
			feeds := graph.Feeds{}
			at := 1
			if format == ops.ChannelsLast {
				shape = append(append([]int{shape[0]}, shape[2:]...), shape[1])
				at = len(shape) - 1
			}
			sizes := make([]int, len(shape))
			for i := range sizes {
				sizes[i] = graph.Unknown
			}
			sizes[at] = shape[at]
			x := graph.Placeholder(s, "x", tensor.Float64, sizes...)
			feeds[x] = wave(2, 0.3, shape...).feed(tensor.Float64)
			y := ops.GroupNorm(s.Sub("norm"), x, ops.GroupNormConfig{Groups: 2, Epsilon: 0.01, DataFormat: format,
				Gamma: initializers.RandomUniform(0.5, 2), Beta: initializers.RandomUniform(-1, 1)})
			twiceDifferentiable(t, g, feeds, y, gorgonia.Nodes{x, g.Node("norm/gamma"), g.Node("norm/beta")})
			if format == ops.ChannelsLast {
				shape = append([]int{shape[0], shape[at]}, shape[1:at]...)
			}
		}
	}
}

func groupNormBy(cfg ops.GroupNormConfig) imageOp {
	return func(s *graph.Scope, x *gorgonia.Node, format ops.DataFormat) *gorgonia.Node {
		cfg.DataFormat = format
		return ops.GroupNorm(s.Sub("norm"), x, cfg)
	}
}

func TestGroupNormKernels(t *testing.T) {
	checkImageKernels(t, groupNormBy(ops.GroupNormConfig{Groups: 4}))
	checkEmptyBatch(t, groupNormBy(ops.GroupNormConfig{Groups: 2}))
}

// Equal elements give beta, a NaN spoils its own group only, and there are 32
// groups unless the config says otherwise.
func TestGroupNormSpecialValues(t *testing.T) {
	g := graph.New(graph.Config{Dtype: tensor.Float64})
	s := g.Scope()
	x := graph.Const(s, tensor.New(tensor.WithShape(1, 2, 4), tensor.WithBacking([]float64{7, 7, 1, 2, 7, 7, math.NaN(), 4})))
	y := ops.GroupNorm(s.Sub("a"), x, ops.GroupNormConfig{Groups: 2, Beta: initializers.Constant(0.5)})
	wantValues(t, run(t, g, nil, y).Tensor(0), []int{1, 2, 4}, 0.5, 0.5, math.NaN(), math.NaN(), 0.5, 0.5, math.NaN(), math.NaN())

	x = graph.Const(s, tensor.New(tensor.WithShape(1, 1, 64), tensor.WithBacking(wave(1, 0, 64).data)))
	out := run(t, g, nil, ops.GroupNorm(s.Sub("b"), x, ops.GroupNormConfig{}), ops.GroupNorm(s.Sub("c"), x, ops.GroupNormConfig{Groups: 32, Epsilon: 1e-6}))
	wantValues(t, out.Tensor(0), []int{1, 1, 64}, floats(out.Tensor(1))...)
}

func TestGroupNormVariables(t *testing.T) {
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 8, 8, 6)
	ops.GroupNorm(g.Scope().Sub("a"), x, ops.GroupNormConfig{Groups: 3})
	ops.GroupNorm(g.Scope().Sub("b"), x, ops.GroupNormConfig{Groups: 3, NoScale: true, NotTrainable: true})
	ops.InstanceNorm(g.Scope().Sub("c"), x, ops.InstanceNormConfig{NoScale: true, NoCenter: true})
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	if got := fmt.Sprint(len(g.Trainable()), len(g.ModelVariables())); got != "2 3" {
		t.Errorf("trainable and model variables: %s; want 2 3", got)
	}
}

func TestGroupNormBadInput(t *testing.T) {
	layer := func(dtype tensor.Dtype, cfg ops.GroupNormConfig, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.GroupNorm(s, graph.Placeholder(s, "x", dtype, shape...), cfg)
		}
	}
	wantLayerError(t, layer(tensor.Float32, ops.GroupNormConfig{}, -1, 4, 4, 48), "Groups is 32", "divisor of the number of channels, 48")
	wantLayerError(t, layer(tensor.Float32, ops.GroupNormConfig{Groups: -1}, -1, 4, 4, 48), "Groups is -1")
	wantLayerError(t, layer(tensor.Float32, ops.GroupNormConfig{Groups: 2}, -1, 4, 4, -1), "must be known", "axis 3 in channels_last")
	wantLayerError(t, layer(tensor.Float32, ops.GroupNormConfig{Groups: 2, DataFormat: ops.ChannelsFirst}, -1, 3, 4, 4), "channels, 3")
	wantLayerError(t, layer(tensor.Float32, ops.GroupNormConfig{Groups: 2, Epsilon: -1}, -1, 4, 4, 4), "Epsilon is -1")
	wantLayerError(t, layer(tensor.Float32, ops.GroupNormConfig{DataFormat: 3}, -1, 4), "DataFormat(3)")
	wantLayerError(t, layer(tensor.Float32, ops.GroupNormConfig{}, 4), "[batch, ..., channels]")
	wantLayerError(t, layer(tensor.Int32, ops.GroupNormConfig{}, -1, 4), "want float32 or float64")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node { return ops.InstanceNorm(s, nil, ops.InstanceNormConfig{}) }, "x is nil")
}

func BenchmarkGroupNorm(b *testing.B) {
	benchImageOp(b, groupNormBy(ops.GroupNormConfig{}), 64, 28, 28, 32)
}
