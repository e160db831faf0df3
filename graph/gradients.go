package graph

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// Gradients returns the gradient of the sum of ys with respect to each of xs
// (tf.gradients): a node of the shape of x, or nil where no y depends on x in
// a differentiable way. gradYs, when given, holds the gradient that enters at
// each y instead of ones; an entry may be nil.
//
// It is a reverse walk that adds nodes under s and changes none, so costs may
// share nodes, calls may be repeated, and the result may be differentiated
// again. An op on the path that has no gradient is a build error that names
// it.
func Gradients(s *Scope, ys, xs, gradYs gorgonia.Nodes) gorgonia.Nodes {
	grads, _ := s.gradients(ys, xs, gradYs, false)
	return grads
}

// gradients is Gradients; with leaves, it takes the xs for independent of each
// other although one may have been computed from another.
func (s *Scope) gradients(ys, xs, gradYs gorgonia.Nodes, leaves bool) (grads gorgonia.Nodes, ok bool) {
	building := *s
	building.gradient = true
	s = &building
	grads = make(gorgonia.Nodes, len(xs))
	for _, n := range append(append(gorgonia.Nodes(nil), ys...), xs...) {
		if err := s.mine(n); err != nil {
			s.Fail("Gradients", nil, Spec{Dtype: s.g.cfg.Dtype}, errors.Wrap(err, "one of ys and xs"))
			return grads, false
		}
		if IsBad(n) {
			return grads, false
		}
	}
	if gradYs != nil && len(gradYs) != len(ys) {
		s.Failf("Gradients", ys, "there are %d ys but %d gradYs", len(ys), len(gradYs))
		return grads, false
	}
	for i, grad := range gradYs {
		if grad == nil {
			continue
		}
		if err := s.mine(grad); err != nil {
			s.Fail("Gradients", nil, Spec{Dtype: s.g.cfg.Dtype}, errors.Wrapf(err, "gradYs %d", i))
			return grads, false
		}
		if IsBad(grad) {
			return grads, false
		}
	}
	if err := s.g.outdated(ys); err != nil {
		s.Fail("Gradients", ys, SpecOf(ys[0]), err)
		return grads, false
	}
	w := &walk{s: s, parts: map[*gorgonia.Node][]part{}, wanted: map[*gorgonia.Node]bool{}}
	for _, x := range xs {
		w.wanted[x] = true
	}
	if leaves {
		w.leaves = w.wanted
	}
	for i, y := range ys {
		if !SpecOf(y).IsFloat() {
			s.Failf("Gradients", gorgonia.Nodes{y}, "%s is %v: only float nodes have a gradient", s.g.NameOf(y), SpecOf(y))
			return grads, false
		}
		var grad *gorgonia.Node
		if gradYs != nil {
			grad = gradYs[i]
		}
		if grad == nil {
			grad = OnesLike(s, y)
		} else if sp := SpecOf(grad); sp.Dtype != SpecOf(y).Dtype || !Compatible(sp.Shape, SpecOf(y).Shape) {
			s.Failf("Gradients", gorgonia.Nodes{y, grad}, "the gradient that enters at %s is %v; want %v", s.g.NameOf(y), sp, SpecOf(y))
			return grads, false
		}
		w.add(y, grad)
	}
	if !w.run(ys) {
		return grads, false
	}
	for i, x := range xs {
		grads[i] = w.total(x)
	}
	return grads, true
}

// walk is one reverse pass.
type walk struct {
	s      *Scope
	parts  map[*gorgonia.Node][]part // gradients that have reached a node
	sums   map[*gorgonia.Node]*gorgonia.Node
	wanted map[*gorgonia.Node]bool
	leaves map[*gorgonia.Node]bool // the walk does not go past these
}

// part is a gradient and the branch it was made in.
type part struct {
	grad  *gorgonia.Node
	guard *guard
}

// add notes a gradient that reaches n. What reaches a node in a branch counts
// only where the branch is taken, so it enters the branch if it stands outside.
func (w *walk) add(n, grad *gorgonia.Node) {
	at := w.inBranch(w.s.guardOf(n))
	if !w.s.guardOf(grad).within(at.guard) {
		grad = Apply(at, identity("Switch"), grad)
	}
	w.parts[n] = append(w.parts[n], part{grad, w.s.guardOf(grad)})
}

