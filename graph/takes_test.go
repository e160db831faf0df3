package graph

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// twice is 2*x, whose kernel can add a row and rectify by itself, and counts the elements to which it did that.
type twice struct{ rows, rectified int }

func (w *twice) of(s *Scope, x *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:  "Twice",
		Infer: SameAs,
		Kernel: func(b *Binding) (Kernel, error) {
			b.Finishes()
			b.TakesRow()
			b.TakesRectifier()
			return func(c *Call) error {
				most, rectify := c.Rectifier()
				for i, x := range c.In[0].Float64s() {
					y := 2 * x
					if c.Row() != nil {
						w.rows++
						y += c.Row().Float64s()[i%c.Row().size]
					}
					if rectify {
						w.rectified++
						y = min(max(y, 0), most)
					}
					c.Out.Float64s()[i] = y
				}
				c.Finish(0, c.Out.size)
				return nil
			}, nil
		},
	}, x)
}

// rectify is min(max(x, 0), most).
func rectify(s *Scope, x *gorgonia.Node, most float64) *gorgonia.Node {
	d := pointwise("Rectify", func(x []float64) float64 { return min(max(x[0], 0), most) })
	bind := d.Kernel
	d.Kernel = func(b *Binding) (Kernel, error) {
		b.Rectifies(most)
		return bind(b)
	}
	return Apply(s, d, x)
}

// A kernel that TakesRow adds a vector by itself, where the vector goes along its
// own last axis too.
func TestTakesRow(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", 2, 6)
	v, w := f64(s, "v", 10, 6), f64(s, "w", 20, 3)
	var did twice
	product := did.of(s, x)
	folded := Apply(s, OpDef{
		Name:   "Fold",
		Infer:  func(in []Spec) (Spec, error) { return Spec{tensor.Float64, tensor.Shape{4, 3}}, nil },
		Alias:  AliasFirst,
		Kernel: copyKernel,
	}, product)
	sess := newSession(t, g, SessionConfig{})
	in := tensor.New(tensor.WithShape(2, 6), tensor.WithBacking([]float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}))
	for _, c := range []struct {
		y    *gorgonia.Node
		want string
		op   string
		rows int
	}{
		{scale(s, row(s, product, v), -1), "[-10 -12 -14 -16 -18 -20 -22 -24 -26 -28 -30 -32]", "Twice+Row+Scale", 12},
		{row(s, product, v), "[10 12 14 16 18 20 22 24 26 28 30 32]", "Twice+Row", 12},
		{row(s, scale(s, product, 0.5), v), "[10 11 12 13 14 15 16 17 18 19 20 21]", "Twice+Scale+Row", 0},
		{row(s, folded, w), "[20 22 24 26 28 30 32 34 36 38 40 42]", "Twice+Row", 0},
	} {
		did = twice{}
		out := mustRun(t, sess, Feeds{x: in}, c.y)
		if got := fmt.Sprint(out.Float64s(0)); got != c.want || !has(sess, c.op) || did.rows != c.rows {
			t.Errorf("%s, want %s; %d rows, want %d; steps %v", got, c.want, did.rows, c.rows, opsOf(sess))
		}
	}
}

// A kernel that TakesRectifier does the work of one that comes next, after a row, and of no other.
func TestTakesRectifier(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", 4)
	v := f64(s, "v", 1, 4)
	var did twice
	product := did.of(s, x)
	sess := newSession(t, g, SessionConfig{})
	in := tensor.New(tensor.WithShape(4), tensor.WithBacking([]float64{-2, 0, 1, 3}))
	for _, c := range []struct {
		y         *gorgonia.Node
		want      string
		op        string
		rectified int
	}{
		{rectify(s, product, math.Inf(1)), "[0 0 2 6]", "Twice+Rectify", 4},
		{rectify(s, row(s, product, v), 5), "[0 1 3 5]", "Twice+Row+Rectify", 4},
		{scale(s, rectify(s, product, 5), -1), "[-0 -0 -2 -5]", "Twice+Rectify+Scale", 4},
		{rectify(s, scale(s, product, -1), 3), "[3 0 0 0]", "Twice+Scale+Rectify", 0},
		{rectify(s, rectify(s, product, 5), 4), "[0 0 2 4]", "Twice+Rectify+Rectify", 4},
	} {
		did = twice{}
		out := mustRun(t, sess, Feeds{x: in}, c.y)
		if got := fmt.Sprint(out.Float64s(0)); got != c.want || !has(sess, c.op) || did.rectified != c.rectified {
			t.Errorf("%s, want %s; %d were rectified, want %d; steps %v", got, c.want, did.rectified, c.rectified, opsOf(sess))
		}
	}
}
