package keras

import (
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/weights"
)

var _ network.Describer = (*Model)(nil)

// Describe says which classes of layers the model has, in models in it too (which count themselves as well), and what it takes and gives. A layer
// that is called several times is one. Of outputs a description has no shapes, and of inputs only where their layers say it.
func (m *Model) Describe() network.Summary {
	s := network.Summary{Ops: map[string]int{}}
	m.architecture.count(s.Ops)
	for _, r := range m.architecture.inputs {
		o := m.architecture.layers[m.architecture.index[r.layer]].options
		v := network.Value{Name: r.layer}
		for dt, name := weights.Float32, inputDType(o); dt <= weights.Bool; dt++ {
			if dt.String() == name {
				v.DType = dt
			}
		}
		if shape, err := inputShape(o); err == nil {
			v.Shape = shape
		}
		s.Inputs = append(s.Inputs, v)
	}
	for _, r := range m.architecture.outputs {
		s.Outputs = append(s.Outputs, network.Value{Name: r.name()})
	}
	return s
}

// Nodes lists the calls of layers, those of models in the model after the call of it, which Network.Node finds by the name of the model's layer and theirs.
func (m *Model) Nodes() []network.Node { return m.architecture.nodes("") }

// nodes lists the calls of an architecture whose layers have so many names before theirs.
func (a *architecture) nodes(before string) []network.Node {
	var nodes []network.Node
	for _, l := range a.layers {
		for k, c := range l.calls {
			name := before + reference{layer: l.name, call: k}.name()
			n := network.Node{Name: name, Op: l.class, Outputs: []network.Value{{Name: name}}}
			for _, r := range c.inputs {
				n.Inputs = append(n.Inputs, before+r.name())
			}
			nodes = append(nodes, n)
		}
		if l.inner != nil {
			nodes = append(nodes, l.inner.nodes(before+l.name+"/")...)
		}
	}
	return nodes
}

// count adds the classes of the layers.
func (a *architecture) count(classes map[string]int) {
	for _, l := range a.layers {
		if classes[l.class]++; l.inner != nil {
			l.inner.count(classes)
		}
	}
}
