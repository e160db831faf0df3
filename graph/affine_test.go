package graph

import (
	"fmt"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// rowProduct is x [rows, k] times w [k, columns]; it takes rows, and may read w reversed,
// as a preparation.
func rowProduct(s *Scope, x, w *gorgonia.Node, prepares bool) *gorgonia.Node {
	return Apply(s, OpDef{
		Name: "Product",
		Infer: func(in []Spec) (Spec, error) {
			return Spec{in[0].Dtype, tensor.Shape{in[0].Shape[0], in[1].Shape[1]}}, nil
		},
		Kernel: func(b *Binding) (Kernel, error) {
			b.Finishes()
			b.TakesRow()
			b.LinearIn(1)
			inner, columns := b.In[1].Shape[0], b.In[1].Shape[1]
			weight := func(c *Call, l, j int) float64 { return c.In[1].Float64s()[l*columns+j] }
			if prepares {
				k := b.Prepares(tensor.Float64, inner*columns, []int{1}, func(c *Call, prepared *Array) {
					copy(prepared.Float64s(), c.In[1].Float64s())
					slices.Reverse(prepared.Float64s())
				})
				weight = func(c *Call, l, j int) float64 { return c.Prepared[k].Float64s()[inner*columns-1-(l*columns+j)] }
			}
			return func(c *Call) error {
				for i := range c.Out.shape[0] {
					for j := range columns {
						total := 0.0
						for l := range inner {
							total += c.In[0].Float64s()[i*inner+l] * weight(c, l, j)
						}
						if row := c.Row(); row != nil {
							total += row.Float64s()[j]
						}
						c.Out.Float64s()[i*columns+j] = total
					}
				}
				c.Finish(0, c.Out.size)
				return nil
			}, nil
		},
	}, x, w)
}

// columnwise is x*(2*a) + b, a and b being vectors.
func columnwise(s *Scope, x, a, b *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:    "Columnwise",
		Infer:   SameAs,
		InPlace: []int{0},
		Kernel: func(bd *Binding) (Kernel, error) {
			bd.Finishes()
			bd.AppliesAffine(func(c *Call, scale, shift *Array) {
				for j, v := range c.In[1].Float64s() {
					scale.Float64s()[j] = 2 * v
				}
				shift.copyFrom(c.In[2])
			})
			doubled := bd.Prepares(tensor.Float64, bd.In[1].Shape[0], []int{1}, func(c *Call, prepared *Array) {
				for j, v := range c.In[1].Float64s() {
					prepared.Float64s()[j] = 2 * v
				}
			})
			return func(c *Call) error {
				n := c.In[1].size
				for i, v := range c.In[0].Float64s() {
					c.Out.Float64s()[i] = v*c.Prepared[doubled].Float64s()[i%n] + c.In[2].Float64s()[i%n]
				}
				c.Finish(0, c.Out.size)
				return nil
			}, nil
		},
	}, x, a, b)
}

// row adds a vector to every row.
func row(s *Scope, x, v *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:    "Row",
		Infer:   SameAs,
		InPlace: []int{0},
		Kernel: func(b *Binding) (Kernel, error) {
			b.AddsRow(1)
			return b.Pointwise(func(c *Call, lo, hi int) {
				for i := lo; i < hi; i++ {
					c.Out.Float64s()[i] = c.In[0].Float64s()[i] + c.In[1].Float64s()[i%c.In[1].size]
				}
			}), nil
		},
	}, x, v)
}

