package tensorflow

import (
	"maps"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// updates lists the writes in the collection update_ops of variables that the outputs need: batch norm's moving averages.
func (im *importer) updates(outputs []ref) []ref {
	built := ancestors(outputs, im.cut)
	seen := map[*node]bool{}
	var out []ref
	var stack []*node
	for _, name := range im.file.meta.Collections[graph.UpdateOps].Nodes {
		if r, err := im.file.linked.tensor(name); err == nil {
			stack = append(stack, r.node)
		}
	}
	slices.Reverse(stack)
	for len(stack) > 0 { // an entry may be the Merge of a condition, or a group
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		switch {
		case assigns[n.op] && len(n.in) > 1 && built[source(n.in[0])]:
			out = append(out, ref{n, 0})
		case n.op == "Merge" || n.op == "RefMerge" || n.op == "Identity":
			for _, in := range n.in {
				stack = append(stack, in.node)
			}
		}
		stack = append(stack, n.control...)
	}
	return out
}

// addUpdates enters the updates that were built into graph.UpdateOps.
func (im *importer) addUpdates(updates []ref) {
	g := im.scope.Graph()
	needed := ancestors(im.roots, im.cut)
	for _, u := range updates {
		update := im.values[u]
		if update == nil || update.node == nil {
			continue
		}
		if with := companion(u, needed, im.values); with != nil {
			g.AddUpdate(with, update.node)
		} else {
			g.AddToCollection(graph.UpdateOps, update.node)
		}
	}
}

// companion is what an update accompanies: the nearest node that computes what it writes and that outputs need as well.
func companion(u ref, needed map[*node]bool, values map[ref]*value) *gorgonia.Node {
	queue := slices.Clone(u.in[1:])
	for i := 0; i < len(queue); i++ {
		r := queue[i]
		v := values[r]
		if v == nil || isVariable(source(r)) {
			continue
		}
		if needed[r.node] && v.node != nil && len(r.in) > 0 {
			return v.node
		}
		if len(queue) < 1000 {
			queue = append(queue, r.in...)
		}
	}
	return nil
}

// collections puts what was built of the file's collections into those of the graph.
func (im *importer) collections() {
	g := im.scope.Graph()
	for _, key := range slices.Sorted(maps.Keys(im.file.meta.Collections)) {
		c := im.file.meta.Collections[key]
		if key == graph.UpdateOps || key == graph.TrainableVariables || key == graph.GlobalVariables {
			continue
		}
		names := c.Nodes
		for _, b := range c.Bytes {
			if v, err := tffile.DecodeVariableDef([]byte(b)); err == nil {
				names = append(names[:len(names):len(names)], v.Name)
			}
		}
		for _, name := range names {
			r, err := im.file.linked.tensor(name)
			if err != nil {
				continue
			}
			if v := im.values[r]; v != nil && v.node != nil {
				g.AddToCollection(key, v.node)
			}
		}
	}
}
