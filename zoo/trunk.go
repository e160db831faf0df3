package zoo

import "gorgonia.org/gorgonia"

// Trunk returns the endpoints that all of the input's way to the output leads through, from the input on: where the network can be cut in two,
// so that the lower part is frozen or its values are kept. Branches that lie side by side, and what a skip connection goes around, have
// none.
func (m *Model) Trunk() []Endpoint {
	g := m.scope.Graph()
	inputs := map[*gorgonia.Node]gorgonia.Nodes{}
	// around tells whether a way leads from n down to the input that avoids cut.
	var around func(n, cut *gorgonia.Node, seen map[*gorgonia.Node]bool) bool
	around = func(n, cut *gorgonia.Node, seen map[*gorgonia.Node]bool) bool {
		switch {
		case n == nil || n == cut || seen[n]:
			return false
		case n == m.Input:
			return true
		}
		seen[n] = true
		below, known := inputs[n]
		if !known {
			d := g.Describe(n)
			below = append(d.Inputs[:len(d.Inputs):len(d.Inputs)], d.Producer)
			inputs[n] = below
		}
		for _, in := range below {
			if around(in, cut, seen) {
				return true
			}
		}
		return false
	}
	var all []Endpoint
	if !around(m.Output, nil, map[*gorgonia.Node]bool{}) { // a network with errors
		return nil
	}
	for _, e := range m.endpoints {
		if e.Node != m.Input && !around(m.Output, e.Node, map[*gorgonia.Node]bool{}) {
			all = append(all, e)
		}
	}
	return all
}
