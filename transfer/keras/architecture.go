package keras

import (
	"encoding/json"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

const (
	mostNesting = 32    // of models in models, and of lists in lists
	mostLayers  = 20000 // of an architecture, and of the calls and steps that Import builds: far more than published models have
)

// What parts of an architecture take, beside their texts.
const (
	layerBytes      = 1024 // with the options and functions that it is built by, or with a list of layers and an index of them
	invocationBytes = 128
	referenceBytes  = 128
	argumentBytes   = 128
	pairBytes       = 128 // of metadata
)

// architecture is a Sequential or Functional model as its config describes it.
type architecture struct {
	name    string
	layers  []*layer
	index   map[string]int // of layers by name
	folders []string       // of layers in files of Keras 3
	inputs  []reference
	outputs []reference
}

// layer is a layer of an architecture: what its config says, and the values that it is called with.
type layer struct {
	class, name string
	calls       []invocation
	options     *options
	inner       *architecture // of a layer that is a model itself
	build       build         // nil before it is read, and for input layers and models
}

// invocation is one call of a layer, a node in the words of Keras.
type invocation struct {
	inputs    []reference
	inference bool     // called with training=False
	arguments []string // others that are not supported
}

// object is how Keras writes an object: its class, and what makes one like it.
type object struct {
	Class  string          `json:"class_name"`
	Config json.RawMessage `json:"config"`
}

// outermost is a file of an architecture: model.to_json, the attribute model_config, the modelTopology of a TensorFlow.js model.
type outermost struct {
	object
	ModelConfig  json.RawMessage `json:"model_config"`
	KerasVersion string          `json:"keras_version"`
	Module       string          `json:"module"` // of the class; only Keras 3 writes it without a version
}

// modelConfig is the config of a model.
type modelConfig struct {
	Name    string            `json:"name"`
	Layers  []json.RawMessage `json:"layers"`
	Inputs  json.RawMessage   `json:"input_layers"`
	Outputs json.RawMessage   `json:"output_layers"`

	BuildInputShape json.RawMessage `json:"build_input_shape"` // of a Sequential model of Keras 2 without an input layer
}

// layerConfig is how a model describes a layer.
type layerConfig struct {
	object
	Name  string            `json:"name"`
	Calls []json.RawMessage `json:"inbound_nodes"`
	Build struct {
		InputShape json.RawMessage `json:"input_shape"`
	} `json:"build_config"`
}

// decoder reads architectures.
type decoder struct {
	layers int            // how many there have been
	room   *budget.Budget // for what the description says
}

// model reads a model that lies in so many others.
func (d *decoder) model(o object, depth int) (*architecture, error) {
	sequential := o.Class == "Sequential"
	switch {
	case depth > mostNesting:
		return nil, errors.Errorf("models lie deeper than %d in each other", mostNesting)
	case !sequential && !isModel(o.Class):
		return nil, errors.Errorf("the model is of class %q; want Sequential, Model or Functional: of others Keras keeps no description", o.Class)
	}
	cost := budget.JSON(o.Config, 2) // the texts of layers stay here while these are read
	if err := d.room.Take(layerBytes + cost); err != nil {
		return nil, err
	}
	defer d.room.Give(cost)
	var cfg modelConfig
	if err := json.Unmarshal(o.Config, &cfg.Layers); err != nil { // Sequential models of Keras before 2.2.3 are a list of layers
		if err := json.Unmarshal(o.Config, &cfg); err != nil {
			return nil, errors.Wrapf(err, "the config of a %s model", o.Class)
		}
	}
	a := &architecture{name: cfg.Name, index: map[string]int{}}
	for i, text := range cfg.Layers {
		if err := d.layer(a, text, sequential, depth); err != nil {
			return nil, errors.Wrapf(err, "layer %d", i)
		}
	}
	if len(a.layers) == 0 {
		return nil, errors.Errorf("the model %q has no layers", cfg.Name)
	}
	if sequential {
		err := a.chain(cfg.BuildInputShape)
		a.folders = folders(a.layers)
		return a, err
	}
	a.folders = folders(a.layers)
	var err error
	if a.inputs, err = d.references(cfg.Inputs, 0); err != nil {
		return nil, errors.Wrap(err, "input_layers")
	}
	if a.outputs, err = d.references(cfg.Outputs, 0); err != nil {
		return nil, errors.Wrap(err, "output_layers")
	}
	a.renumber()
	return a, a.check()
}

func isModel(class string) bool { return class == "Model" || class == "Functional" }

// layer reads a layer and adds it.
func (d *decoder) layer(a *architecture, text json.RawMessage, sequential bool, depth int) error {
	if d.layers++; d.layers > mostLayers {
		return errors.Errorf("there are more than %d layers", mostLayers)
	}
	cost := budget.JSON(text, 2)
	if err := d.room.Take(layerBytes + cost); err != nil {
		return err
	}
	defer d.room.Give(cost)
	var cfg layerConfig
	if err := json.Unmarshal(text, &cfg); err != nil {
		return errors.WithStack(err)
	}
	if err := d.room.Take(int64(4*len(cfg.Class) + len(cfg.Name))); err != nil { // the class is found in folders of files, too
		return err
	}
	l := &layer{class: cfg.Class, name: cfg.Name, options: &options{room: d.room}}
	defer func() { l.options.room = nil }()
	if cfg.Class == "Sequential" || isModel(cfg.Class) {
		inner, err := d.model(cfg.object, depth+1)
		if err != nil {
			return errors.Wrapf(err, "%.100q", cfg.Name)
		}
		if l.inner = inner; l.name == "" {
			l.name = inner.name
		}
	}
	if l.inner == nil || cfg.Config[0] == '{' {
		if err := l.options.decodeFields(cfg.Config); err != nil {
			return errors.Wrapf(err, "the config of %.100q", cfg.Name)
		}
	}
	if l.name == "" {
		l.name = l.options.text("name", "")
	}
	if _, ok := l.options.fields["build_input_shape"]; !ok && cfg.Build.InputShape != nil && l.options.fields != nil {
		l.options.fields["build_input_shape"] = cfg.Build.InputShape
	}
	if l.inner != nil && l.options.fields != nil {
		delete(l.options.fields, "layers") // which have been read
	}
	if l.name == "" || l.class == "" {
		return errors.New("it has no name or no class_name")
	}
	if _, twice := a.index[l.name]; twice {
		return errors.Errorf("two layers are called %.100q", l.name)
	}
	if !sequential {
		for _, text := range cfg.Calls {
			c, err := d.invocation(text)
			if _, known := readers[l.class]; err != nil && (known || l.inner != nil) {
				return errors.Wrapf(err, "%.100q", l.name)
			}
			for _, name := range c.arguments {
				l.options.refuse("calls with the argument " + name)
			}
			l.calls = append(l.calls, c)
		}
		if len(l.calls) == 0 && isInput(l.class) {
			l.calls = make([]invocation, 1)
		}
	}
	a.index[l.name] = len(a.layers)
	a.layers = append(a.layers, l)
	return nil
}

func isInput(class string) bool { return class == "InputLayer" }

// chain makes each layer of a Sequential model follow the one before. Where there is no input layer, one is made, with the name and the shape
// that Keras gives it; the shape is that of the first layer's config, or else what the model was built for.
func (a *architecture) chain(built json.RawMessage) error {
	first := a.layers[0]
	if !isInput(first.class) {
		shape := built
		for l := first; l != nil; l = l.innermostFirst() {
			for _, key := range []string{"build_input_shape", "batch_shape", "batch_input_shape"} {
				if s, ok := l.options.fields[key]; ok && string(s) != "null" {
					shape = s
				}
			}
			if isInput(l.class) || l.inner == nil {
				break
			}
		}
		in := &layer{class: "InputLayer", name: first.name + "_input", options: &options{fields: map[string]json.RawMessage{}}}
		if shape != nil {
			in.options.fields["batch_input_shape"] = shape
		}
		if dt, ok := first.options.fields["dtype"]; ok {
			in.options.fields["dtype"] = dt
		}
		if _, taken := a.index[in.name]; taken {
			return errors.Errorf("two layers are called %.100q", in.name)
		}
		a.layers = append([]*layer{in}, a.layers...)
		for i, l := range a.layers {
			a.index[l.name] = i
		}
	}
	for i, l := range a.layers {
		l.calls = make([]invocation, 1)
		if i > 0 {
			l.calls[0].inputs = []reference{{layer: a.layers[i-1].name}}
		}
	}
	a.inputs, a.outputs = []reference{{layer: a.layers[0].name}}, []reference{{layer: a.layers[len(a.layers)-1].name}}
	return nil
}

// innermostFirst is the first layer of a layer that is a model, nil of others.
func (l *layer) innermostFirst() *layer {
	if l.inner == nil {
		return nil
	}
	return l.inner.layers[0]
}
