package graph

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Run computes the fetches for the given feeds and returns their values, one
// for each in order: copies that belong to the caller; nil for an effect. An
// error that arises before the first variable is written leaves all variables
// as they were.
func (s *Session) Run(feeds Feeds, fetches ...*gorgonia.Node) (Values, error) {
	return s.RunContext(context.Background(), feeds, fetches...)
}

// RunContext is Run under a context: when that is cancelled before the first
// write, the Run stops and has changed nothing.
func (s *Session) RunContext(ctx context.Context, feeds Feeds, fetches ...*gorgonia.Node) (Values, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	r := takeRun()
	defer r.release()
	if err := r.resolve(s.g, feeds); err != nil {
		return nil, err
	}
	prog, err := s.program(r, fetches)
	if err != nil {
		return nil, err
	}
	switch {
	case s.ablate.exclusion:
	case prog.writes:
		s.mu.Lock()
		defer s.mu.Unlock()
	default:
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	if s.closed {
		return nil, errClosed
	}
	if err := ctx.Err(); err != nil && !s.ablate.cancel { // a Run without steps looks at it nowhere else
		return nil, &RunError{Cause: errors.Wrap(err, "the Run was not begun")}
	}
	return s.execute(ctx, r, prog)
}

// runHoldingLock runs without locking, for a caller that holds mu.
func (s *Session) runHoldingLock(r *run, feeds Feeds, fetches gorgonia.Nodes) (Values, error) {
	if err := r.resolve(s.g, feeds); err != nil {
		return nil, err
	}
	prog, err := s.program(r, fetches)
	if err != nil {
		return nil, err
	}
	if prog.writes {
		return nil, errors.New("an initial value must not depend on an op that writes variables or draws random numbers")
	}
	return s.execute(context.Background(), r, prog)
}

// run holds what one Run works with; runs are reused.
type run struct {
	feeds []feedValue
}

// resolve reads the feeds.
func (r *run) resolve(g *Graph, feeds Feeds) error {
	if cap(r.feeds) < len(feeds) {
		r.feeds = make([]feedValue, len(feeds))
	}
	r.feeds = r.feeds[:len(feeds)]
	i := 0
	for n, value := range feeds {
		if n == nil || n.Graph() != g.expr {
			return errors.New("a fed node is nil or belongs to another graph")
		}
		ni := g.lookup(n)
		if ni.kind == kindBad {
			return errors.Errorf("%s cannot be fed: it could not be built: %v", ni.name, g.Err())
		}
		if err := r.feeds[i].resolve(ni, value); err != nil {
			return err
		}
		i++
	}
	return nil
}

// program returns the plan for the fetches and for feeds of these shapes.
func (s *Session) program(r *run, fetches []*gorgonia.Node) (*program, error) {
	if p := s.plans.find(s.g.current(), r.feeds, fetches); p != nil {
		return p, nil
	}
	if len(fetches) == 0 {
		return nil, errors.New("Run needs at least one node to fetch")
	}
	for i, n := range fetches {
		switch {
		case n == nil:
			return nil, errors.Errorf("fetch %d is nil", i)
		case n.Graph() != s.g.expr:
			return nil, errors.Errorf("fetch %d, %s, belongs to another graph", i, n.Name())
		}
	}
	revision, bound, err := s.g.revisionOf(fetches)
	if err != nil {
		return nil, err
	}
	p := &planner{g: s.g, sess: s, revision: revision, feeds: r.feeds, ablate: s.ablate}
	prog, err := p.plan(fetches)
	if err != nil {
		return nil, err
	}
	s.warnAbout(p)
	s.plans.add(r.feeds, fetches, prog, revision, bound)
	return prog, nil
}

// execute runs a program. The caller holds mu as the program demands.
func (s *Session) execute(ctx context.Context, r *run, prog *program) (out Values, err error) {
	for _, c := range prog.required {
		if !c.ready {
			return nil, uninitialised(c)
		}
	}
	if s.cfg.CheckNumerics {
		for i := range r.feeds {
			if !finite(&r.feeds[i].array) {
				return nil, &RunError{Node: r.feeds[i].ni.name, Op: "feed", Cause: ErrNotFinite}
			}
		}
	}
	f := prog.frame(&s.arenas)
	defer prog.giveBack(f, &s.arenas)
	for i := range r.feeds {
		k := prog.feedOf(&r.feeds[i])
		for _, a := range prog.feedArrays[k] {
			f.arrays[a].ptr = r.feeds[i].array.ptr
		}
	}
	if err = s.steps(ctx, f); err == nil {
		copied := tensorOf
		if s.ablate.view != nil {
			copied = s.ablate.view
		}
		out = f.results(copied)
	}
	if f.drew && (err == nil || f.wrote) && !s.ablate.advance {
		prog.drawCell.array.Int64s()[0]++
		prog.drawCell.written()
	}
	return out, err
}

// ErrNotFinite is the cause of the error with which a Run stops under
// SessionConfig.CheckNumerics; the *RunError around it names the node.
var ErrNotFinite = errors.New("the value holds a NaN or an infinity (CheckNumerics)")

// steps executes the program's steps in order.
func (s *Session) steps(ctx context.Context, f *frame) (err error) {
	prog := f.prog
	done := ctx.Done()
	if s.ablate.cancel {
		done = nil
	}
	tracer := s.cfg.Tracer
	if tracer != nil {
		defer tracer.begin()()
	}
	f.step, f.drew, f.wrote = 0, false, false
	defer func() {
		if v := recover(); v != nil {
			for _, c := range prog.steps[f.step].writes { // perhaps in part
				f.wrote = true
				c.version++
			}
			err = f.failed(true, errors.Errorf("the op panicked: %v", v))
		}
	}()
	var draw uint64
	if prog.drawCell != nil {
		draw = uint64(prog.drawCell.array.Int64s()[0])
	}
	for k := range prog.steps {
		st := &prog.steps[k]
		f.step = k
		if done != nil && (len(st.writes) == 0 || !f.wrote) {
			select {
			case <-done:
				return f.stopped(ctx.Err())
			default:
			}
		}
		if st.maybe && !f.present(st) && !s.ablate.guards {
			continue
		}
		if st.kernel == nil {
			if st.reads != nil && !st.reads.ready {
				return f.failed(false, uninitialised(st.reads))
			}
			continue
		}
		call := &f.calls[k]
		call.Draw = draw
		if tracer != nil {
			tracer.start(st)
		}
		if err := st.kernel(call); err != nil {
			return f.failed(false, err)
		}
		if tracer != nil {
			tracer.stop()
		}
		f.drew = f.drew || st.draws
		if len(st.writes) > 0 {
			f.wrote = true
			for _, c := range st.writes {
				c.written()
			}
		}
		if s.cfg.CheckNumerics && st.isFloat && !finite(call.Out) {
			return f.failed(true, ErrNotFinite)
		}
	}
	return f.missing()
}

// failed describes a failure at the current step, whose own writes count when
// it got so far.
func (f *frame) failed(through bool, cause error) error {
	st := &f.prog.steps[f.step]
	node, op := st.name, st.op
	if st.head != nil {
		node = st.nodes
	}
	if through {
		return &RunError{Node: node, Op: op, Cause: cause, Written: f.written(f.step + 1)}
	}
	if st.head != nil {
		node, op = st.head.ni.name, st.head.def.Name
	}
	return &RunError{Node: node, Op: op, Cause: cause, Written: f.written(f.step)}
}

// stopped describes an end before the current step.
func (f *frame) stopped(cause error) error {
	return &RunError{Cause: cause, Written: f.written(f.step)}
}

// missing reports a fetch that turned out to have no value.
func (f *frame) missing() error {
	p := f.prog
	for i, k := range p.fetches {
		if k >= 0 && f.arrays[k].absent && !p.soft[i] {
			return &RunError{Cause: errors.Errorf("%s has no value in this Run: it stands in a branch that is not taken", p.labels[i]),
				Written: f.written(len(p.steps))}
		}
	}
	return nil
}

// written names the variables that the first steps have written.
func (f *frame) written(steps int) []string {
	if !f.wrote {
		return nil
	}
	var names []string
	seen := map[string]bool{}
	for i := range f.prog.steps[:steps] {
		st := &f.prog.steps[i]
		if st.maybe && len(st.marks) > 0 && f.arrays[st.marks[0]].absent {
			continue
		}
		for _, name := range st.names {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// finite tells whether a float array has neither NaN nor infinity.
func finite(a *Array) bool {
	if a.absent || a.size == 0 {
		return true
	}
	switch a.dtype {
	case tensor.Float32:
		for _, x := range elements[float32](a) {
			if x-x != 0 {
				return false
			}
		}
	case tensor.Float64:
		for _, x := range elements[float64](a) {
			if math.IsInf(x, 0) || math.IsNaN(x) {
				return false
			}
		}
	}
	return true
}
