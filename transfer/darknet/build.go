package darknet

import (
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/transfer/weights"
)

// BuildConfig configures Build. The zero value is for inference.
type BuildConfig struct {
	// Training is a scalar bool. Where it holds, batch norm goes by the batch and dropout drops; nil is
	// never. (In training Darknet divides by the unbiased variance, batch norm here by the biased one.)
	Training *gorgonia.Node
	// Kernel draws the initial kernels; default initializers.He, which is Darknet's rule but for the cut-off.
	Kernel graph.Initializer
	// Weights has the initial values of all variables, by the names that Variables have beneath the scope, as OpenWeights opens them: it must be open when
	// Session.Init asks for them. nil is what is drawn, zeros and ones.
	Weights *weights.File
}

// Model is a Network built into a graph.
type Model struct {
	Input  *gorgonia.Node
	Output *gorgonia.Node // of the last layer
	// Layers are what the layers compute, in their order. A detection layer is what the layer before computes; its
	// Head says what that means.
	Layers []Layer
	Heads  []Head // of the detection layers, in their order

	scope *graph.Scope
}

// Layer is the output of a layer.
type Layer struct {
	Name string // of the section and its number, such as "conv8"
	Line int    // of the .cfg
	Node *gorgonia.Node
}

// Build makes a graph of the network. x is the image, float32 or float64 [batch, height, width, channels] with
// values of 0 to 1. The channels must be those of [net]; the other sizes need not be, and may be unknown unless a
// layer such as [reorg] or [connected] depends on them. The variables of a layer stand in s.Sub of its name: kernel and bias, or
// with batch_normalize kernel, gamma, beta, moving_mean and moving_variance.
//
// What is wrong with the network is a build error of the graph, with the line; then Output is a bad node.
func (n *Network) Build(s *graph.Scope, x *gorgonia.Node, cfg BuildConfig) *Model {
	m := &Model{Input: x, scope: s}
	fail := func(err error) *Model {
		m.Output = s.Fail("Build", gorgonia.Nodes{x}, graph.Spec{Dtype: graph.SpecOf(x).Dtype, Shape: unknown(4)}, errors.WithMessage(err, "darknet"))
		return m
	}
	layers, err := n.readLayers()
	if err != nil {
		return fail(err)
	}
	if err := n.checkInput(x); err != nil {
		return fail(err)
	}
	b := &builder{network: n, model: m, training: cfg.Training, kernel: cfg.Kernel, weights: cfg.Weights}
	if b.kernel == nil {
		b.kernel = initializers.He()
	}
	y := x
	for i, l := range layers {
		name := n.layerName(i)
		y = l.build(b, s.Sub(name), y)
		m.Layers = append(m.Layers, Layer{name, n.Layers[i].Line, y})
		if graph.IsBad(y) { // what follows can only complain of this
			break
		}
	}
	m.Output = y
	return m
}

// checkInput says whether x is an image for the network.
func (n *Network) checkInput(x *gorgonia.Node) error {
	_, _, channels := n.Input()
	sp := graph.SpecOf(x)
	switch {
	case x == nil:
		return errors.New("x is nil; want a placeholder for the image")
	case sp.Rank() != 4 || !sp.IsFloat():
		return errors.Errorf("x is %v; want float32 or float64 [batch, height, width, channels]", sp)
	case channels != 0 && sp.Shape[3] != channels:
		return errors.Errorf("x is %v; want %d channels as in line %d, [net]", sp, channels, n.Net.Line)
	}
	return nil
}

// Endpoint returns what the layer of that name computes. A missing name is a build error of the graph that lists the
// names there are, and gives a bad node.
func (m *Model) Endpoint(name string) *gorgonia.Node {
	names := make([]string, len(m.Layers))
	for i, l := range m.Layers {
		if l.Name == name {
			return l.Node
		}
		names[i] = l.Name
	}
	return m.scope.Failf("Endpoint", gorgonia.Nodes{m.Output}, "the network has no layer %q; it has %s", name, strings.Join(names, ", "))
}

// Variables returns the variables of the network, layer by layer, batch norm's statistics among them.
func (m *Model) Variables() gorgonia.Nodes {
	g := m.scope.Graph()
	prefix := m.scope.VariablePath()
	if prefix != "" {
		prefix += "/"
	}
	var out gorgonia.Nodes
	for _, l := range m.Layers {
		for _, name := range []string{"kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"} {
			if v, ok := g.Lookup(prefix + l.Name + "/" + name); ok && g.IsVariable(v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// builder is what layers need to know of the rest of the network.
type builder struct {
	network  *Network
	model    *Model
	training *gorgonia.Node
	kernel   graph.Initializer
	weights  *weights.File
}

// initial is the initial value of a variable of the layer that is being built: that of the file, or where there is none what it is otherwise.
func (b *builder) initial(kind string, otherwise graph.Initializer) graph.Initializer {
	if b.weights == nil {
		return otherwise
	}
	name := b.network.layerName(len(b.model.Layers)) + "/" + kind
	t, ok := b.weights.Lookup(name)
	if !ok {
		return missing(name)
	}
	return weights.Initializer(t)
}

// missing is the initial value of a variable that a file lacks.
type missing string

// Initialize implements graph.Initializer.
func (m missing) Initialize(*graph.Initial) error {
	return errors.Errorf("darknet: the file of weights has no tensor %q; want those that OpenWeights opens for this network", string(m))
}

// fail is a build error of the layer in s, number len(b.model.Layers), with its line.
func (b *builder) fail(s *graph.Scope, x *gorgonia.Node, format string, args ...interface{}) *gorgonia.Node {
	section := b.network.Layers[len(b.model.Layers)]
	return s.Fail(section.Name, gorgonia.Nodes{x}, graph.Spec{Dtype: graph.SpecOf(x).Dtype, Shape: unknown(4)},
		errors.Errorf("line %d: "+format, append([]interface{}{section.Line}, args...)...))
}

// at finds a layer by its number, counted from 0, or where that is negative back from the layer that is being
// built.
func (b *builder) at(index int) (Layer, error) {
	here := len(b.model.Layers)
	i := index
	if i < 0 {
		i += here
	}
	if i < 0 || i >= here {
		return Layer{}, errors.Errorf("layer %d is not one of the %d before this one", index, here)
	}
	if l := b.model.Layers[i]; kinds[b.network.Layers[i].Name].name != "region" && kinds[b.network.Layers[i].Name].name != "yolo" {
		return l, nil
	}
	return Layer{}, errors.Errorf("layer %d is a detection layer, which gives boxes; want the layer before it", index)
}

func unknown(rank int) tensor.Shape {
	shape := make(tensor.Shape, rank)
	for i := range shape {
		shape[i] = graph.Unknown
	}
	return shape
}