// run visits the nodes between ys and xs, consumers first.
func (w *walk) run(ys gorgonia.Nodes) bool {
	g := w.s.g
	w.sums = map[*gorgonia.Node]*gorgonia.Node{}
	order, leads := w.between(ys)
	for k := len(order) - 1; k >= 0; k-- {
		ni := order[k]
		if len(w.parts[ni.node]) == 0 || !leads[ni.node] || w.leaves[ni.node] || !reaches(ni, leads) {
			continue
		}
		grad := w.total(ni.node)
		if IsBad(grad) {
			return false
		}
		at := w.inBranch(ni.guard)
		inputs := at.opGradient(ni, grad)
		if inputs == nil && IsBad(g.badIfFailed(ni, leads, at)) {
			return false
		}
		if len(inputs) > len(ni.in) {
			at.Failf("Gradients", ni.in, "%s (%s) has %d inputs and its Gradient gives %d; want one each, nil where there is none", ni.name, opName(ni), len(ni.in), len(inputs))
			return false
		}
		for i, gi := range inputs {
			if gi == nil || !leads[ni.in[i]] {
				continue
			}
			if IsBad(gi) {
				return false
			}
			if got, want := SpecOf(gi), SpecOf(ni.in[i]); ni.kind == kindOp && (got.Dtype != want.Dtype || !Compatible(got.Shape, want.Shape)) {
				at.Failf("Gradients", gorgonia.Nodes{gi, ni.in[i]}, "%s (%s) gives its input %d the gradient %v; want %v", ni.name, ni.def.Name, i, got, want)
				return false
			}
			w.add(ni.in[i], gi)
		}
	}
	return true
}

// reaches tells whether an input of ni leads on to a wanted node.
func reaches(ni *nodeInfo, leads map[*gorgonia.Node]bool) bool {
	for _, in := range ni.in {
		if leads[in] {
			return true
		}
	}
	return false
}

// badIfFailed reports an op without a gradient when one is needed.
func (g *Graph) badIfFailed(ni *nodeInfo, leads map[*gorgonia.Node]bool, s *Scope) *gorgonia.Node {
	if stops(ni) {
		return ni.node
	}
	return s.Fail("Gradients", gorgonia.Nodes{ni.node}, ni.spec,
		errors.Errorf("%s (%s) lies between the cost and the variables and has no gradient", ni.name, opName(ni)))
}

// stops tells whether gradients end silently at a node.
func stops(ni *nodeInfo) bool {
	switch ni.kind {
	case kindOp, kindAux:
		if !ni.spec.IsFloat() || ni.def.NotDifferentiable {
			return true
		}
		return ni.kind == kindOp && ni.def.Gradient != nil || ni.def.Composite != nil
	case kindNative:
		_, ok := ni.node.Op().(gorgonia.SDOp)
		return ok || !ni.spec.IsFloat()
	}
	return true
}

// inBranch returns the scope in which a forward node's gradient is built.
func (w *walk) inBranch(g *guard) *Scope {
	at := *w.s
	if g != nil && !at.guard.within(g) {
		at.guard = g
	}
	return &at
}

func (s *Scope) guardOf(n *gorgonia.Node) *guard { return s.g.lookup(n).guard }

// total returns the sum of the gradients that have reached n, or nil.
func (w *walk) total(n *gorgonia.Node) *gorgonia.Node {
	if sum, done := w.sums[n]; done {
		return sum
	}
	parts := w.parts[n]
	ni := w.s.g.lookup(n)
	at := w.inBranch(ni.guard)
	var sum *gorgonia.Node
	switch {
	case len(parts) == 0:
	case len(parts) == 1 && at.guard.within(parts[0].guard):
		sum = parts[0].grad
	default:
		grads := make(gorgonia.Nodes, len(parts))
		for i, p := range parts {
			grads[i] = p.grad
		}
		sum = accumulate(at, n, grads)
	}
	w.sums[n] = sum
	return sum
}

