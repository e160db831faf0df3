package pairs

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// Tower builds the network that a member of a pair goes through, with its variables in s: x [batch, ...] -> [batch, ...].
type Tower func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node

// SiameseConfig configures Siamese.
type SiameseConfig struct {
	// Separate gives every member weights of its own, those of member i in the scope tower1, tower2 and so on. By default all have
	// the weights that stand directly in s.
	Separate bool
}

// Siamese applies a tower to each member: x [batch, members, ...], with members known, gives one output of the tower for each. Weights are
// shared by building the tower again in the scope s.Reuse(), so that their gradients add up; batch normalisation normalises each
// member by itself and counts each in its moving statistics. Operations of member i stand in the name scope member1, member2 and so on.
//
// What becomes of the outputs is the task's: a loss of distances, such as ops.ContrastiveLoss and ops.TripletLoss, or further layers on
// ops.Concat of them. Layers of a shared tower are frozen, cached and reused by their names as those of any other network are.
//
// A wrong x, and a tower that is nil, are build errors; there are three bad nodes then.
func Siamese(s *graph.Scope, x *gorgonia.Node, tower Tower, cfg SiameseConfig) gorgonia.Nodes {
	const name = "Siamese"
	members, bad := membersOf(s, name, x, tower)
	if bad != nil {
		return gorgonia.Nodes{bad, bad, bad}
	}
	outputs := make(gorgonia.Nodes, members)
	for i, part := range ops.Unstack(s, x, 1) {
		t := s.NameScope(fmt.Sprintf("member%d", i+1))
		switch {
		case cfg.Separate:
			t = s.Sub(fmt.Sprintf("tower%d", i+1))
		case i > 0:
			t = t.Reuse()
		}
		if outputs[i] = tower(t, part); outputs[i] == nil {
			outputs[i] = s.Failf(name, gorgonia.Nodes{x}, "the tower returned nil")
		}
	}
	return outputs
}

// Each applies a tower to all members at once, as if they were so many more examples: x [batch, members, ...], with all sizes but the first
// known, gives [batch, members, ...] with what the tower makes of each, such as scores [batch, members, 1]. Of layers that treat each
// example by itself it is Siamese with shared weights, and faster; batch normalisation normalises all members together.
//
// A wrong x or tower is a build error.
func Each(s *graph.Scope, x *gorgonia.Node, tower Tower) *gorgonia.Node {
	const name = "Each"
	members, bad := membersOf(s, name, x, tower)
	if bad != nil {
		return bad
	}
	inner := graph.SpecOf(x).Shape[2:]
	for _, d := range inner {
		if d < 0 {
			return s.Failf(name, gorgonia.Nodes{x}, "x is %v; all sizes but the first must be known", graph.SpecOf(x))
		}
	}
	y := tower(s, ops.Reshape(s, x, append([]int{-1}, inner...)...))
	if y == nil {
		return s.Failf(name, gorgonia.Nodes{x}, "the tower returned nil")
	}
	if graph.IsBad(y) {
		return y
	}
	sp := graph.SpecOf(y)
	if sp.Rank() == 0 {
		return s.Failf(name, gorgonia.Nodes{y}, "the tower gave %v; want what it makes of each example, [batch, ...]", sp)
	}
	for _, d := range sp.Shape[1:] {
		if d < 0 {
			return s.Failf(name, gorgonia.Nodes{y}, "the tower gave %v; all sizes but the first must be known", sp)
		}
	}
	return ops.Reshape(s, y, append([]int{-1, members}, sp.Shape[1:]...)...)
}

// membersOf is the number of members of x, or a bad node where x or the tower is wrong.
func membersOf(s *graph.Scope, name string, x *gorgonia.Node, tower Tower) (int, *gorgonia.Node) {
	switch sp := graph.SpecOf(x); {
	case x == nil:
		return 0, s.Failf(name, nil, "x is nil")
	case tower == nil:
		return 0, s.Failf(name, gorgonia.Nodes{x}, "the tower is nil; want a function that builds the network of a member")
	case graph.IsBad(x):
		return 0, x
	case sp.Rank() < 2 || sp.Shape[1] < 1:
		return 0, s.Failf(name, gorgonia.Nodes{x}, "x is %v; want [batch, members, ...] with members known, as the batches of pairs are", sp)
	default:
		return sp.Shape[1], nil
	}
}
