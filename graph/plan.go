package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// vertex is a node as one plan sees it.
type vertex struct {
	ni  *nodeInfo
	def *OpDef    // kindOp; that of the chain that fusion has made of it
	in  []*vertex // inputs; for an extra output its producer
	pre []*vertex // control: what must have run

	fed     bool
	feed    Spec     // fed: the dtype and shape that came
	dead    bool     // stands in a branch that is known not to be taken
	maybe   bool     // may turn out absent: conds is not empty
	preds   []branch // undecided branches around it
	conds   []branch // those, and all others that decide whether its inputs are there
	sole    *vertex  // the only present one of its optional inputs: this value
	alias   *vertex  // the input whose memory it shares
	konst   *Array   // its value, if known before the Run
	settled bool     // spec has been inferred
	spec    Spec     // with known sizes, once settled
	aux     []Spec   // of its extra outputs
	needed  bool     // must be computed, or is read
	binds   *bound   // its kernel, once chosen
	chain   *chain   // the ops that its step computes, when they are several
	ordering
}

// branch is an undecided condition: the vertex runs where pred equals want.
type branch struct {
	pred *vertex
	want bool
}

// planner makes the plan of one set of fetches and feeds. Its steps, in order:
// discover, mark, checkFeeds, settle, fold, undo, alias, fuse, schedule, assign buffers.
type planner struct {
	g        *Graph
	sess     *Session
	revision *revision // that the fetches go by
	feeds    []feedValue
	fetches  []*vertex
	at       map[*gorgonia.Node]*vertex
	vertices []*vertex // inputs before consumers
	cut      map[*gorgonia.Node]bool
	written  map[*vertex]bool       // variables, once asked for
	forms    map[preparedBy][]*form // of the session's plans, once asked for
	now      *vertex                // whose OpDef is asked, to name it should that panic
	ablate   ablation
}

// discover finds what the fetches depend on, cutting at fed nodes and at
// branches that constants, defaults and fed scalar bools decide against.
func (p *planner) discover(fetches []*gorgonia.Node) error {
	for _, n := range fetches {
		p.g.lookup(n) // adopts what Gorgonia made, before the lock
	}
	p.g.mu.RLock()
	defer p.g.mu.RUnlock()
	p.at = make(map[*gorgonia.Node]*vertex, len(p.g.order))
	for _, n := range fetches {
		v, err := p.visit(n)
		if err != nil {
			return err
		}
		p.fetches = append(p.fetches, v)
	}
	return nil
}

func (p *planner) visit(n *gorgonia.Node) (*vertex, error) {
	ni := p.revision.of(p.g.info[n])
	if v := p.at[n]; v != nil && !(p.ablate.sharing && ni.def != nil && ni.def.Draws) {
		return v, nil
	}
	v := &vertex{ni: ni, def: ni.def, spec: ni.spec}
	p.at[n] = v
	defer func() { p.vertices = append(p.vertices, v) }()
	for i := range p.feeds {
		if p.feeds[i].ni.node == n {
			v.fed, v.settled = true, true
			v.feed = Spec{p.feeds[i].array.dtype, p.feeds[i].array.shape.Clone()}
			v.spec = v.feed
			if isScalarBool(v.spec) {
				v.konst = newArray(v.spec)
				v.konst.copyFrom(&p.feeds[i].array)
			}
			return v, nil
		}
	}
	switch ni.kind {
	case kindConst:
		v.konst, v.settled = ni.value, true
		return v, nil
	case kindVariable:
		v.settled = true
		return v, nil
	case kindPlaceholder:
		if ni.value != nil {
			v.konst = ni.value
		}
		v.settled = v.spec.Known()
		return v, nil
	case kindBad:
		if p.g.err != nil {
			return nil, errors.Wrapf(p.g.err, "%s could not be built", ni.name)
		}
		return nil, errors.Errorf("%s could not be built", ni.name)
	}
	for g := ni.guard; g != nil; g = g.parent {
		pred, err := p.visit(g.pred)
		if err != nil {
			return nil, err
		}
		if value, known := p.decided(pred); pred.dead || known && value != g.want {
			v.dead = true
		} else if !known {
			v.preds = append(v.preds, branch{pred, g.want})
			v.depend(branch{pred, g.want})
			v.depend(pred.conds...)
		}
	}
	return v, p.visitInputs(v)
}