// An affine map of a product's columns goes into its weights where these stay: all
// numbers here are exact, so the results are equal.
func TestAffineIsAbsorbed(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	variable := func(name string, values ...float64) *gorgonia.Node {
		return Variable(s, name, tensor.Shape{len(values)}, VariableConfig{Dtype: tensor.Float64, Initializer: valueOf{constOf(t, values)}})
	}
	x := double(s, "x", -1, 3)
	w := Variable(s, "w", tensor.Shape{3, 2}, VariableConfig{Dtype: tensor.Float64, Initializer: constantly(0)})
	a, b, bias := variable("a", 2, 3), variable("b", 5, 7), variable("bias", 1, -1)
	yes := PlaceholderWithDefault(s, "yes", true)
	pred := positive(s, x)
	plus := AssignAdd(s, a, ConstOf(s, tensor.Float64, []float64{1, 1}))
	for _, prepares := range []bool{false, true} {
		product := func(s *Scope) *gorgonia.Node { return rowProduct(s, x, w, prepares) }
		p := product(s)
		mapped := columnwise(s, p, a, b)
		biased := row(s, product(s), bias)
		under, beside := s.Branch(pred, true), s.Branch(pred, false)
		for _, c := range []struct {
			what    string
			fetches gorgonia.Nodes
			feeds   Feeds
			want    string // a step
		}{
			{"alone", gorgonia.Nodes{columnwise(s, product(s), a, b)}, nil, "Product+Columnwise"},
			{"and an activation", gorgonia.Nodes{scale(s, columnwise(s, product(s), a, b), 3)}, nil, "Product+Columnwise+Scale"},
			{"behind a row", gorgonia.Nodes{scale(s, columnwise(s, biased, a, b), 3)}, nil, "Product+Row+Columnwise+Scale"},
			{"before a row", gorgonia.Nodes{row(s, columnwise(s, product(s), a, b), bias)}, nil, "Product+Columnwise+Row"},
			{"of constants", gorgonia.Nodes{columnwise(s, product(s), ConstOf(s, tensor.Float64, []float64{4, 5}), b)}, nil, "Product+Columnwise"},
			{"once only", gorgonia.Nodes{columnwise(s, columnwise(s, product(s), a, b), b, a)}, nil, "Product+Columnwise"},
			{"in a branch that is decided", gorgonia.Nodes{Merge(s, yes, columnwise(s.Branch(yes, true), product(s), a, b), scale(s.Branch(yes, false), p, 2))}, nil, "Product+Columnwise"},
			{"in one that is fed", gorgonia.Nodes{Merge(s, yes, columnwise(s.Branch(yes, true), p, a, b), columnwise(s.Branch(yes, false), p, b, a))},
				Feeds{yes: false}, "Product+Columnwise"},
			{"in one that is not", gorgonia.Nodes{Merge(s, pred, columnwise(under, product(under), a, b), columnwise(beside, product(beside), b, a))}, nil, "Product+Columnwise"},
			{"half in it", gorgonia.Nodes{Merge(s, pred, columnwise(under, p, a, b), scale(beside, p, 2))}, nil, "Columnwise"},
			{"fetched before", gorgonia.Nodes{mapped, p}, nil, "Columnwise"},
			{"read by another", gorgonia.Nodes{mapped, scale(s, p, 2)}, nil, "Columnwise"},
			{"a fed scale", gorgonia.Nodes{mapped}, Feeds{a: []float64{9, 8}}, "Columnwise"},
			{"fed weights", gorgonia.Nodes{mapped}, Feeds{w: tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))}, "Columnwise"},
			{"a fed row", gorgonia.Nodes{columnwise(s, biased, a, b)}, Feeds{bias: []float64{9, 8}}, "Columnwise"},
			{"a fed product", gorgonia.Nodes{mapped}, Feeds{p: tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{1, 2}))}, "Columnwise"},
			{"a scale that is computed", gorgonia.Nodes{columnwise(s, product(s), scale(s, a, 2), b)}, nil, "Columnwise"},
			{"behind two rows", gorgonia.Nodes{columnwise(s, row(s, row(s, product(s), bias), b), a, b)}, nil, "Columnwise"},
			{"behind something else", gorgonia.Nodes{columnwise(s, scale(s, product(s), 3), a, b)}, nil, "Columnwise"},
			{"a scale that is written", gorgonia.Nodes{mapped, plus}, nil, "Columnwise"},
			{"a scale that was written", gorgonia.Nodes{columnwise(s, product(s), plus, b)}, nil, "Columnwise"},
		} {
			folds, plain := newSession(t, g, SessionConfig{}), newSession(t, g, SessionConfig{NoFusion: true})
			for k := range 6 {
				weights := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{float64(k), 2, -3, 1, 7, 1}))
				feeds := Feeds{x: tensor.New(tensor.WithShape(1+k%2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, float64(6 + k)}[:3*(1+k%2)]))}
				for n, v := range c.feeds {
					feeds[n] = v
				}
				var got, want string
				for _, sess := range []*Session{folds, plain} {
					if k == 2 { // of the others, one after the other stays
						if err := sess.SetValue(w, weights); err != nil {
							t.Fatal(err)
						}
					}
					if k == 4 {
						if err := sess.SetValues(map[*gorgonia.Node]interface{}{a: []float64{-1, 4}, bias: []float64{3, 4}}); err != nil {
							t.Fatal(err)
						}
					}
					if k == 5 {
						if err := sess.SetValue(b, []float64{50, 60}); err != nil {
							t.Fatal(err)
						}
					}
				}
				if c.feeds[p] != nil {
					delete(feeds, x)
				}
				for i := range c.fetches {
					got += fmt.Sprint(mustRun(t, folds, feeds, c.fetches...)[i])
					want += fmt.Sprint(mustRun(t, plain, feeds, c.fetches...)[i])
				}
				if got != want {
					t.Errorf("%s, Run %d, prepares %v: %s; want %s", c.what, k, prepares, got, want)
				}
			}
			if !has(folds, c.want) {
				t.Errorf("%s, prepares %v: the steps are %v; want a %s", c.what, prepares, opsOf(folds), c.want)
			}
			if has(plain, "Product+Columnwise") {
				t.Error("NoFusion fuses")
			}
		}
	}
}

// reshaped is x in another shape, which is no work.
func reshaped(s *Scope, x *gorgonia.Node, shape ...int) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:   "Reshaped",
		Infer:  func(in []Spec) (Spec, error) { return Spec{in[0].Dtype, shape}, nil },
		Kernel: copyKernel,
		Alias:  AliasFirst,
	}, x)
}

