package rbm

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// chain is Gibbs sampling, with the nodes of the random numbers that it draws.
type chain struct {
	r           *RBM
	drawVisible bool
	draws       gorgonia.Nodes
}

// visible goes from probabilities of hidden units to the visible ones that a draw of the hidden units gives: their probabilities or means, and their
// state.
func (c *chain) visible(s *graph.Scope, hidden *gorgonia.Node) (mean, state *gorgonia.Node) {
	mean = c.r.Visible(s, c.bernoulli(s, hidden))
	switch {
	case !c.drawVisible:
		return mean, mean
	case c.r.cfg.Visible == Bernoulli:
		return mean, c.bernoulli(s, mean)
	}
	noise := ops.RandomNormalLike(s, 0, 1, ops.RandomConfig{}, mean)
	c.draws = append(c.draws, noise)
	return mean, ops.Add(s, mean, noise)
}

// bernoulli draws units that are 1 with probability p.
func (c *chain) bernoulli(s *graph.Scope, p *gorgonia.Node) *gorgonia.Node {
	u := ops.RandomUniformLike(s, 0, 1, ops.RandomConfig{}, p)
	c.draws = append(c.draws, u)
	return below(s, u, p)
}

// Sample takes steps of Gibbs sampling from v, each drawing the hidden and then the visible units, and returns the probabilities, or means, from
// which the last visible ones would be drawn: [batch, visible] -> [batch, visible]. What a machine has learnt shows in what it draws after a thousand
// steps, in Runs of a few steps that are fed what the last one gave.
func (r *RBM) Sample(s *graph.Scope, v *gorgonia.Node, steps int) *gorgonia.Node {
	if bad := r.missing(s, "Sample", v); bad != nil {
		return bad
	}
	if steps < 1 {
		return s.Failf("Sample", given(v), "steps is %d; want 1 or more", steps)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		c := chain{r: r, drawVisible: true}
		for range steps - 1 {
			_, v = c.visible(s, r.Hidden(s, v))
		}
		c.drawVisible = false
		mean, _ := c.visible(s, r.Hidden(s, v))
		return mean
	})
}
