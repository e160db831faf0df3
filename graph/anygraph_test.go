package graph

import (
	"fmt"
	"math/rand"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// anyGraph is a random program and, beside it, what each node means, said in
// the plainest way: a list that is gone through in the order of construction.
type anyGraph struct {
	r     *rand.Rand
	g     *Graph
	feeds Feeds
	nodes []*meaning
	vars  []*meaning
	last  map[*meaning][]*meaning // a variable's effects that a Read or Assign must follow
	wall  map[*meaning]*meaning   // its last Read or Assign
}

type meaning struct {
	node    *gorgonia.Node
	in      []*meaning
	control []*meaning
	pred    *meaning // with want: the branch
	want    bool
	outer   *meaning // a Merge's predicate: then in[0], else in[1]
	eval    func(in [][]float64) []float64
	writes  *meaning // a variable, by write(old, in)
	write   func(old []float64, in [][]float64)
	reads   *meaning
	fed     *bool // a fed predicate
	isVar   bool
	start   []float64
}

const anySize = 96 // above the grain of pointwise ops

func (a *anyGraph) add(m *meaning) *meaning {
	a.nodes = append(a.nodes, m)
	return m
}

// pick chooses a value that is there in the given branch.
func (a *anyGraph) pick(pred *meaning, want bool) *meaning {
	for {
		m := a.nodes[a.r.Intn(len(a.nodes))]
		if len(a.nodes) > 12 && a.r.Intn(2) == 0 { // prefer young ones
			m = a.nodes[len(a.nodes)-1-a.r.Intn(8)]
		}
		if (m.pred == nil || m.pred == pred && m.want == want) && m.outer != m {
			return m
		}
	}
}

func build(seed int64) *anyGraph {
	a := &anyGraph{r: rand.New(rand.NewSource(seed)), g: New(Config{}), feeds: Feeds{}, last: map[*meaning][]*meaning{}, wall: map[*meaning]*meaning{}}
	s := a.g.Scope()
	values := func() []float64 {
		x := make([]float64, anySize)
		for i := range x {
			x[i] = float64(a.r.Intn(17) - 8)
		}
		return x
	}
	for i := range 2 {
		x := values()
		n := double(s, fmt.Sprintf("x%d", i), -1)
		a.feeds[n] = x
		a.add(&meaning{node: n, eval: func([][]float64) []float64 { return x }})
		c := values()
		a.add(&meaning{node: ConstOf(s, tensor.Float64, c), eval: func([][]float64) []float64 { return c }})
	}
	for i := range 3 {
		v := a.add(&meaning{node: f64(s, fmt.Sprintf("v%d", i), float64(i+1), anySize), isVar: true, start: make([]float64, anySize)})
		for k := range v.start {
			v.start[k] = float64(i + 1)
		}
		a.vars = append(a.vars, v)
	}
	for range 30 + a.r.Intn(30) {
		if a.r.Intn(8) > 0 {
			a.step(s, nil, false)
			continue
		}
		p := a.predicate(s)
		for range 1 + a.r.Intn(5) {
			want := a.r.Intn(2) == 0
			a.step(s.Branch(p.node, want), p, want)
		}
		then, els := a.pick(p, true), a.pick(p, false)
		a.add(&meaning{node: Merge(s, p.node, then.node, els.node), in: []*meaning{then, els}, outer: p,
			eval: func(in [][]float64) []float64 { return in[0] }})
	}
	return a
}

// predicate is a scalar bool, fed or computed.
func (a *anyGraph) predicate(s *Scope) *meaning {
	p := &meaning{}
	p.outer = p // marks it: no value to pick
	if a.r.Intn(2) == 0 {
		p.node = Placeholder(s, "p", tensor.Bool)
		value := a.r.Intn(2) == 0
		a.feeds[p.node], p.fed = value, &value
		p.eval = func([][]float64) []float64 { return []float64{truth(value)} }
		return a.add(p)
	}
	x := a.pick(nil, false)
	p.node, p.in = positive(s, x.node), []*meaning{x}
	p.eval = func(in [][]float64) []float64 {
		total := 0.0
		for _, v := range in[0] {
			total += v
		}
		return []float64{truth(total > 0)}
	}
	return a.add(p)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// step adds one node.
func (a *anyGraph) step(s *Scope, pred *meaning, want bool) {
	m := &meaning{pred: pred, want: want}
	x, y := a.pick(pred, want), a.pick(pred, want)
	each := func(f func(x, y float64) float64) func([][]float64) []float64 {
		return func(in [][]float64) []float64 {
			out := make([]float64, anySize)
			for i := range out {
				out[i] = f(in[0][i], in[len(in)-1][i])
			}
			return out
		}
	}
	m.in = []*meaning{x}
	switch a.r.Intn(13) {
	case 0, 1:
		m.node, m.in = add(s, x.node, y.node), []*meaning{x, y}
		m.eval = each(func(x, y float64) float64 { return x + y })
	case 2:
		d := pointwise("Mix", func(x []float64) float64 { return x[0]/2 - x[1]/4 })
		d.InPlace = [][]int{{0}, {1}, {1, 0}, {}}[a.r.Intn(4)]
		m.node, m.in = Apply(s, d, x.node, y.node), []*meaning{x, y}
		m.eval = each(func(x, y float64) float64 { return x/2 - y/4 })
	case 3:
		m.node, m.eval = scale(s, x.node, 0.5), each(func(x, _ float64) float64 { return 0.5 * x })
	case 4:
		m.node, m.eval = doubled(s, x.node), each(func(x, _ float64) float64 { return 2 * x })
		a.add(m)
		m = &meaning{pred: pred, want: want, in: []*meaning{m}, node: scale(s, m.node, 0.25), eval: each(func(x, _ float64) float64 { return 0.25 * x })}
	case 5:
		m.node, m.eval = flattened(s, x.node), each(func(x, _ float64) float64 { return x })
	case 6, 7:
		sum := parted(s, x.node, y.node)
		in := []*meaning{x, y}
		difference := each(func(x, y float64) float64 { return x - y })
		a.add(&meaning{pred: pred, want: want, in: in, node: sum, eval: each(func(x, y float64) float64 { return x + y })})
		m.in, m.node, m.eval = in, Aux(s, sum, 0), difference
		if a.r.Intn(2) == 0 { // which nothing else has seen so far
			a.add(m)
			z := a.pick(pred, want)
			m = &meaning{pred: pred, want: want, in: []*meaning{m, z}, node: add(s, m.node, z.node), eval: each(func(x, y float64) float64 { return x + y })}
		}
		if a.r.Intn(4) == 0 {
			a.add(m)
			m = &meaning{pred: pred, want: want, in: in, node: Aux(s, sum, 0), eval: difference}
		}
		if a.r.Intn(4) == 0 {
			a.add(m)
			m = &meaning{pred: pred, want: want, in: in, node: Aux(s, sum, 1), eval: each(func(x, y float64) float64 { return (x + y) / 2 })}
		}
	case 8:
		m.node, m.in = plusReversed(s, x.node, y.node), []*meaning{x, y}
		m.eval = func(in [][]float64) []float64 {
			out := make([]float64, anySize)
			for i := range out {
				out[i] = in[0][i] + in[1][anySize-1-i]/2
			}
			return out
		}
	default:
		a.effect(s, m, x)
	}
	a.add(m)
}

// plusReversed is x + y/2 with the elements of y in reverse, which it prepares.
func plusReversed(s *Scope, x, y *gorgonia.Node) *gorgonia.Node {
	return Apply(s, OpDef{
		Name:    "PlusReversed",
		Infer:   SameAs,
		InPlace: []int{0},
		Kernel: func(b *Binding) (Kernel, error) {
			k := b.Prepares(tensor.Float64, sizeOf(b.In[1].Shape), []int{1}, func(c *Call, prepared *Array) {
				y := c.In[1].Float64s()
				for i := range y {
					prepared.Float64s()[i] = y[len(y)-1-i] / 2
				}
			})
			return b.Pointwise(func(c *Call, lo, hi int) {
				for i := lo; i < hi; i++ {
					c.Out.Float64s()[i] = c.In[0].Float64s()[i] + c.Prepared[k].Float64s()[i]
				}
			}), nil
		},
	}, x, y)
}

// effect makes m a read or a write of a variable, ordered as it has to be.
func (a *anyGraph) effect(s *Scope, m *meaning, x *meaning) {
	v := a.vars[a.r.Intn(len(a.vars))]
	if w := a.wall[v]; w != nil {
		m.control = append(m.control, w)
	}
	kind := a.r.Intn(4)
	if kind < 2 {
		m.control = append(m.control, a.last[v]...)
		a.wall[v], a.last[v] = m, nil
	} else {
		a.last[v] = append(a.last[v], m)
	}
	after := gorgonia.Nodes{}
	for _, c := range m.control {
		after = append(after, c.node)
	}
	s = s.After(after...)
	switch kind {
	case 0:
		m.node, m.in, m.reads = Read(s, v.node), nil, v
	case 1:
		m.node, m.writes = Assign(s, v.node, x.node), v
		m.write = func(old []float64, in [][]float64) { copy(old, in[0]) }
	default:
		m.node, m.writes = AssignAdd(s, v.node, x.node), v
		m.write = func(old []float64, in [][]float64) {
			for i := range old {
				old[i] += in[0][i]
			}
		}
	}
}

// interpret gives the values of the fetches, and changes the variables.
func (a *anyGraph) interpret(fetches []*meaning, state map[*meaning][]float64) [][]float64 {
	needed := map[*meaning]bool{}
	var preds func(m *meaning) bool
	old := map[*meaning][]float64{}
	for v, x := range state {
		old[v] = append([]float64(nil), x...)
	}
	values := map[*meaning][]float64{}
	// Of what has no effect beneath: predicates are decided first.
	value := func(m *meaning) []float64 { return values[m] }
	preds = func(m *meaning) bool { return m.pred == nil || (value(m.pred)[0] == 1) == m.want }
	// What only an untaken branch needs does not run when the predicate is fed;
	// when it is computed, what both branches need does.
	var mark func(m *meaning)
	mark = func(m *meaning) {
		if m == nil || needed[m] {
			return
		}
		needed[m] = true
		mark(m.pred)
		if m.pred != nil && m.pred.fed != nil && *m.pred.fed != m.want {
			return
		}
		if m.outer != m {
			mark(m.outer)
		}
		for i, x := range m.in {
			if m.outer != nil && m.outer.fed != nil && m.outer != m && *m.outer.fed != (i == 0) {
				continue
			}
			mark(x)
		}
		for _, x := range m.control {
			mark(x)
		}
	}
	for _, f := range fetches {
		mark(f)
	}
	for _, m := range a.nodes {
		if !needed[m] {
			continue
		}
		if m.isVar {
			values[m] = old[m]
			continue
		}
		if !preds(m) {
			continue
		}
		in := make([][]float64, len(m.in))
		for i, x := range m.in {
			in[i] = values[x]
		}
		switch {
		case m.outer != nil && m.outer != m:
			if values[m.outer][0] == 1 {
				values[m] = in[0]
			} else {
				values[m] = in[1]
			}
		case m.reads != nil:
			values[m] = append([]float64(nil), state[m.reads]...)
		case m.writes != nil:
			m.write(state[m.writes], in)
			values[m] = append([]float64(nil), state[m.writes]...)
		default:
			values[m] = m.eval(in)
		}
	}
	out := make([][]float64, len(fetches))
	for i, f := range fetches {
		out[i] = values[f]
	}
	return out
}

// Any program gives what its nodes mean, whatever the planner does to it:
// pruning, folding, fusing, writing in place, sharing memory, keeping copies.
func TestAnyGraph(t *testing.T) {
	count := 150
	if testing.Short() {
		count = 50
	}
	for seed := range int64(count) {
		a := build(seed)
		if err := a.g.Err(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for k, cfg := range []SessionConfig{{}, {NoFusion: true}, {NoFolding: true}} {
			sess := newSession(t, a.g, cfg)
			state := map[*meaning][]float64{}
			for _, v := range a.vars {
				state[v] = append([]float64(nil), v.start...)
			}
			r := rand.New(rand.NewSource(seed))
			for run := range 4 {
				var fetches []*meaning
				var nodes gorgonia.Nodes
				for range 1 + r.Intn(6) {
					m := a.nodes[r.Intn(len(a.nodes))]
					if (m.pred == nil || m.writes != nil) && m.outer != m {
						fetches, nodes = append(fetches, m), append(nodes, m.node)
					}
				}
				if len(nodes) == 0 {
					continue
				}
				out, err := sess.Run(a.feeds, nodes...)
				if err != nil {
					t.Fatalf("seed %d, config %d, run %d: %v", seed, k, run, err)
				}
				want := a.interpret(fetches, state)
				for i, f := range fetches {
					if out[i] == nil && want[i] == nil {
						continue
					}
					if out[i] == nil || want[i] == nil || fmt.Sprint(out.Float64s(i)) != fmt.Sprint(want[i]) {
						t.Fatalf("seed %d, config %d, run %d: %s is\n%v, want\n%v", seed, k, run, a.g.NameOf(f.node), out[i], want[i])
					}
				}
			}
			for _, v := range a.vars {
				got, err := sess.Value(v.node)
				if err != nil || fmt.Sprint(got.Data()) != fmt.Sprint(state[v]) {
					t.Fatalf("seed %d, config %d: variable %s is\n%v, want\n%v", seed, k, a.g.NameOf(v.node), got, state[v])
				}
			}
			sess.Close()
		}
	}
}