func (p *planner) visitInputs(v *vertex) error {
	inputs := v.ni.in
	if v.ni.kind == kindAux {
		inputs = gorgonia.Nodes{v.ni.producer}
	}
	for i, n := range inputs {
		in, err := p.visit(n)
		if err != nil {
			return err
		}
		v.in = append(v.in, in)
		if v.ni.kind == kindOp && contains(v.def.Optional, i) {
			continue
		}
		v.dead = v.dead || in.dead
		if v.ni.kind != kindOp || !contains(v.def.ShapeOnly, i) { // a shape is known all the same
			v.depend(in.conds...)
		}
	}
	for _, n := range v.ni.control {
		pre, err := p.visit(n)
		if err != nil {
			return err
		}
		v.pre = append(v.pre, pre)
	}
	if !v.dead {
		v.sole = p.soleInput(v)
	}
	return nil
}

// soleInput finds the input that an op with optional inputs equals, because
// the others are absent for certain and it is present for certain.
func (p *planner) soleInput(v *vertex) *vertex {
	if v.ni.kind != kindOp || v.def.Aux != nil || v.def.effect() {
		return nil
	}
	var sole *vertex
	for _, i := range v.def.Optional {
		switch in := v.in[i]; {
		case in.dead:
		case sole != nil || in.maybe && !sameBranches(in, v):
			return nil
		default:
			sole = in
		}
	}
	return sole
}

// depend notes branches that may leave v without a value.
func (v *vertex) depend(on ...branch) {
	for _, b := range on {
		if !holds(v.conds, b) {
			v.conds = append(v.conds, b)
		}
	}
	v.maybe = len(v.conds) > 0
}

// sameBranches tells whether in is present whenever v is, because nothing else
// can make it absent.
func sameBranches(in, v *vertex) bool {
	for _, b := range in.conds {
		if !holds(v.conds, b) {
			return false
		}
	}
	return true
}

func holds(list []branch, b branch) bool {
	for _, c := range list {
		if c == b {
			return true
		}
	}
	return false
}

// decided returns the value of a scalar bool that is known before the Run.
func (p *planner) decided(v *vertex) (value, known bool) {
	if p.ablate.pruning {
		return false, false
	}
	if a := p.static(v, 0); a != nil && isScalarBool(Spec{a.dtype, a.shape}) {
		return a.Bools()[0], true
	}
	return false, false
}

// static computes a scalar whose ancestors are all known scalars; nil otherwise.
func (p *planner) static(v *vertex, depth int) *Array {
	switch {
	case v.konst != nil:
		return v.konst
	case v.sole != nil:
		return p.static(v.sole, depth+1)
	case v.fed || v.dead || v.maybe || v.ni.kind != kindOp || v.def.effect() || v.def.NoValue || v.def.Aux != nil || v.ni.spec.Rank() != 0 || len(v.in) == 0 || depth > 100:
		return nil
	}
	in := make([]*Array, len(v.in))
	for i, x := range v.in {
		if x.ni.spec.Rank() != 0 {
			return nil
		}
		if in[i] = p.static(x, depth+1); in[i] == nil {
			return nil
		}
	}
	out, _, err := evaluate(v.def, v.ni.name, p.g.cfg.Seed, in)
	if err != nil {
		return nil // the Run reports it
	}
	v.becomes(out)
	return out
}

