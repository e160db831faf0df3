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
	r := takeRun()
	defer r.release()
	if err := r.resolve(s.g, feeds); err != nil {
		return nil, err
	}
	prog, err := s.program(r, fetches)
	if err != nil {
		return nil, err
	}
	if prog.writes {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	if s.closed {
		return nil, errClosed
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
	if p := s.plans.find(r.feeds, fetches); p != nil {
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
	p := &planner{g: s.g, sess: s, feeds: r.feeds, ablate: s.ablate}
	prog, err := p.plan(fetches)
	if err != nil {
		return nil, err
	}
	s.warnAbout(p)
	s.plans.add(r.feeds, fetches, prog)
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
				return nil, &RunError{Node: r.feeds[i].ni.name, Op: "feed", Cause: errNotFinite}
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
	if err := s.steps(ctx, f); err != nil {
		return nil, err
	}
	return f.results()
}

var errNotFinite = errors.New("the value holds a NaN or an infinity (CheckNumerics)")

// steps executes the program's steps in order.
func (s *Session) steps(ctx context.Context, f *frame) (err error) {
	prog := f.prog
	done := ctx.Done()
	tracer := s.cfg.Tracer
	if tracer != nil {
		defer tracer.begin()()
	}
	drew, wrote, k := false, false, 0
	defer func() {
		if v := recover(); v != nil {
			err = prog.failed(k, wrote, errors.Errorf("the op panicked: %v", v))
		}
		if drew && (err == nil || wrote) {
			prog.drawCell.array.Int64s()[0]++
		}
	}()
	var draw uint64
	if prog.drawCell != nil {
		draw = uint64(prog.drawCell.array.Int64s()[0])
	}
	for k = range prog.steps {
		st := &prog.steps[k]
		if done != nil && len(st.writes) == 0 {
			select {
			case <-done:
				return prog.failed(-1-k, wrote, ctx.Err())
			default:
			}
		} else if done != nil && !wrote && ctx.Err() != nil {
			return prog.failed(-1-k, wrote, ctx.Err())
		}
		if st.maybe && !f.present(st) {
			continue
		}
		if st.kernel == nil {
			if st.reads != nil && !st.reads.ready {
				return prog.failed(k, wrote, uninitialised(st.reads))
			}
			continue
		}
		call := &f.calls[k]
		call.Draw = draw
		if tracer != nil {
			tracer.start(st)
		}
		if err := st.kernel(call); err != nil {
			return prog.failed(k, wrote, err)
		}
		if tracer != nil {
			tracer.stop()
		}
		drew = drew || st.draws
		if len(st.writes) > 0 {
			wrote = true
			for _, c := range st.writes {
				c.ready = true
			}
		}
		if s.cfg.CheckNumerics && st.isFloat && !finite(call.Out) {
			return prog.failed(k, wrote, errNotFinite)
		}
	}
	return nil
}

// failed describes a failure at step k, or before step -1-k for a negative k.
func (p *program) failed(k int, wrote bool, cause error) error {
	e := &RunError{Cause: cause}
	if k >= 0 {
		e.Node, e.Op = p.steps[k].name, p.steps[k].op
	} else {
		k = -1 - k
	}
	if wrote {
		seen := map[string]bool{}
		for i := 0; i <= k && i < len(p.steps); i++ {
			if i == k && e.Node == "" {
				break
			}
			for _, name := range p.steps[i].names {
				if !seen[name] {
					seen[name] = true
					e.Written = append(e.Written, name)
				}
			}
		}
	}
	return e
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
