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

// Several training steps: the corrections come from the statistics before the
// step, which then move.
func TestBatchRenormGolden(t *testing.T) {
	for _, c := range golden.Cases(t, "layers2", "BatchRenorm") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) {
				g := graph.New(graph.Config{Dtype: dtype})
				s := g.Scope()
				shape := append([]int{-1}, c.In("x").Shape[2:]...)
				x := graph.Placeholder(s, "x", dtype, shape...)
				dy := graph.Placeholder(s, "dy", dtype, shape...)
				bound := func(name string) *gorgonia.Node {
					if v, ok := c.Params[name]; ok {
						return graph.Const(s, float64(v))
					}
					return nil
				}
				y := ops.BatchNorm(s.Sub("bn"), x, graph.Const(s, true), ops.BatchNormConfig{
					Momentum: c.Param("momentum"), Epsilon: c.Param("epsilon"),
					Gamma:          initializers.Constant(c.In("gamma").Data),
					Beta:           initializers.Constant(c.In("beta").Data),
					MovingMean:     initializers.Constant(c.In("movingMean").Data),
					MovingVariance: initializers.Constant(c.In("movingVariance").Data),
					Renorm:         true, RenormMomentum: c.Param("renormMomentum"),
					RenormClipping: ops.RenormClipping{RMin: bound("rMin"), RMax: bound("rMax"), DMax: bound("dMax")},
				})
				if n := len(g.UpdatesOf(y)); n != 4 {
					t.Fatalf("there are %d updates; want 4", n)
				}
				xs := gorgonia.Nodes{x, g.Node("bn/gamma"), g.Node("bn/beta")}
				fetches := append(graph.Gradients(s, gorgonia.Nodes{y}, xs, gorgonia.Nodes{dy}), y)
				sess := sessionOn(t, g)
				for variable, name := range map[string]string{"bn/renorm_mean": "renormMean", "bn/renorm_stddev": "renormStddev"} {
					v := values{c.In(name).Shape, c.In(name).Data}.feed(dtype).(*tensor.Dense)
					if err := sess.SetValue(g.Node(variable), v); err != nil {
						t.Fatal(err)
					}
				}
				rtol, atol := 6e-6, 6e-6
				if dtype == tensor.Float64 {
					rtol, atol = 1e-11, 1e-11
				}
				for step := range c.In("x").Shape[0] {
					row := func(a golden.Array) interface{} { return values{a.Row(step).Shape, a.Row(step).Data}.feed(dtype) }
					out, err := sess.Run(graph.Feeds{x: row(c.In("x")), dy: row(c.In("dy"))}, append(fetches, g.UpdatesOf(y)...)...)
					if err != nil {
						t.Fatal(err)
					}
					for i, name := range []string{"dx", "dgammas", "dbetas", "y"} {
						if err := golden.Close(out.Tensor(i), c.Out(name).Row(step), rtol, atol); err != nil {
							t.Errorf("step %d, %s: %v", step, name, err)
						}
					}
				}
				for variable, name := range map[string]string{"moving_mean": "newMovingMean", "moving_variance": "newMovingVariance",
					"renorm_mean": "newRenormMean", "renorm_stddev": "newRenormStddev"} {
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

// The variables beside those of plain batch normalisation, and where they begin.
func TestBatchRenormVariables(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
	ops.BatchNorm(s.Sub("bn"), x, graph.Const(s, true), ops.BatchNormConfig{Renorm: true,
		MovingMean: initializers.Constant([]float32{3, -1}), MovingVariance: initializers.Constant([]float32{4, 9})})
	wantNames(t, g, g.Trainable(), "bn/gamma", "bn/beta")
	wantNames(t, g, g.ModelVariables(), "bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance", "bn/renorm_mean", "bn/renorm_stddev")
	v, err := sessionOn(t, g).Values(g.Node("bn/renorm_mean"), g.Node("bn/renorm_stddev"))
	if err != nil {
		t.Fatal(err)
	}
	wantValues(t, v[0], []int{2}, 3, -1)
	wantValues(t, v[1], []int{2}, 2, 3)
}

// With r held at 1 and d at 0 it is batch normalisation; without training it is
// plain inference and moves nothing.
func TestBatchRenormIsBatchNormWhenClipped(t *testing.T) {
	for _, training := range []bool{true, false} {
		for _, size := range []int{0, 2} {
			g := graph.New(graph.Config{Dtype: tensor.Float64, Seed: 2})
			s := g.Scope()
			x := graph.Placeholder(s, "x", tensor.Float64, -1, 3)
			on := graph.PlaceholderWithDefault(s, "training", false)
			cfg := ops.BatchNormConfig{VirtualBatchSize: size, MovingMean: initializers.RandomNormal(0, 1), MovingVariance: initializers.RandomUniform(1, 2)}
			held := cfg
			held.Renorm = true
			one := graph.Const(s, 1.0)
			held.RenormClipping = ops.RenormClipping{RMin: one, RMax: one, DMax: graph.ConstOf(s, tensor.Float32, 0.0)}
			renorm := ops.BatchNorm(s.Sub("bn"), x, on, held)
			plain := ops.BatchNorm(s.Sub("bn").Reuse(), x, on, cfg)
			sess := sessionOn(t, g)
			before, err := sess.Values(g.Variables()...)
			if err != nil {
				t.Fatal(err)
			}
			out, err := sess.Run(graph.Feeds{x: wave(2, 1, 6, 3).feed(tensor.Float64), on: training}, append(gorgonia.Nodes{plain, renorm}, g.UpdatesOf(renorm)...)...)
			if err != nil {
				t.Fatal(err)
			}
			near(t, fmt.Sprint("renorm in training ", training), floats(out.Tensor(1)), 1e-14, floats(out.Tensor(0))...)
			after, err := sess.Values(g.Variables()...)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range g.Variables() {
				trained := g.NameOf(v) != "bn/gamma" && g.NameOf(v) != "bn/beta" && training
				if moved := fmt.Sprint(before[i].Data()) != fmt.Sprint(after[i].Data()); moved != trained {
					t.Errorf("training %v: %s moved: %v", training, g.NameOf(v), moved)
				}
			}
		}
	}
}

// The corrections are constants to the gradient, so finite differences see its
// value only where they are held by clipping; elsewhere the golden values speak.
func TestBatchRenormGradients(t *testing.T) {
	for _, size := range []int{0, 3} {
		g := graph.New(graph.Config{Dtype: tensor.Float64, Seed: 4})
		s := g.Scope()
		x := graph.Placeholder(s, "x", tensor.Float64, -1, 3)
		y := ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{
			Gamma: initializers.RandomUniform(.5, 1.5), Beta: initializers.RandomNormal(0, 1),
			MovingVariance: initializers.Constant(100.0), MovingMean: initializers.Constant(-50.0), VirtualBatchSize: size,
			Renorm: true, RenormClipping: ops.RenormClipping{RMin: graph.Const(s, 0.5), DMax: graph.Const(s, 0.25)},
		})
		feeds := graph.Feeds{x: wave(1.3, .2, 6, 3).feed(tensor.Float64)}
		twiceDifferentiable(t, g, feeds, y, gorgonia.Nodes{x, g.Node("gamma"), g.Node("beta")})
	}
}

// A bound may follow the step.
func TestBatchRenormScheduledClipping(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 1)
	dMax := graph.Placeholder(s, "dmax", tensor.Float32)
	y := ops.BatchNorm(s, x, graph.Const(s, true), ops.BatchNormConfig{Renorm: true, Epsilon: 1e-12,
		RenormClipping: ops.RenormClipping{RMax: graph.Const(s, 1.0), DMax: dMax}})
	sess := sessionOn(t, g)
	for _, d := range []float64{0, 1, 5} {
		out, err := sess.Run(graph.Feeds{x: []float32{98, 102}, dMax: d}, y) // mean 100, stddev 2
		if err != nil {
			t.Fatal(err)
		}
		near(t, "y", floats(out.Tensor(0)), 1e-6, -1+d, 1+d)
	}
}

