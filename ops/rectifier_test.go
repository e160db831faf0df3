package ops_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// A product that rectifies its value gives the bits of a rectifier behind it, NaN and
// infinities included, forwards and in training.
func TestRectifierInProducts(t *testing.T) {
	rectifiers := map[string]func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node{"relu": ops.ReLU, "relu6": ops.ReLU6}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, c := range foldable {
			for name, rectify := range rectifiers {
				t.Run(fmt.Sprint(c.name, " ", name, " ", dtype), func(t *testing.T) {
					g := graph.New(graph.Config{Seed: 3})
					s := g.Scope()
					x := graph.Placeholder(s, "x", dtype, append([]int{-1}, c.in...)...)
					y := rectify(s, c.layer(s.Sub("layer"), x))
					dx := graph.Gradients(s, gorgonia.Nodes{ops.Sum(s, ops.Square(s, y))}, gorgonia.Nodes{x}, nil)[0]
					fused, plain := session(t, g, graph.SessionConfig{}), session(t, g, graph.SessionConfig{NoFusion: true})
					batch := normal(rand.New(rand.NewPCG(6, 2)), dtype, append([]int{3}, c.in...)...)
					special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e30, math.Copysign(0, -1), 9}
					check := func(when string) {
						t.Helper()
						feeds := graph.Feeds{x: batch}
						for _, fetch := range []*gorgonia.Node{y, dx} {
							got, want := runIn(t, fused, feeds, fetch), runIn(t, plain, feeds, fetch)
							for i, v := range got {
								if fmt.Sprintf("%b", v) != fmt.Sprintf("%b", want[i]) { // any NaN is NaN
									t.Fatalf("%s: element %d of %v is %v; without fusion %v", when, i, fetch, v, want[i])
								}
							}
						}
					}
					check("normal values")
					for i, v := range special {
						if at := i * 7; dtype == tensor.Float32 {
							batch.Float32s()[at] = float32(v)
						} else {
							batch.Float64s()[at] = v
						}
					}
					check("special values")
				})
			}
		}
	}
}