// mark finds what has to be computed for the fetches.
func (p *planner) mark() {
	for _, v := range p.vertices {
		v.needed = false
	}
	if p.cut == nil {
		p.cut = p.belowFeeds()
	}
	var waiting []*vertex
	for _, v := range p.fetches {
		p.need(v, &waiting)
	}
	for again := true; again; {
		again = false
		for _, u := range waiting {
			if !u.needed && p.computed(p.companion(u)) {
				p.need(u, &waiting)
				again = true
			}
		}
	}
}

func (p *planner) need(v *vertex, waiting *[]*vertex) {
	if v.dead || v.needed {
		return
	}
	v.needed = true
	if v.fed {
		return
	}
	// An effect that control edges ask for runs even where the value is known.
	for _, pre := range v.pre {
		if n := p.companion(pre); p.cut[n] && !p.computed(n) {
			*waiting = append(*waiting, pre)
			continue
		}
		p.need(pre, waiting)
	}
	if v.konst != nil {
		return
	}
	for _, b := range v.preds {
		p.need(b.pred, waiting)
	}
	if v.sole != nil {
		p.need(v.sole, waiting)
		return
	}
	for i, in := range v.in {
		if v.ni.kind == kindOp && contains(v.def.ShapeOnly, i) {
			continue
		}
		p.need(in, waiting)
	}
}

// computed tells whether the plan computes a node, as far as is known yet.
func (p *planner) computed(n *gorgonia.Node) bool {
	v := p.at[n]
	return v != nil && v.needed && !v.fed
}

func (p *planner) companion(v *vertex) *gorgonia.Node {
	p.g.mu.RLock()
	defer p.g.mu.RUnlock()
	return p.g.companions[v.ni.node]
}

// belowFeeds returns what fed inner nodes would be computed from, and those
// nodes: an update op whose companion is among them, and is not computed for
// another reason, is left out.
func (p *planner) belowFeeds() map[*gorgonia.Node]bool {
	cut := map[*gorgonia.Node]bool{}
	if p.ablate.companions {
		return cut
	}
	var stack gorgonia.Nodes
	for i := range p.feeds {
		if ni := p.feeds[i].ni; ni.kind != kindPlaceholder {
			stack = append(stack, ni.node)
		}
	}
	p.g.mu.RLock()
	defer p.g.mu.RUnlock()
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if cut[n] {
			continue
		}
		cut[n] = true
		ni := p.revision.of(p.g.info[n])
		stack = append(stack, ni.in...)
		if ni.producer != nil {
			stack = append(stack, ni.producer)
		}
	}
	return cut
}

// checkFeeds reports a placeholder that must be fed and is not, and a fetch
// that has no value.
func (p *planner) checkFeeds() error {
	for _, v := range p.fetches {
		if v.dead && !v.forEffect() {
			return errors.Errorf("%s has no value in this Run: it stands in a branch that is not taken", v.ni.name)
		}
	}
	for _, v := range p.vertices {
		if v.needed && v.ni.kind == kindPlaceholder && !v.fed && v.ni.value == nil {
			return errors.Errorf("placeholder %s, %v, must be fed%s", v.ni.name, v.ni.spec, p.wantedBy(v))
		}
	}
	return nil
}

// forEffect tells whether v may be fetched for what it does, so that having no
// value, because its branch is not taken, is no error.
func (v *vertex) forEffect() bool {
	return v.ni.kind == kindOp && !v.fed && (v.def.writes() || v.def.Acts || v.def.NoValue)
}

// wantedBy names the fetch that depends on v.
func (p *planner) wantedBy(v *vertex) string {
	for _, f := range p.fetches {
		seen := map[*vertex]bool{}
		stack := []*vertex{f}
		for len(stack) > 0 {
			x := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[x] || !x.needed {
				continue
			}
			seen[x] = true
			if x == v {
				return ": " + f.ni.name + " depends on it"
			}
			stack = append(append(stack, x.in...), x.pre...)
		}
	}
	return ""
}

func contains(list []int, i int) bool {
	for _, k := range list {
		if k == i {
			return true
		}
	}
	return false
}
