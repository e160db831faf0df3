package zoo

import (
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// Model is a network built into a graph.
type Model struct {
	Name   string         // of the architecture, such as "LeNet-5"
	Input  *gorgonia.Node // what it was built on
	Output *gorgonia.Node // what its last layer gives

	scope     *graph.Scope
	cfg       Config
	ports     []published
	entry     *Pretrained // whose weights are loaded; nil but for those of Build
	endpoints []Endpoint
	network   *network.Network // of which it was imported; nil for the architectures of the zoo
}

// Endpoint is the output of a layer, or of a block of layers, under the name that the
// architecture's documentation gives.
type Endpoint struct {
	Name string
	Node *gorgonia.Node
}

// Endpoints returns what every layer gives, in the order in which they were built.
func (m *Model) Endpoints() []Endpoint { return append([]Endpoint(nil), m.endpoints...) }

// Endpoint returns what the layer of that name gives. Of a network that stands in its file, these are all values that the file names, in its
// layout, though Endpoints are its outputs only. A missing name is a build error of
// the graph that lists the names there are, and gives a bad node.
func (m *Model) Endpoint(name string) *gorgonia.Node {
	if m.network != nil {
		if n, err := m.network.Node(name); err == nil {
			return n
		}
	}
	names := make([]string, len(m.endpoints))
	for i, e := range m.endpoints {
		if e.Name == name {
			return e.Node
		}
		names[i] = e.Name
	}
	return m.scope.Failf("Endpoint", gorgonia.Nodes{m.Output}, "%s has no endpoint %q; it has %s", m.Name, name, strings.Join(names, ", "))
}

// Variables returns the variables of the network in the order in which they were
// created, batch norm's statistics among them.
func (m *Model) Variables() gorgonia.Nodes {
	mine := map[*gorgonia.Node]bool{}
	for _, l := range m.layers() {
		for _, n := range l.nodes {
			mine[n] = true
		}
	}
	return slices.DeleteFunc(m.scope.Graph().Variables(), func(n *gorgonia.Node) bool { return !mine[n] })
}

// Close closes the file of a network that stands in its file, where that is one which stays open: those of Keras do, ONNX's and TensorFlow.js' do not. Variables without a value
// get none of the file by Session.Init any more; Load works as before. Other networks have no file open.
func (m *Model) Close() error {
	if m == nil {
		return nil
	}
	return errors.Wrap(m.network.Close(), "zoo")
}
