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

func TestVirtualBatchNormGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "layers2", "VirtualBatchNorm") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			for _, unknown := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%v/unknown=%v", c.Name, dtype, unknown), func(t *testing.T) {
					g := graph.New(graph.Config{Dtype: dtype})
					s := g.Scope()
					shape := append([]int(nil), c.In("x").Shape...)
					if unknown {
						shape = unknownButLast(shape)
					}
					x := graph.Placeholder(s, "x", dtype, shape...)
					feeds := graph.Feeds{x: values{c.In("x").Shape, c.In("x").Data}.feed(dtype)}
					dy := input(s, feeds, "dy", dtype, values{c.In("dy").Shape, c.In("dy").Data}, true)
					y := ops.BatchNorm(s.Sub("bn"), x, graph.Const(s, true), ops.BatchNormConfig{
						Momentum: c.Param("momentum"), Epsilon: c.Param("epsilon"), VirtualBatchSize: int(c.Param("size")),
						Gamma:          initializers.Constant(c.In("gamma").Data),
						Beta:           initializers.Constant(c.In("beta").Data),
						MovingMean:     initializers.Constant(c.In("movingMean").Data),
						MovingVariance: initializers.Constant(c.In("movingVariance").Data),
					})
					if len(g.UpdatesOf(y)) != 2 {
						t.Fatalf("there are %d updates; want 2", len(g.UpdatesOf(y)))
					}
					xs := gorgonia.Nodes{x, g.Node("bn/gamma"), g.Node("bn/beta")}
					fetches := append(graph.Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{dy}), y)
					sess := sessionOn(t, g)
					out, err := sess.Run(feeds, append(fetches, g.UpdatesOf(y)...)...)
					if err != nil {
						t.Fatal(err)
					}
					rtol, atol := 4e-6, 4e-6
					if dtype == tensor.Float64 {
						rtol, atol = 1e-11, 1e-11
					}
					for i, name := range []string{"dx", "dgamma", "dbeta", "y"} {
						if err := golden.Close(out.Tensor(i), c.Out(name), rtol, atol); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					}
					for variable, name := range map[string]string{"moving_mean": "newMovingMean", "moving_variance": "newMovingVariance"} {
						v, err := sess.Value(g.Node("bn/" + variable))
						if err != nil {
							t.Fatal(err)
						}
						if err := golden.Close(v, c.Out(name), rtol, atol); err != nil {
							t.Errorf("%s: %v", name, err)
						}
					}
				})
			}
		}
	}
}

func TestVirtualBatchNormGradients(t *testing.T) {
	for _, shape := range [][]int{{6, 3}, {4, 2, 3}, {4, 2, 1, 2}} {
		for _, unknown := range []bool{false, true} {
			g := graph.New(graph.Config{Dtype: tensor.Float64, Seed: 4})
			s := g.Scope()
			declared := shape
			if unknown {
				declared = unknownButLast(shape)
			}
			x := graph.Placeholder(s, "x", tensor.Float64, declared...)
			y := ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{
				VirtualBatchSize: 2, Gamma: initializers.RandomUniform(.5, 1.5), Beta: initializers.RandomNormal(0, 1)})
			if got := graph.SpecOf(y); got.String() != graph.SpecOf(x).String() && !unknown {
				t.Errorf("%v gives %v", graph.SpecOf(x), got)
			}
			feeds := graph.Feeds{x: wave(1.3, .2, shape...).feed(tensor.Float64)}
			twiceDifferentiable(t, g, feeds, y, gorgonia.Nodes{x, g.Node("gamma"), g.Node("beta")})
		}
	}
}

// Virtual batches count in training only: inference takes any batch.
func TestVirtualBatchNormInference(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	training := graph.PlaceholderWithDefault(s, "training", false)
	y := ops.BatchNorm(s, x, training, ops.BatchNormConfig{VirtualBatchSize: 4, Epsilon: graph.Zero})
	sess := sessionOn(t, g)
	out, err := sess.Run(graph.Feeds{x: []float32{1, 2, 3, 4, 5, 6}}, append(gorgonia.Nodes{y}, g.UpdatesOf(y)...)...)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "inference", floats(out.Tensor(0)), 1e-6, 1, 2, 3, 4, 5, 6)
	_, err = sess.Run(graph.Feeds{x: []float32{1, 2, 3, 4, 5, 6}, training: true}, y)
	if err == nil {
		t.Fatal("a batch of 3 was cut into virtual batches of 4")
	}
	holds(t, err.Error(), []string{"VirtualBatches", "float32[3, 2]", "multiple of VirtualBatchSize, 4"})
	// An empty batch is one of no virtual batches, and moves nothing.
	empty := tensor.New(tensor.WithShape(0, 2), tensor.WithBacking([]float32{}))
	dx := graph.Gradients(s, gorgonia.Nodes{y}, gorgonia.Nodes{x, g.Node("gamma")}, nil)
	out, err = sess.Run(graph.Feeds{x: empty, training: true}, append(append(gorgonia.Nodes{y}, dx...), g.UpdatesOf(y)...)...)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Tensor(0).Shape(); got[0] != 0 || got[1] != 2 {
		t.Errorf("an empty batch gives %v", got)
	}
	wantValues(t, out.Tensor(2), []int{2}, 0, 0)
	mean, variance := moving(t, sess, "")
	near(t, "the moving mean", mean, 0, 0, 0)
	near(t, "the moving variance", variance, 0, 1, 1)
}

func TestVirtualBatchNormErrors(t *testing.T) {
	layer := func(size int, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.BatchNorm(s, graph.Placeholder(s, "x", tensor.Float32, shape...), graph.Const(s, true), ops.BatchNormConfig{VirtualBatchSize: size})
		}
	}
	wantLayerError(t, layer(-2, -1, 3), "VirtualBatchSize is -2")
	wantLayerError(t, layer(4, 6, 3), "float32[6, 3]", "multiple of VirtualBatchSize, 4")
}