// A map is absorbed through a view that keeps the columns, and through no other.
func TestAffineThroughViews(t *testing.T) {
	g := New(Config{})
	s := g.Scope()
	x := double(s, "x", 2, 3)
	w := f64(s, "w", 1, 3, 2)
	vector := func(name string, n int) *gorgonia.Node {
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(i + 1)
		}
		return Variable(s, name, tensor.Shape{n}, VariableConfig{Dtype: tensor.Float64, Initializer: valueOf{constOf(t, values)}})
	}
	a, b, a4, b4 := vector("a", 2), vector("b", 2), vector("a4", 4), vector("b4", 4)
	feeds := Feeds{x: tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 2, 3, 4, 5, 6}))}
	for _, prepares := range []bool{false, true} {
		for _, c := range []struct {
			what string
			y    *gorgonia.Node
			want string // a step
		}{
			{"the same columns", columnwise(s, reshaped(s, rowProduct(s, x, w, prepares), 1, 2, 2), a, b), "Product+Columnwise"},
			{"others", columnwise(s, reshaped(s, rowProduct(s, x, w, prepares), 1, 4), a4, b4), "Columnwise"},
		} {
			folds, plain := newSession(t, g, SessionConfig{}), newSession(t, g, SessionConfig{NoFusion: true})
			got, want := fmt.Sprint(mustRun(t, folds, feeds, c.y)[0]), fmt.Sprint(mustRun(t, plain, feeds, c.y)[0])
			if got != want {
				t.Errorf("%s, prepares %v: %s; want %s", c.what, prepares, got, want)
			}
			if !has(folds, c.want) {
				t.Errorf("%s, prepares %v: the steps are %v; want a %s", c.what, prepares, opsOf(folds), c.want)
			}
		}
	}
}

// Where the weights stay, a Run with absorbed maps allocates nothing.
func TestAbsorbedAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	for _, prepares := range []bool{false, true} {
		g := New(Config{})
		s := g.Scope()
		x := double(s, "x", 2, 3)
		w, a, b, bias := f64(s, "w", 1, 3, 2), f64(s, "a", 2, 2), f64(s, "b", 3, 2), f64(s, "bias", 1, 2)
		v := f64(s, "v", 0, 2, 2)
		step := Group(s, AssignAdd(s, v, scale(s, columnwise(s, row(s, rowProduct(s, x, w, prepares), bias), a, b), 2)))
		sess := newSession(t, g, SessionConfig{})
		feeds := Feeds{x: make([]float64, 6)}
		mustRun(t, sess, feeds, step)
		if n := testing.AllocsPerRun(50, func() {
			if _, err := sess.Run(feeds, step); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("prepares %v: %v allocations a Run", prepares, n)
		}
		if !has(sess, "Product+Row+Columnwise+Scale") && !has(sess, "Product+Row+Columnwise+Scale+AssignAdd") {
			t.Errorf("nothing is absorbed: %v", opsOf(sess))
		}
	}
}

// constOf is the value of a constant.
func constOf(t *testing.T, values []float64) *Array {
	a, err := arrayOfGo(values, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What is absorbed is prepared once for all batches, counted, and let go.
func TestAffinePreparationsAreShared(t *testing.T) {
	for _, prepares := range []bool{false, true} {
		g := New(Config{})
		s := g.Scope()
		x := double(s, "x", -1, 3)
		w, a, b, bias := f64(s, "w", 1, 3, 2), f64(s, "a", 2, 2), f64(s, "b", 3, 2), f64(s, "bias", 1, 2)
		y := columnwise(s, row(s, rowProduct(s, x, w, prepares), bias), a, b)
		z := scale(s, y, 2)
		alone := columnwise(s, rowProduct(s, x, w, prepares), a, b)
		sess := newSession(t, g, SessionConfig{})
		feeds := func(n int) Feeds {
			return Feeds{x: tensor.New(tensor.WithShape(n, 3), tensor.WithBacking(repeated(3*n, 1)))}
		}
		const weights, rows = 6 * 8, 4 * 8
		for _, c := range []struct {
			n    int
			y    *gorgonia.Node
			want string
			held int
		}{
			{1, y, "[19 19]", weights + rows},
			{2, y, "[19 19 19 19]", weights + rows},
			{2, z, "[38 38 38 38]", weights + rows},
			{1, alone, "[15 15]", 2 * (weights + rows)},
		} {
			if got := fmt.Sprint(mustRun(t, sess, feeds(c.n), c.y).Float64s(0)); got != c.want {
				t.Errorf("%s; want %s", got, c.want)
			}
			if got := sess.MemoryReport().PreparedBytes; got != c.held {
				t.Errorf("%d bytes are prepared; want %d", got, c.held)
			}
		}
		if err := sess.Close(); err != nil {
			t.Fatal(err)
		}
		if got := sess.MemoryReport().PreparedBytes; got != 0 {
			t.Errorf("%d bytes are prepared in a closed session", got)
		}
	}
}
