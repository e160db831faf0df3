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

func TestConstraintsGolden(t *testing.T) {
	for op, constraint := range map[string]func(c golden.Case) graph.Constraint{
		"UnitNorm": func(c golden.Case) graph.Constraint { return ops.UnitNorm(c.Axes...) },
		"NonNeg":   func(golden.Case) graph.Constraint { return ops.NonNeg() },
		"MinMaxNorm": func(c golden.Case) graph.Constraint {
			return ops.MinMaxNorm(c.Param("lo"), c.Param("hi"), c.Param("rate"), c.Axes...)
		},
	} {
		for _, c := range golden.Cases(t, "regularizers", op) {
			for dtype, rtol := range map[tensor.Dtype]float64{tensor.Float32: 1e-6, tensor.Float64: 1e-14} {
				g := graph.New(graph.Config{Dtype: dtype})
				feeds := graph.Feeds{}
				w := input(g.Scope(), feeds, "w", dtype, values{c.In("x").Shape, c.In("x").Data}, false)
				got := run(t, g, feeds, constraint(c)(g.Scope(), w)).Tensor(0)
				if err := golden.Close(got, c.Out("y"), rtol, 0); err != nil {
					t.Errorf("%s, %v: %v", c.Name, dtype, err)
				}
			}
		}
	}
}

// Zeros stay zeros, and without axes the norms are those of the columns.
func TestConstraintsOfZeros(t *testing.T) {
	for name, constraint := range map[string]graph.Constraint{
		"UnitNorm": ops.UnitNorm(), "NonNeg": ops.NonNeg(), "MinMaxNorm": ops.MinMaxNorm(1, 1, 1),
	} {
		g := graph.New(graph.Config{Dtype: tensor.Float64})
		feeds := graph.Feeds{}
		w := input(g.Scope(), feeds, "w", tensor.Float64, at([]int{2, 2}, 0, 3, 0, 4), false)
		got := floats(run(t, g, feeds, constraint(g.Scope(), w)).Tensor(0))
		want := []float64{0, .6, 0, .8}
		if name == "NonNeg" {
			want = []float64{0, 3, 0, 4}
		}
		near(t, name, got, 1e-7, want...)
		if got[0] != 0 || got[2] != 0 {
			t.Errorf("%s makes %v of zeros", name, got)
		}
	}
}

func TestConstraintErrors(t *testing.T) {
	for want, constraint := range map[string]graph.Constraint{
		"between 2 and 1":   ops.MinMaxNorm(2, 1, 1),
		"between -1 and 1":  ops.MinMaxNorm(-1, 1, 1),
		"between NaN and 1": ops.MinMaxNorm(math.NaN(), 1, 1),
		"between 0 and 0":   ops.MinMaxNorm(0, 0, 1),
		"the rate is 1.5":   ops.MinMaxNorm(0, 1, 1.5),
		"axis 2":            ops.UnitNorm(2),
	} {
		wantLayerError(t, func(s *graph.Scope) *gorgonia.Node {
			return constraint(s, graph.Placeholder(s, "w", tensor.Float32, 3, 3))
		}, want)
	}
}
