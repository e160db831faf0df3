package tensorflow

import (
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
)

// node is a node of a graph whose inputs are found. Those of functions that are called stand beside the graph's own, under the call's
// name and theirs.
type node struct {
	name, op string
	attrs    map[string]tffile.Attr
	in       []ref
	control  []*node
	before   []*node // of control, what is built before it: what writes variables, and the pivot of a branch
	writes   bool    // it writes a variable when it runs, itself or through what it needs
	returns  []ref   // of a call of a function: what its outputs are
	done     *node   // of such a call: runs after the writes that no output needs; nil where there may be none
}

// ref is an output of a node.
type ref struct {
	*node
	out int
}

// linked is a graph with its edges.
type linked struct {
	nodes  []*node // in the file's order, those of a function after the call
	byName map[string]*node
}

// link finds the inputs of all nodes and puts the nodes of functions in the place of their calls.
func link(g tffile.GraphDef) (*linked, error) {
	defs := len(g.Nodes)
	l := linker{functions: map[string]*tffile.Function{}, out: &linked{byName: map[string]*node{}}}
	for i := range g.Functions {
		l.functions[g.Functions[i].Name] = &g.Functions[i]
		defs += len(g.Functions[i].Nodes)
	}
	l.most = 2*defs + mostInlined
	if _, err := l.body(g.Nodes, body{}, 0); err != nil {
		return nil, err
	}
	for _, n := range l.out.nodes {
		for i, r := range n.in {
			if r.done != nil {
				n.control = append(n.control, r.done)
			}
			if err := l.resolve(&n.in[i]); err != nil {
				return nil, err
			}
		}
		for i, from := range n.control {
			if from.done != nil {
				n.control[i] = from.done
			}
		}
	}
	l.out.orderWrites()
	return l.out, nil
}

// linker is the work of link.
type linker struct {
	functions map[string]*tffile.Function
	out       *linked
	most      int // nodes: calls can multiply them
}

// mostInlined is how many nodes the calls of functions may make in any case, beside one for each that the file has: some megabytes.
const mostInlined = 1 << 14

// maxCalls is how deep calls may lie in each other.
const maxCalls = 100

// body is a graph, or one call of a function: where it stands, its arguments, and the attributes of the call. pivot, in a branch of
// an If, is what nodes without inputs run after, so that they are known to stand in it. start, of a call with control edges, is what all
// nodes run after.
type body struct {
	prefix string
	args   map[string]ref
	attrs  map[string]tffile.Attr
	pivot  *node
	start  *node
}

// body adds the nodes of a graph or of a call, and returns them by name.
func (l *linker) body(defs []tffile.NodeDef, b body, depth int) (map[string]*node, error) {
	if depth > maxCalls {
		return nil, errors.Errorf("functions call each other deeper than %d", maxCalls)
	}
	nodes := make(map[string]*node, len(defs))
	added := make([]*node, len(defs))
	for i, def := range defs {
		if nodes[def.Name] != nil {
			return nil, errors.Errorf("two nodes have the name %q", b.prefix+def.Name)
		}
		n, err := l.add(b.prefix+def.Name, def.Op)
		if err != nil {
			return nil, err
		}
		n.attrs = b.filled(def.Attrs)
		nodes[def.Name], added[i] = n, n
	}
	for i, def := range defs {
		for _, in := range def.Inputs {
			if err := added[i].connect(in, nodes, b, l.functions); err != nil {
				return nil, errors.Wrapf(err, "node %q, %s", added[i].name, def.Op)
			}
		}
	}
	for _, n := range added {
		if b.pivot != nil && len(n.in) == 0 {
			n.control = append(n.control, b.pivot)
		}
		if b.start != nil {
			n.control = append(n.control, b.start)
		}
		if err := l.call(n, depth); err != nil {
			return nil, errors.Wrapf(err, "node %q, %s", n.name, n.op)
		}
	}
	return nodes, nil
}

// add adds a node without inputs.
func (l *linker) add(name, op string) (*node, error) {
	if len(l.out.nodes) >= l.most {
		return nil, errors.Errorf("the calls of functions make more than %d nodes of the graph", l.most)
	}
	n := &node{name: name, op: op}
	l.out.nodes = append(l.out.nodes, n)
	if l.out.byName[name] == nil {
		l.out.byName[name] = n
	}
	return n, nil
}

// filled puts the attributes of the call where those of a node stand for them.
func (b body) filled(attrs map[string]tffile.Attr) map[string]tffile.Attr {
	out, copied := attrs, false
	for name, a := range attrs {
		p, ok := a.Value.(tffile.Placeholder)
		if !ok {
			continue
		}
		if !copied {
			out, copied = make(map[string]tffile.Attr, len(attrs)), true
			for k, v := range attrs {
				out[k] = v
			}
		}
		out[name] = b.attrs[string(p)]
	}
	return out
}

// connect adds an input, as the node's definition names it.
func (n *node) connect(in string, nodes map[string]*node, b body, functions map[string]*tffile.Function) error {
	if name, ok := strings.CutPrefix(in, "^"); ok {
		from := nodes[name]
		if _, isArg := b.args[name]; from == nil && !isArg {
			return errors.Errorf("its control input %q is not in the graph", name)
		}
		if from != nil {
			n.control = append(n.control, from)
		}
		return nil
	}
	r, err := inputOf(in, nodes, b.args, functions)
	n.in = append(n.in, r)
	return err
}

// inputOf returns the tensor "node", "node:1" or, in functions, "node:output:1" or "argument".
func inputOf(name string, nodes map[string]*node, args map[string]ref, functions map[string]*tffile.Function) (ref, error) {
	if r, ok := args[name]; ok {
		return r, nil
	}
	parts := strings.Split(name, ":")
	n := nodes[parts[0]]
	if n == nil {
		return ref{}, errors.Errorf("its input %q is not in the graph", name)
	}
	r := ref{node: n}
	if len(parts) > 1 {
		out, err := strconv.Atoi(parts[len(parts)-1])
		if err != nil || out < 0 || len(parts) > 3 {
			return ref{}, errors.Errorf("its input is %q; want a node and the number of an output", name)
		}
		r.out = out
	}
	if len(parts) == 3 {
		r.out += firstOutput(n.op, parts[1], functions)
	}
	return r, nil
}

// resolve goes from a call's output to what the function returns there.
func (l *linker) resolve(r *ref) error {
	for steps := 0; r.returns != nil; steps++ {
		if r.out >= len(r.returns) {
			return errors.Errorf("the function that node %q calls has %d outputs; there is no number %d", r.name, len(r.returns), r.out)
		}
		if steps > len(l.out.nodes) {
			return errors.Errorf("the call %q returns its own output", r.name)
		}
		*r = r.returns[r.out]
	}
	return nil
}
