package tensorflow

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// composite writes an op that says of which other ops it is made, beneath its name. They are built in a graph of their own.
func composite(c *written) (string, error) {
	def, ok := c.g.OpOf(c.node)
	if !ok || def.Composite == nil {
		return "", errNoForm
	}
	g := graph.New(graph.Config{Dtype: c.g.Dtype()})
	s := g.Scope()
	parts := &exporter{g: g, frozen: c.frozen, keep: map[*gorgonia.Node]bool{}, names: c.names, own: map[*gorgonia.Node]string{}, tensors: map[*gorgonia.Node]string{},
		entries: map[entry]string{}, extras: map[*gorgonia.Node]gorgonia.Nodes{}, dtypes: c.dtypes, common: map[string]string{}}
	var in gorgonia.Nodes
	for i, sp := range c.specs {
		x := graph.Placeholder(s, fmt.Sprintf("input%d", i), sp.Dtype, sp.Shape...)
		in = append(in, x)
		parts.tensors[x] = c.in[i]
	}
	out := def.Composite(s, in)
	if err := g.Err(); err != nil {
		return "", errors.Wrapf(err, "the ops that %s is made of", c.Op)
	}
	wanted := out[:1:1]
	for _, extra := range c.extras[c.node] {
		wanted = append(wanted, out[c.g.Describe(extra).Output])
	}
	parts.cfg.Outputs = wanted
	all := g.Operations()
	parts.choose(all)
	for _, x := range in {
		delete(parts.keep, x)
	}
	for _, n := range all {
		if parts.keep[n] {
			parts.own[n] = c.unique(c.name + "/" + g.NameOf(n))
		}
	}
	parts.nodes = c.nodes
	if err := parts.writeAll(all); err != nil {
		return "", without("%v", err)
	}
	c.nodes = parts.nodes
	for k, extra := range c.extras[c.node] {
		c.aux[c.g.Describe(extra).Output-1] = parts.tensors[wanted[k+1]]
	}
	return parts.tensors[out[0]], nil
}
