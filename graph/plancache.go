package graph

import (
	"slices"
	"sync"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// planCache keeps the plans of a session by what was fetched and fed. It drops
// those used longest ago when they exceed the limit.
type planCache struct {
	mu    sync.Mutex
	plans []*cachedPlan // most recently used first
	bytes int
	limit int
}

type cachedPlan struct {
	fetches []*gorgonia.Node
	bools   []bool // the values of fed scalar bools, by feed
	prog    *program

	revision *revision // of the graph, by which it was made
	bound    bool      // the fetches go by that one whichever is in force
}

// find returns the plan made for these fetches and for feeds of these shapes, under a revision of the graph.
func (c *planCache) find(now *revision, feeds []feedValue, fetches []*gorgonia.Node) *program {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, p := range c.plans {
		if (p.bound || p.revision == now) && p.matches(feeds, fetches) {
			if i > 0 {
				copy(c.plans[1:i+1], c.plans[:i])
				c.plans[0] = p
			}
			return p.prog
		}
	}
	return nil
}

func (p *cachedPlan) matches(feeds []feedValue, fetches []*gorgonia.Node) bool {
	if len(fetches) != len(p.fetches) || len(feeds) != len(p.prog.feeds) {
		return false
	}
	for i, n := range fetches {
		if n != p.fetches[i] {
			return false
		}
	}
	for i := range feeds {
		k := p.prog.feedOf(&feeds[i])
		if k < 0 || !slices.Equal(feeds[i].array.shape, p.prog.feeds[k].Shape) {
			return false
		}
		if feeds[i].isBool && feeds[i].array.Bools()[0] != p.bools[k] {
			return false
		}
	}
	return true
}

func (c *planCache) add(feeds []feedValue, fetches []*gorgonia.Node, prog *program, r *revision, bound bool) {
	p := &cachedPlan{
		fetches: append([]*gorgonia.Node(nil), fetches...),
		bools:   make([]bool, len(feeds)),
		prog:    prog,

		revision: r,
		bound:    bound,
	}
	for i := range feeds {
		p.bools[i] = feeds[i].array.dtype == tensor.Bool && feeds[i].isBool && feeds[i].array.Bools()[0]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plans = append([]*cachedPlan{p}, c.plans...)
	c.bytes += prog.bytes
	for c.bytes > c.limit && len(c.plans) > 1 {
		last := len(c.plans) - 1
		c.bytes -= c.plans[last].prog.bytes
		c.plans = c.plans[:last]
	}
}

// all returns the plans, the one used last first.
func (c *planCache) all() []*cachedPlan {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.plans)
}

func (c *planCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plans, c.bytes = nil, 0
}
