package tensorflow

import (
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
)

// branch is one side of a condition: TensorFlow 1 leads a value into it by a Switch, whose outputs are for a predicate that is false
// and true, and out of it by a Merge.
type branch struct {
	pred  ref
	taken bool
}

// guard returns the branches in which a tensor stands, the outermost first.
func (im *importer) guard(r ref) []branch {
	guards := im.guards[r.node]
	if im.cut[r] {
		return nil
	}
	if r.op == "Switch" || r.op == "RefSwitch" {
		return append(slices.Clip(guards), branch{same(r.in[1]), r.out == 1})
	}
	return guards
}

// same goes back to the tensor that Identity nodes pass on.
func same(r ref) ref {
	for steps := 0; (r.op == "Identity" || r.op == "ReadVariableOp") && len(r.in) > 0 && steps < 1000; steps++ {
		r = r.in[0]
	}
	return r
}

// guardsOf returns the branches in which a node stands: those of its inputs, of which the innermost counts. A Merge leaves one.
func (im *importer) guardsOf(n *node) ([]branch, error) {
	if (n.op == "Switch" || n.op == "RefSwitch") && len(n.in) != 2 {
		return nil, errors.Errorf("it has %d inputs; want a value and a predicate", len(n.in))
	}
	if n.op == "Merge" || n.op == "RefMerge" {
		_, outer, err := im.sides(n)
		return outer, err
	}
	var around [][]branch
	for _, in := range n.in {
		around = append(around, im.guard(in))
	}
	for _, c := range n.before {
		around = append(around, im.guards[c])
	}
	var inner []branch
	for _, g := range around {
		if len(g) > len(inner) {
			g, inner = inner, g
		}
		if !slices.Equal(g, inner[:len(g)]) {
			return nil, errors.New("its inputs come from different branches of conditions")
		}
	}
	return inner, nil
}

// sides returns which input of a Merge comes from the branch that is taken, and the branches around both.
func (im *importer) sides(n *node) (taken int, outer []branch, err error) {
	if len(n.in) != 2 {
		return 0, nil, errors.Errorf("it has %d inputs; want those of a condition's two branches", len(n.in))
	}
	a, b := im.guard(n.in[0]), im.guard(n.in[1])
	k := len(a) - 1
	if k < 0 || len(b) != len(a) || !slices.Equal(a[:k], b[:k]) || a[k].pred != b[k].pred || a[k].taken == b[k].taken {
		return 0, nil, errors.New("its inputs do not come from the two branches of one condition")
	}
	if b[k].taken {
		taken = 1
	}
	return taken, a[:k], nil
}

// merge brings a value out of two branches.
func merge(c *call) []*value {
	taken, _, err := c.im.sides(c.node)
	c.check(err)
	guard := c.im.guard(c.node.in[0])
	pred, err := c.im.node(guard[len(guard)-1].pred)
	c.check(err)
	return one(graph.Merge(c.s, pred, c.x(taken), c.x(1-taken)))
}

// switchValue leads a value into either branch: what uses it stands there.
func switchValue(c *call) []*value { return []*value{c.value(0), c.value(0)} }
