package keras

import (
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/network"
)

// Import builds the model in scope s. Each layer has the scope of its name, in a model in a model that of both, and there the variables that Keras has,
// such as dense_1/kernel. They are trainable where the layer is; the statistics of batch normalisation never are. Their initial values are those of
// the file of weights, which must have all of them, or where there is no file the initializers of the config. Regularizers and constraints are
// registered; Ignored lists those that there are not. Network.Variables are the variables by the names of the file's tensors; where there is no
// file there are none.
//
// Inputs are named as their layers, outputs and Config.Outputs as the layers that compute them, and Network.Node finds what any layer
// computes: "name" in its first call, "name:1" in its second, "name:0:1" its second output there, "model/name" in a model in the model. Images
// are as the layers have them, [batch, height, width, channels] unless their data_format is channels_first.
//
// Batch normalisation that was frozen normalises by its moving statistics even where Config.Training holds, as in TensorFlow 2. Layers and models that
// are called with training=False do that, and drop nothing. Classes and options that are not supported, with their counts, are one error; README.md lists the
// layers that are.
func (m *Model) Import(s *graph.Scope, cfg network.Config) (*network.Network, error) {
	outputs, places, err := m.wanted(cfg.Outputs)
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	if err := m.supported(places); err != nil {
		return nil, err
	}
	n, err := m.build(s, cfg, outputs, places)
	return n, errors.Wrap(err, format)
}

// wanted finds the outputs of these names, or the model's own, and the calls of layers that they need.
func (m *Model) wanted(names []string) ([]reference, []place, error) {
	outputs := m.architecture.outputs
	if names != nil {
		outputs = nil
		for _, name := range names {
			r, err := m.architecture.find(name)
			if err != nil {
				return nil, nil, err
			}
			outputs = append(outputs, r)
		}
	}
	places, err := m.architecture.order(outputs)
	return outputs, places, err
}

func (m *Model) build(s *graph.Scope, cfg network.Config, outputs []reference, places []place) (*network.Network, error) {
	a := m.architecture
	im := &importer{stored: newStored(m.weights), layers: map[*layer]*built{}, values: map[numbered]gorgonia.Nodes{}, masks: map[*gorgonia.Node]*gorgonia.Node{}}
	var inputs []network.Endpoint
	fed := map[string]gorgonia.Nodes{}
	given := map[string]bool{}
	for _, r := range a.inputs {
		x, fixed, err := input(s, a.layers[a.index[r.layer]], cfg)
		if err != nil {
			return nil, errors.Wrapf(err, "the input %.200q", r.layer)
		}
		given[r.layer] = true
		if fed[r.layer] = (gorgonia.Nodes{x}); !fixed {
			inputs = append(inputs, network.Endpoint{Name: r.layer, Node: x})
		}
	}
	for name := range cfg.Inputs {
		if !given[name] {
			return nil, errors.Errorf("the model has no input %q; it has %s", name, names(a.inputs))
		}
	}
	for name := range cfg.Constants {
		if !given[name] {
			return nil, errors.Errorf("the model has no input %q; it has %s", name, names(a.inputs))
		}
	}
	env := environment{scope: s, training: cfg.Training, trainable: true, folder: "layers/"}
	if _, err := im.run(a, places, env, fed); err != nil {
		return nil, err
	}
	find := func(name string) (*gorgonia.Node, error) { x, err := im.node(name); return x, errors.Wrap(err, format) }
	var ends []network.Endpoint
	for i, r := range outputs {
		name := r.name()
		if cfg.Outputs != nil {
			name = cfg.Outputs[i]
		}
		x, err := im.node(name)
		if err != nil {
			return nil, err
		}
		ends = append(ends, network.Endpoint{Name: name, Node: x})
	}
	net := network.New(inputs, ends, find)
	net.Variables = im.variables
	return net, nil
}

// importer builds a graph.
type importer struct {
	stored *stored
	layers map[*layer]*built
	values map[numbered]gorgonia.Nodes // what each call of a layer gives
	masks  map[*gorgonia.Node]*gorgonia.Node
	steps  int // calls of layers, and steps of recurrent ones, that were built

	variables []network.Endpoint // by their names in the file
}

// numbered is a call of a layer by the names of the models that it is in and its own. In a model that is called several times the calls go on from one
// to the next.
type numbered struct {
	path string
	call int
}

// environment is where a model's layers are built.
type environment struct {
	scope     *graph.Scope
	training  *gorgonia.Node
	trainable bool
	path      string   // of values, with a "/" behind it
	call      int      // the number of this call of the model
	models    []string // that the layers are in
	folder    string   // of the layers in files of Keras 3
}

// step counts against the bound of what is built: a short file can call models that call models.
func (im *importer) step() error {
	if im.steps++; im.steps > mostLayers {
		return errors.Errorf("the model has more than %d layers, or steps of recurrent layers", mostLayers)
	}
	return nil
}

