package zoo

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// layer is what an endpoint adds to a network: the nodes that it needs and that no
// earlier endpoint does, each after its inputs.
type layer struct {
	Endpoint
	nodes gorgonia.Nodes
}

// layers returns what each endpoint adds, and what the output adds to the last of them.
func (m *Model) layers() []layer {
	g := m.scope.Graph()
	seen := map[*gorgonia.Node]bool{nil: true, m.Input: true}
	var l *layer
	var visit func(n *gorgonia.Node)
	visit = func(n *gorgonia.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		d := g.Describe(n)
		visit(d.Producer)
		for _, in := range d.Inputs {
			visit(in)
		}
		l.nodes = append(l.nodes, n)
	}
	all := make([]layer, len(m.endpoints))
	for i, e := range m.endpoints {
		l = &all[i]
		l.Endpoint = e
		visit(e.Node)
	}
	if l != nil {
		visit(m.Output)
	}
	return all
}

// shapes infers the specs of a network's nodes for a shape of its input.
type shapes struct {
	g     *graph.Graph
	specs map[*gorgonia.Node]graph.Spec
}

// infer settles n, whose inputs are settled.
func (s shapes) infer(n *gorgonia.Node) error {
	d := s.g.Describe(n)
	switch def, ok := s.g.OpOf(n); {
	case d.Kind == graph.BadNode:
		return s.g.Err()
	case d.Kind == graph.ExtraOutputNode:
		aux, err := s.aux(d)
		if err != nil {
			return errors.Wrap(err, d.Name)
		}
		s.specs[n] = aux
	case ok:
		spec, err := def.Infer(s.of(d.Inputs))
		if err != nil {
			return errors.Wrap(err, d.Name)
		}
		s.specs[n] = spec
	default:
		s.specs[n] = d.Spec
	}
	return nil
}

// aux infers an extra output.
func (s shapes) aux(d graph.Description) (graph.Spec, error) {
	def, ok := s.g.OpOf(d.Producer)
	if !ok || def.Aux == nil {
		return d.Spec, nil
	}
	specs, err := def.Aux(s.of(s.g.InputsOf(d.Producer)))
	if err != nil {
		return graph.Spec{}, err
	}
	return specs[d.Output-1], nil
}

func (s shapes) of(nodes gorgonia.Nodes) []graph.Spec {
	specs := make([]graph.Spec, len(nodes))
	for i, n := range nodes {
		specs[i] = s.specs[n]
	}
	return specs
}

// multiplyAdds returns how many multiplications with an addition n takes.
func (s shapes) multiplyAdds(n *gorgonia.Node) int64 {
	def, ok := s.g.OpOf(n)
	if !ok || def.MultiplyAdds == nil {
		return 0
	}
	return def.MultiplyAdds(s.of(s.g.InputsOf(n)), s.specs[n])
}

// elements returns the number of elements of a shape.
func elements(shape tensor.Shape) int64 {
	n := int64(1)
	for _, d := range shape {
		n *= int64(d)
	}
	return n
}
