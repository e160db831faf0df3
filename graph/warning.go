package graph

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"
)

// Warning tells of something that is legal and most likely a mistake.
type Warning struct {
	Node    string // the layer or op concerned
	Message string // what is wrong and how to mend it
}

// String formats the warning on one line.
func (w Warning) String() string { return w.Node + ": " + w.Message }

// Warnings returns the warnings so far, each once.
func (s *Session) Warnings() []Warning {
	s.warnMu.Lock()
	defer s.warnMu.Unlock()
	return append([]Warning(nil), s.warnings...)
}

func (s *Session) warn(w Warning) {
	s.warnMu.Lock()
	known := s.warned[w]
	if !known {
		s.warned[w] = true
		s.warnings = append(s.warnings, w)
	}
	s.warnMu.Unlock()
	if !known && s.cfg.OnWarning != nil {
		s.cfg.OnWarning(w)
	}
}

// warnAbout looks, in a plan that changes trainable variables, for layers whose
// update ops do not run with it: batch norm whose moving statistics would stay
// as they are.
func (s *Session) warnAbout(p *planner) {
	if !p.trains() {
		return
	}
	s.g.mu.RLock()
	updates := slices.Clone(s.g.collections[UpdateOps])
	s.g.mu.RUnlock()
	for _, u := range updates {
		if p.revision.hides(UpdateOps, u) {
			continue
		}
		s.g.mu.RLock()
		owner := s.g.companions[u]
		var ownerName string
		if owner != nil {
			ownerName = s.g.info[owner].name
		}
		s.g.mu.RUnlock()
		o := p.at[owner]
		if owner == nil || o == nil {
			continue
		}
		update := p.at[u]
		switch {
		case o.dead:
			s.warn(Warning{ownerName, fmt.Sprintf("a training step runs with this layer in inference mode: feed %s true", p.switches(o))})
		case !o.fed && !p.cut[owner] && (update == nil || !update.needed):
			s.warn(Warning{ownerName, "a training step runs without this layer's update ops, so its moving statistics stay as they are: build the train op in s.After(g.UpdatesOf(loss)...)"})
		}
	}
}

// trains tells whether the plan writes a trainable variable.
func (p *planner) trains() bool {
	for _, v := range p.vertices {
		if !v.needed || !v.writesState() {
			continue
		}
		for _, list := range [][]int{v.def.Assigns, v.def.Updates} {
			for _, i := range list {
				if x := v.in[i].ni.variable; x != nil && x.trainable {
					return true
				}
			}
		}
	}
	return false
}

// switches names the placeholder that decides v's branch.
func (p *planner) switches(v *vertex) string {
	for g := v.ni.guard; g != nil; g = g.parent {
		for n := range p.g.ancestors(gorgonia.Nodes{g.pred}) {
			if ni := p.g.lookup(n); ni.kind == kindPlaceholder {
				return ni.name
			}
		}
	}
	return "its training flag"
}
