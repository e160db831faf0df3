package ops_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// noises lists the layers that act in training only.
var noises = map[string]func(s *graph.Scope, x *gorgonia.Node, strength float64, training *gorgonia.Node) *gorgonia.Node{
	"Dropout": ops.Dropout, "AlphaDropout": ops.AlphaDropout, "GaussianNoise": ops.GaussianNoise, "GaussianDropout": ops.GaussianDropout,
}

// Without training, or without strength, they give x to the bit and draw
// nothing; each training Run draws anew, and the same seed repeats it.
func TestNoiseActsInTrainingOnly(t *testing.T) {
	for name, layer := range noises {
		t.Run(name, func(t *testing.T) {
			g := graph.New(graph.Config{Seed: 9})
			s := g.Scope()
			x := graph.Placeholder(s, "x", tensor.Float32, -1, 2)
			training := graph.PlaceholderWithDefault(s, "training", false)
			y := layer(s.Sub("on"), x, .3, training)
			quiet := gorgonia.Nodes{
				layer(s.Sub("nil"), x, .3, nil),
				layer(s.Sub("none"), x, 0, graph.Const(s, true)),
				layer(s.Sub("false"), x, .3, graph.Const(s, false)),
			}
			in := []float32{1, -2, 3, 4, float32(math.Inf(1)), 0}
			sess := sessionOn(t, g)
			draw := func(sess *graph.Session, on bool) string {
				t.Helper()
				out, err := sess.Run(graph.Feeds{x: in, training: on}, append(quiet, y)...)
				if err != nil {
					t.Fatal(err)
				}
				for k := range quiet {
					if fmt.Sprint(out.Float32s(k)) != fmt.Sprint(in) {
						t.Errorf("form %d gives %v; want %v", k, out.Float32s(k), in)
					}
				}
				return fmt.Sprint(out.Float32s(len(quiet)))
			}
			if got := draw(sess, false); got != fmt.Sprint(in) {
				t.Errorf("without training it gives %v; want %v", got, in)
			}
			first := draw(sess, true)
			if first == fmt.Sprint(in) || first == draw(sess, true) {
				t.Errorf("training Runs give %v", first)
			}
			if again := draw(sessionOn(t, g), true); again != first {
				t.Errorf("the same seed gives %v, then %v", first, again)
			}
		})
	}
}

func TestNoiseErrors(t *testing.T) {
	for name, layer := range noises {
		build := func(dtype tensor.Dtype, strength float64, training func(s *graph.Scope) *gorgonia.Node) func(s *graph.Scope) {
			return func(s *graph.Scope) { layer(s, graph.Placeholder(s, "x", dtype, -1), strength, training(s)) }
		}
		never := func(*graph.Scope) *gorgonia.Node { return nil }
		wantBuildError(t, build(tensor.Int, .5, never), name, "int[?]", "ops.Cast")
		wantBuildError(t, build(tensor.Float32, -.5, never), name, "is -0.5", "float32[?]")
		wantBuildError(t, build(tensor.Float32, math.NaN(), never), name, "is NaN")
		wantBuildError(t, build(tensor.Float32, math.Inf(1), never), name, "is +Inf")
		wantBuildError(t, build(tensor.Float32, .5, func(s *graph.Scope) *gorgonia.Node { return graph.Const(s, 1.0) }), name,
			"training is float32[]", "scalar bool")
		wantBuildError(t, func(s *graph.Scope) { layer(s, nil, .5, nil) }, name, "x is nil")
	}
}
