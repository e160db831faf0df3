package training

import (
	"context"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// examination is one call of Diagnose under way.
type examination struct {
	cfg    DiagnoseConfig
	a      *anatomy
	sess   *graph.Session // the user's; it is only read
	probes []probe
	feeds  []graph.Feeds // of every step

	losses  []float64
	stats   []*layerStats // of each probe
	vars    []*variableStats
	broken  *breakdown
	flags   map[*gorgonia.Node]bool // values of the training flags
	trials  []trial
	changed bool // a trainable variable was changed by the steps
	moving  []*movingStatistic
}

// movingStatistic is a variable that an update op of the loss writes.
type movingStatistic struct {
	node  *gorgonia.Node
	at    int // among the variables
	moved bool
}

// copySession returns a session with the user's values, and the variables that
// have one.
func (e *examination) copySession(check bool) (*graph.Session, gorgonia.Nodes, error) {
	s, err := graph.NewSession(e.a.g, graph.SessionConfig{From: e.sess, CheckNumerics: check})
	if err != nil {
		return nil, nil, err
	}
	without := s.Uninitialized()
	var vars gorgonia.Nodes
	for _, v := range e.a.g.Variables() {
		if !slices.Contains(without, v) {
			vars = append(vars, v)
		}
	}
	return s, vars, nil
}

// run makes the steps and looks at every one.
func (e *examination) run(ctx context.Context) error {
	s, vars, err := e.copySession(false)
	if err != nil {
		return err
	}
	defer s.Close()
	for range e.probes {
		e.stats = append(e.stats, newLayerStats())
	}
	at := map[*gorgonia.Node]int{}
	for i, v := range vars {
		at[v] = i
	}
	for _, v := range e.a.g.Trainable() {
		if i, ok := at[v]; ok && graph.SpecOf(v).IsFloat() {
			e.vars = append(e.vars, &variableStats{node: v, at: i})
		}
	}
	for _, u := range e.a.g.UpdatesOf(e.cfg.Loss) {
		if in := e.a.g.InputsOf(u); len(in) > 0 && e.a.g.IsVariable(in[0]) {
			if i, ok := at[in[0]]; ok {
				e.moving = append(e.moving, &movingStatistic{node: in[0], at: i})
			}
		}
	}
	before, err := s.Values(vars...)
	if err != nil {
		return err
	}
	for k, feeds := range e.feeds {
		f := e.fetches(k)
		out, err := s.RunContext(ctx, feeds, f.nodes...)
		if ctx.Err() != nil {
			return errors.Wrapf(ctx.Err(), "cancelled in step %d of %d", k+1, len(e.feeds))
		}
		if err != nil {
			if e.broken = notFinite(k, err); e.broken == nil {
				return errors.WithMessagef(err, "step %d of %d", k+1, len(e.feeds))
			}
			return nil
		}
		after, err := s.Values(vars...)
		if err != nil {
			return err
		}
		e.losses = append(e.losses, average(numbers(out[f.loss])))
		e.look(k, out, f, before, after, at)
		for _, u := range e.vars {
			e.changed = u.look(before[u.at], after[u.at]) || e.changed
		}
		for _, m := range e.moving {
			m.moved = m.moved || !slices.Equal(numbers(before[m.at]), numbers(after[m.at]))
		}
		if !finite(e.losses[k]) || !e.finite(out, f, after) {
			if e.broken = e.hunt(ctx, k, vars, before); e.broken == nil {
				e.broken = &breakdown{step: k, node: e.a.g.NameOf(e.cfg.Loss), cause: "a NaN or an infinity"}
			}
			return nil
		}
		before = after
	}
	return nil
}

// fetched says where the values of a Run stand.
type fetched struct {
	nodes gorgonia.Nodes
	loss  int
	at    map[*gorgonia.Node]int
}

// fetches lists what step k is asked for: gradients and what else is looked at
// once in the first step, and what batch norm is fed in the last.
func (e *examination) fetches(k int) *fetched {
	f := &fetched{nodes: gorgonia.Nodes{e.cfg.Step, e.cfg.Loss}, loss: 1, at: map[*gorgonia.Node]int{}}
	add := func(nodes ...*gorgonia.Node) {
		for _, n := range nodes {
			if _, ok := f.at[n]; !ok && n != nil {
				f.at[n] = len(f.nodes)
				f.nodes = append(f.nodes, n)
			}
		}
	}
	for _, p := range e.probes {
		add(p.act)
		if k == 0 {
			add(p.pre, p.gradPre, p.gradKernel)
			if p.level == 0 {
				add(p.data)
			}
		}
		if p.norm != nil && k == len(e.feeds)-1 {
			add(p.norm.x)
		}
	}
	if k == 0 {
		for _, n := range e.a.order {
			if e.a.flags[n] && !e.a.g.InBranch(n) {
				add(n)
			}
		}
	}
	return f
}

// of returns the values of a node, nil where it was not fetched.
func (f *fetched) of(out graph.Values, n *gorgonia.Node) []float64 {
	if i, ok := f.at[n]; ok && n != nil {
		return numbers(out[i])
	}
	return nil
}

// look takes the measures of a step.
func (e *examination) look(k int, out graph.Values, f *fetched, before, after []*tensor.Dense, at map[*gorgonia.Node]int) {
	first, late := k == 0, k >= len(e.feeds)/2
	for i, p := range e.probes {
		st := e.stats[i]
		pre, act := f.of(out, p.pre), f.of(out, p.act)
		st.unitsOf(out[f.at[p.act]])
		st.lookAt(act, p.kind, first, late)
		if g := f.of(out, p.gradPre); g != nil && first {
			st.grad = norm(g)
			if w := f.of(out, p.gradKernel); w != nil {
				st.kernelGrad = norm(w)
			}
		}
		if first {
			if j, ok := at[p.kernels[0]]; ok {
				st.symmetric = st.units > 1 && sameColumns(numbers(before[j]), st.units) && sameColumns(pre, st.units)
			}
			if p.level == 0 {
				st.input = rms(f.of(out, p.data))
			}
		}
		if p.norm != nil && p.norm.mean != nil {
			m, okMean := at[p.norm.mean]
			v, okVariance := at[p.norm.variance]
			if okMean && okVariance {
				if x := f.of(out, p.norm.x); x != nil {
					st.drift(x, numbers(after[m]), numbers(after[v]))
				}
				st.normMoved = st.normMoved || !slices.Equal(numbers(before[m]), numbers(after[m])) || !slices.Equal(numbers(before[v]), numbers(after[v]))
			}
		}
	}
	if k == 0 {
		e.flags = map[*gorgonia.Node]bool{}
		for flag := range e.a.flags {
			if i, ok := f.at[flag]; ok {
				if v, isBool := out[i].Data().(bool); isBool {
					e.flags[flag] = v
				}
			}
		}
	}
}

// finite tells whether everything that was looked at, and every trainable
// variable, is finite.
func (e *examination) finite(out graph.Values, f *fetched, after []*tensor.Dense) bool {
	for _, p := range e.probes {
		for _, n := range []*gorgonia.Node{p.act, p.gradPre, p.gradKernel} {
			if i, ok := f.at[n]; ok && !finite(length(out[i])) {
				return false
			}
		}
	}
	for _, u := range e.vars {
		if !finite(length(after[u.at])) {
			return false
		}
	}
	return true
}