func TestBatchRenormErrors(t *testing.T) {
	layer := func(cfg func(s *graph.Scope) ops.BatchNormConfig) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return ops.BatchNorm(s, graph.Placeholder(s, "x", tensor.Float32, -1, 3), graph.Const(s, true), cfg(s))
		}
	}
	for name, c := range map[string]struct {
		cfg   func(s *graph.Scope) ops.BatchNormConfig
		words []string
	}{
		"momentum": {func(s *graph.Scope) ops.BatchNormConfig {
			return ops.BatchNormConfig{Renorm: true, RenormMomentum: math.NaN()}
		}, []string{"RenormMomentum is NaN"}},
		"vector bound": {func(s *graph.Scope) ops.BatchNormConfig {
			return ops.BatchNormConfig{Renorm: true, RenormClipping: ops.RenormClipping{DMax: graph.Const(s, []float64{1, 2})}}
		}, []string{"RenormClipping.DMax is float32[2]", "scalar"}},
		"integer bound": {func(s *graph.Scope) ops.BatchNormConfig {
			return ops.BatchNormConfig{Renorm: true, RenormClipping: ops.RenormClipping{RMax: graph.Const(s, 3)}}
		}, []string{"RenormClipping.RMax is int[]", "float32 or float64"}},
		"without Renorm": {func(s *graph.Scope) ops.BatchNormConfig {
			return ops.BatchNormConfig{RenormClipping: ops.RenormClipping{RMax: graph.Const(s, 3.0)}}
		}, []string{"without Renorm"}},
	} {
		t.Run(name, func(t *testing.T) { wantLayerError(t, layer(c.cfg), c.words...) })
	}
}
