package graph

import (
	"testing"

	"gorgonia.org/tensor"
)

// A float32 kernel and a shape rule make an op, whatever the size.
func TestElementwise(t *testing.T) {
	def := OpDef{
		Name:  "Twice",
		Infer: SameFloat,
		Kernel: Elementwise(func(out, x []float32) {
			for i, v := range x {
				out[i] = 2 * v
			}
		}, nil),
		InPlace: []int{0},
	}
	for _, n := range []int{0, 1, 3 * pointwiseGrain} {
		g := New(Config{})
		x := Placeholder(g.Scope(), "x", tensor.Float32, -1)
		in := make([]float32, n)
		for i := range in {
			in[i] = float32(i)
		}
		out := mustRun(t, newSession(t, g, SessionConfig{}), Feeds{x: in}, Apply(g.Scope(), def, x))
		for i, v := range out.Float32s(0) {
			if v != float32(2*i) {
				t.Fatalf("%d elements: element %d is %v", n, i, v)
			}
		}
	}

	g := New(Config{})
	x := double(g.Scope(), "x")
	_, err := newSession(t, g, SessionConfig{}).Run(Feeds{x: 1}, Apply(g.Scope(), def, x))
	wantError(t, err, "Twice", "no kernel for float64")

	g = New(Config{})
	Apply(g.Scope().Sub("net"), def, Placeholder(g.Scope(), "x", tensor.Int64, -1))
	wantError(t, g.Err(), "net/Twice", "int64[?]", "want float32 or float64")
	g = New(Config{})
	Apply(g.Scope(), def)
	wantError(t, g.Err(), "takes one input, but 0 came")
}
