package graph

import (
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
)

// nativeConstant returns the value of a constant that Gorgonia made, or nil.
func nativeConstant(n *gorgonia.Node) gorgonia.Value {
	if _, ours := n.Op().(*op); ours {
		return nil
	}
	if c, ok := n.Op().(interface{ Value() gorgonia.Value }); ok && len(n.Op().String()) > 0 && n.Op().Arity() == 0 {
		return c.Value()
	}
	return nil
}

// nativeInputs returns the children of a node in order, duplicates kept.
func (g *Graph) nativeInputs(n *gorgonia.Node) gorgonia.Nodes {
	var in gorgonia.Nodes
	it := g.expr.From(n.ID())
	if it == nil {
		return nil
	}
	for it.Next() {
		in = append(in, it.Node().(*gorgonia.Node))
	}
	return in
}

// nativeName makes a legal name of a native op's description.
func nativeName(n *gorgonia.Node) string {
	name := n.Op().String()
	if i := strings.IndexAny(name, "( {<["); i > 0 {
		name = name[:i]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '.', r == '-':
			return r
		}
		return -1
	}, name)
	switch name {
	case "", "_", "-":
		return "native"
	}
	return strings.TrimLeft(name, "_-")
}

// nativeGradient asks a Gorgonia op for its SymDiff. Only the nodes that the
// call creates get this scope; Gorgonia may also return older ones.
func (s *Scope) nativeGradient(ni *nodeInfo, grad *gorgonia.Node) (grads gorgonia.Nodes) {
	sd, ok := ni.node.Op().(gorgonia.SDOp)
	if !ok {
		return nil
	}
	fail := func(err error) gorgonia.Nodes {
		return gorgonia.Nodes{s.Fail("Gradients", ni.in, ni.spec, errors.Wrapf(err,
			"Gorgonia cannot differentiate %s (%s); with sizes that are not known before a Run use Plexaura's op of that name", ni.name, opName(ni)))}
	}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *BuildError: // PanicOnError
			panic(r)
		default:
			grads = fail(errors.Errorf("panic: %v", r))
		}
	}()
	wrt := sd.DiffWRT(len(ni.in))
	grads = make(gorgonia.Nodes, len(ni.in))
	any := false
	for _, differentiable := range wrt {
		any = any || differentiable
	}
	if !any {
		return grads
	}
	found, err := sd.SymDiff(ni.in, ni.node, grad)
	if err != nil {
		return fail(err)
	}
	for i := range grads {
		if i < len(found) && i < len(wrt) && wrt[i] && found[i] != nil {
			s.adoptNative(found[i])
			grads[i] = found[i]
		}
	}
	return grads
}

// runNative computes a Gorgonia op on arrays. The op may keep or overwrite its
// values, so it gets copies.
func runNative(ni *nodeInfo, in []*Array) (out *Array, err error) {
	defer recoverKernel(&err)
	values := make([]gorgonia.Value, len(in))
	for i, a := range in {
		values[i] = nativeValue(a)
	}
	v, err := ni.node.Op().Do(values...)
	if err != nil {
		return nil, err
	}
	out = arrayOfValue(v)
	if out.size == 1 && ni.spec.Rank() == 0 {
		out.shape = ni.spec.Shape
	}
	return out, nil
}