// between returns the nodes that ys depend on, inputs first, and which of them
// depend on a wanted node.
func (w *walk) between(ys gorgonia.Nodes) (order []*nodeInfo, leads map[*gorgonia.Node]bool) {
	g := w.s.g
	leads = map[*gorgonia.Node]bool{}
	seen := map[*gorgonia.Node]bool{}
	type frame struct {
		ni   *nodeInfo
		next int
	}
	for _, y := range ys {
		if seen[y] {
			continue
		}
		seen[y] = true
		stack := []frame{{g.lookup(y), 0}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next < len(top.ni.in) && !w.leaves[top.ni.node] {
				in := top.ni.in[top.next]
				top.next++
				if !seen[in] {
					seen[in] = true
					stack = append(stack, frame{g.lookup(in), 0})
				}
				continue
			}
			ni := top.ni
			stack = stack[:len(stack)-1]
			lead := w.wanted[ni.node]
			if ni.spec.IsFloat() {
				for _, in := range ni.in {
					lead = lead || leads[in] && !stopsFor(ni)
				}
			}
			leads[ni.node] = lead
			order = append(order, ni)
		}
	}
	return order, leads
}

// stopsFor tells whether no gradient passes ni at all.
func stopsFor(ni *nodeInfo) bool {
	return (ni.kind == kindOp || ni.kind == kindAux) && ni.def.NotDifferentiable
}

// opGradient builds the gradients of one node with respect to its inputs; nil
// when it has none. A panic in the op's own code becomes a build error.
func (s *Scope) opGradient(ni *nodeInfo, grad *gorgonia.Node) (grads gorgonia.Nodes) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *BuildError: // PanicOnError
			panic(r)
		default:
			grads = gorgonia.Nodes{s.Fail("Gradients", ni.in, ni.spec, errors.Errorf("the gradient of %s (%s) panicked: %v", ni.name, opName(ni), r))}
		}
	}()
	switch {
	case ni.kind == kindNative:
		return s.nativeGradient(ni, grad)
	case ni.kind == kindAux && ni.def.Composite != nil:
		return s.throughComposite(ni, grad, ni.index+1)
	case ni.kind != kindOp || ni.def.NotDifferentiable:
		return nil
	case ni.def.Gradient != nil:
		return ni.def.Gradient(s, ni.in, ni.node, grad)
	case ni.def.Composite != nil:
		return s.throughComposite(ni, grad, 0)
	}
	return nil
}

// throughComposite differentiates the composite form of a fused op.
func (s *Scope) throughComposite(ni *nodeInfo, grad *gorgonia.Node, output int) gorgonia.Nodes {
	outs := ni.def.Composite(s, ni.in)
	if output >= len(outs) || IsBad(outs[output]) {
		return gorgonia.Nodes{s.Failf(ni.def.Name, ni.in, "the composite form gives no output %d", output)}
	}
	var xs gorgonia.Nodes
	var at []int
	for i, in := range ni.in {
		if SpecOf(in).IsFloat() {
			xs = append(xs, in)
			at = append(at, i)
		}
	}
	// An input given twice gets its whole gradient at the first place.
	grads := make(gorgonia.Nodes, len(ni.in))
	// The upstream gradient, an input here, may depend on the others: what flows
	// through it is the business of the walk that called.
	found, ok := s.gradients(gorgonia.Nodes{outs[output]}, xs, gorgonia.Nodes{grad}, true)
	if !ok {
		return gorgonia.Nodes{s.bad(ni.def.Name, ni.spec)}
	}
	seen := map[*gorgonia.Node]bool{}
	for k, i := range at {
		if !seen[xs[k]] {
			grads[i] = found[k]
			seen[xs[k]] = true
		}
	}
	return grads
}

func opName(ni *nodeInfo) string {
	switch ni.kind {
	case kindOp, kindAux:
		return ni.def.Name
	case kindNative:
		return ni.node.Op().String()
	case kindVariable:
		return "Variable"
	case kindPlaceholder:
		return "Placeholder"
	}
	return "Const"
}
