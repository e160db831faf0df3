package tensorflow

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/internal/editdistance"
)

// tensor finds "node" or "node:1".
func (l *linked) tensor(name string) (ref, error) {
	node, number, hasNumber := strings.Cut(name, ":")
	r := ref{node: l.byName[node]}
	if r.node == nil {
		return r, errors.Errorf("the graph has no node %q%s", node, l.near(node))
	}
	if hasNumber {
		out, err := strconv.Atoi(number)
		if err != nil || out < 0 {
			return r, errors.Errorf("%q is not a tensor; want a node, or a node and the number of an output: \"split:1\"", name)
		}
		r.out = out
	}
	for steps := 0; r.returns != nil; steps++ {
		if r.out >= len(r.returns) || steps > len(l.nodes) {
			return r, errors.Errorf("the function that node %q calls has no output number %d", r.name, r.out)
		}
		r = r.returns[r.out]
	}
	return r, nil
}

// near lists names for errors: those with the same end, whatever its case, or else what stands directly beneath the name, as the layer's
// nodes do beneath a layer, or else beside it, or else what is written like it.
func (l *linked) near(name string) string {
	slash := strings.LastIndexByte(name, '/')
	last, beneath, beside := strings.ToLower(name[slash+1:]), name+"/", name[:slash+1]
	for _, fits := range []func(n string) bool{
		func(n string) bool { return strings.HasSuffix("/"+strings.ToLower(n), "/"+last) },
		func(n string) bool { return strings.HasPrefix(n, beneath) && !strings.Contains(n[len(beneath):], "/") },
		func(n string) bool {
			return beside != "" && strings.HasPrefix(n, beside) && !strings.Contains(n[len(beside):], "/")
		},
	} {
		var found []string
		for _, n := range l.nodes {
			if n.op != "Const" && fits(n.name) && len(found) < 3 {
				found = append(found, n.name)
			}
		}
		if len(found) > 0 {
			return "; near: " + strings.Join(found, ", ")
		}
	}
	if len(name) < 3 {
		return ""
	}
	var names []string
	for _, n := range l.nodes {
		if n.op != "Const" {
			names = append(names, n.name)
		}
	}
	if found := editdistance.Near(name, names); len(found) > 0 {
		return "; near: " + strings.Join(found, ", ")
	}
	return ""
}

// tensor finds a tensor by the name of an input or output of the signature, or by its own.
func (g *Graph) tensor(name string) (ref, error) { return g.linked.tensor(g.tensorName(name)) }

// tensorName is the name of a tensor of the graph that an input or output of the signature stands for, or the name itself.
func (g *Graph) tensorName(name string) string {
	if info, ok := g.signature.Inputs[name]; ok && info.Name != "" {
		return info.Name
	}
	if info, ok := g.signature.Outputs[name]; ok && info.Name != "" {
		return info.Name
	}
	return name
}

// named is a tensor under the name by which it was asked for.
type named struct {
	name string
	ref
	done *node // of a call whose output it is
}

// wanted finds the outputs: those that are asked for, or those of the signature, or those that nothing else needs.
func (im *importer) wanted(names []string) ([]named, error) {
	if names == nil {
		names = slices.Sorted(maps.Keys(im.file.signature.Outputs))
	}
	if names == nil {
		out := im.file.linked.sinks()
		if len(out) == 0 {
			return nil, errors.New("the graph has no outputs that are not part of training it; name some in Config.Outputs")
		}
		return out, nil
	}
	var out []named
	for _, name := range names {
		r, err := im.file.tensor(name)
		if err != nil {
			return nil, err
		}
		call, _, _ := strings.Cut(im.file.tensorName(name), ":")
		out = append(out, named{name, r, im.file.linked.byName[call].done})
	}
	return out, nil
}

// find finds a tensor that was built by its name, by the end of its name, or by the scope that it is the result of.
func (im *importer) find(name string) (*gorgonia.Node, error) {
	r, err := im.file.tensor(name)
	if err == nil {
		x, err := im.node(r)
		if err != nil {
			err = errors.Errorf("the tensor %q was not built: no output needs it; ask for it in Config.Outputs", name)
		}
		return x, err
	}
	node, number, _ := strings.Cut(name, ":")
	ends := im.ending("/" + node)
	if len(ends) == 0 {
		ends = im.results(node + "/")
	}
	if len(ends) != 1 {
		if len(ends) > 1 {
			return nil, errors.Errorf("%q could be %q or %q; give the whole name", name, ends[0].name, ends[1].name)
		}
		return nil, err
	}
	r = ref{node: ends[0]}
	if number != "" {
		if r.out, err = strconv.Atoi(number); err != nil {
			return nil, errors.Errorf("%q is not the name of a tensor", name)
		}
	}
	return im.node(r)
}

// ending lists the nodes that were built and whose names end so.
func (im *importer) ending(end string) []*node {
	var out []*node
	for _, n := range im.order {
		if strings.HasSuffix(n.name, end) {
			out = append(out, n)
		}
	}
	return out
}

// results lists the nodes of a scope, which may lie in others, that were built and that only nodes outside of it need.
func (im *importer) results(scope string) []*node {
	inside := func(n *node) bool { return strings.HasPrefix(n.name, scope) || strings.Contains(n.name, "/"+scope) }
	used := map[*node]bool{}
	for _, n := range im.order {
		for _, in := range n.in {
			used[in.node] = used[in.node] || inside(n)
		}
	}
	var out []*node
	for _, n := range im.order {
		if inside(n) && !used[n] && im.values[ref{n, 0}] != nil && !isVariable(n) && !isRead(n) {
			out = append(out, n)
		}
	}
	return out
}