// supported returns an error that lists what these calls need and is not supported.
func (m *Model) supported(places []place) error {
	counts := map[string]int{}
	seen := map[*layer]bool{}
	var count func(a *architecture, places []place)
	count = func(a *architecture, places []place) {
		for _, p := range places {
			l := a.layers[p.layer]
			if seen[l] {
				continue
			}
			seen[l] = true
			if l.inner != nil {
				if all, err := l.inner.order(l.inner.outputs); err == nil {
					count(l.inner, all)
				}
			}
			for _, what := range l.options.unsupported {
				counts[what]++
			}
		}
	}
	count(m.architecture, places)
	return network.Unsupported(format, "layers and options", counts)
}

// run builds calls of the layers of a model whose inputs are fed, and returns what they give.
func (im *importer) run(a *architecture, places []place, env environment, fed map[string]gorgonia.Nodes) (map[place]gorgonia.Nodes, error) {
	results := map[place]gorgonia.Nodes{}
	for _, p := range places {
		l := a.layers[p.layer]
		at := numbered{env.path + l.name, env.call*len(l.calls) + p.call}
		if err := im.step(); err != nil {
			return nil, err
		}
		out := fed[l.name]
		if !isInput(l.class) {
			in, err := a.values(results, l.calls[p.call].inputs)
			if err == nil {
				out, err = im.call(l, p, at, env, a.folders[p.layer], in)
			}
			if err != nil {
				return nil, errors.Wrapf(err, "%s %.200q", l.class, at.path)
			}
		} else if out == nil {
			return nil, errors.Errorf("the layer %.200q is no input of the model", at.path)
		}
		results[p], im.values[at] = out, out
	}
	return results, nil
}

// values looks references up in what was built.
func (a *architecture) values(results map[place]gorgonia.Nodes, references []reference) (gorgonia.Nodes, error) {
	var all gorgonia.Nodes
	for _, r := range references {
		values := results[place{a.index[r.layer], r.call}]
		if r.value >= len(values) {
			return nil, errors.Errorf("output %d of %.200q, which has %d", r.value, r.layer, len(values))
		}
		all = append(all, values[r.value])
	}
	return all, nil
}

// call builds one call of a layer.
func (im *importer) call(l *layer, p place, at numbered, env environment, folder string, in gorgonia.Nodes) (gorgonia.Nodes, error) {
	if l.calls[p.call].inference {
		env.training = nil
	}
	b := im.layers[l]
	if b == nil {
		b = &built{name: l.name, scope: env.scope.Sub(network.ValidName(l.name)), trainable: env.trainable && l.options.flag("trainable", true), variables: map[string]*gorgonia.Node{}}
		if l.inner == nil {
			b.stored = im.stored.layer(env.models, l.name, env.folder+folder)
		}
		im.layers[l] = b
	}
	if l.inner != nil {
		return im.inner(l.inner, b, at, env, folder, in)
	}
	dt, known := l.options.dtype()
	for i, x := range in {
		if sp := graph.SpecOf(x); sp.IsFloat() {
			if !known {
				dt, known = sp.Dtype, true
			}
			if sp.Dtype != dt {
				in[i] = ops.Cast(env.scope, x, dt)
				im.mask(in[i], im.masks[x])
			}
		}
	}
	if b.dtype.Type == nil {
		if b.dtype = dt; !known {
			b.dtype = env.scope.Graph().Dtype()
		}
	}
	c := &call{built: b, im: im, s: b.scope.Reuse(), training: env.training}
	out, err := l.build(c, in)
	if err == nil {
		err = env.scope.Graph().Err()
	}
	if err == nil {
		err = im.passMask(l.class, in, out)
	}
	if err != nil {
		return nil, err
	}
	for _, y := range out {
		if n := elements(graph.SpecOf(y).Shape); n > mostElements {
			return nil, errors.Errorf("it gives %v, more than %d elements", graph.SpecOf(y), mostElements)
		}
	}
	return out, nil
}

// elements multiplies the sizes that are known.
func elements(shape tensor.Shape) float64 {
	n := 1.0
	for _, d := range shape {
		n *= float64(max(1, d))
	}
	return n
}

// inner builds one call of a layer that is a model.
func (im *importer) inner(a *architecture, b *built, at numbered, env environment, folder string, in gorgonia.Nodes) (gorgonia.Nodes, error) {
	if len(in) != len(a.inputs) {
		return nil, errors.Errorf("it is called with %d inputs; want %d", len(in), len(a.inputs))
	}
	fed := map[string]gorgonia.Nodes{}
	for i, r := range a.inputs {
		fed[r.layer] = gorgonia.Nodes{in[i]}
	}
	places, err := a.order(a.outputs)
	if err != nil {
		return nil, err
	}
	results, err := im.run(a, places, environment{scope: b.scope, training: env.training, trainable: b.trainable, path: at.path + "/", call: at.call,
		models: append(slices.Clone(env.models), b.name), folder: env.folder + folder + "/layers/"}, fed)
	if err != nil {
		return nil, err
	}
	return a.values(results, a.outputs)
}
