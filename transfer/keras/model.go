package keras

import (
	"encoding/json"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Model is a Sequential or Functional model: its layers, and the file that holds their weights, if there is one.
type Model struct {
	Name string
	// KerasVersion is that of the Keras which described the model, such as "2.4.0", "3.0.5" or "tfjs-layers 4.22.0"; "" where nothing says it.
	KerasVersion string

	architecture *architecture
	weights      *weights.File
	ignored      []string
}

// OpenModel opens a model that was saved whole, model.save, by Keras 2 as HDF5 or by Keras 3 as a .keras archive. A file of weights alone has no
// description of the layers, and is an error; ParseModel puts the two together. Close the result.
func OpenModel(path string) (*Model, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	m, err := fromFile(f)
	if err != nil {
		f.Close()
		return nil, errors.Wrapf(err, "%s: %s", format, path)
	}
	return m, nil
}

func fromFile(f *weights.File) (*Model, error) {
	config, ok := f.Metadata()["model_config"]
	if !ok {
		return nil, errors.New("it holds weights only; want a model_config, or the JSON of model.to_json for ParseModel")
	}
	return parseModel([]byte(config), f)
}

// FromFile makes a model of an opened file whose metadata have a "model_config": one of Open, or a layers model of tfjs.Open.
func FromFile(f *weights.File) (*Model, error) {
	m, err := fromFile(f)
	return m, errors.Wrap(err, format)
}

// ParseModel reads a model's description, the JSON of model.to_json or of an attribute model_config, with the weights of a file: one of Open, of
// tfjs.Open, or nil, where the layers begin as their config says. Weights are found by the names of layers and weights, or as Keras does by their order in a
// layer.
//
// What the description says is checked here, but for what depends on sizes.
func ParseModel(config []byte, f *weights.File) (*Model, error) {
	m, err := parseModel(config, f)
	return m, errors.Wrap(err, format)
}

func parseModel(config []byte, f *weights.File) (*Model, error) {
	room, err := roomFor(config, f)
	if err == nil {
		err = room.Take(budget.JSON(config, 1))
	}
	var top outermost
	if err == nil {
		err = json.Unmarshal(config, &top)
	}
	if err != nil {
		return nil, errors.Wrap(err, "the description of the model")
	}
	if top.ModelConfig != nil { // of a converted TensorFlow.js model
		version := top.KerasVersion
		if err := room.Take(budget.JSON(top.ModelConfig, 1)); err != nil {
			return nil, errors.Wrap(err, "model_config")
		}
		if err := json.Unmarshal(top.ModelConfig, &top); err != nil {
			return nil, errors.Wrap(err, "model_config")
		}
		top.KerasVersion = version
	}
	if top.KerasVersion == "" && f != nil {
		top.KerasVersion = f.Metadata()["keras_version"]
	}
	a, err := (&decoder{room: room}).model(top.object, 0)
	if err != nil {
		return nil, err
	}
	m := &Model{Name: a.name, KerasVersion: top.KerasVersion, architecture: a, weights: f}
	r := reader{model: m, room: room, version: 2, js: strings.HasPrefix(m.KerasVersion, "tfjs")}
	if !r.js && strings.HasPrefix(m.KerasVersion, "3") || m.KerasVersion == "" && top.Module != "" {
		r.version = 3
	}
	return m, r.read(a, "")
}

// roomFor is what a description may take in memory, beside the file of weights that it may come from. That has at least a quarter of the bytes that
// it holds of its largest tensor: integers of 8 bits are held as such of 32.
func roomFor(config []byte, f *weights.File) (*budget.Budget, error) {
	size, taken := int64(len(config)), int64(len(config))
	if f != nil {
		held := int64(0)
		for _, t := range f.Tensors() {
			held, taken = max(held, t.Held/4), taken+budget.Tensor+int64(len(t.Name))
		}
		for key, value := range f.Metadata() {
			taken += pairBytes + int64(len(key)+len(value))
		}
		size += held
	}
	room := budget.Of(size)
	return room, room.Take(taken)
}

// Weights returns the file that holds the weights; where there is none, an empty one.
func (m *Model) Weights() (*weights.File, error) {
	if m.weights == nil {
		return weights.New(format, nil, nil, nil)
	}
	return m.weights, nil
}

// Ignored lists what matters in training only and is not supported, such as "dense_1: activity_regularizer L2".
func (m *Model) Ignored() []string { return append([]string{}, m.ignored...) }

// Close closes the file that holds the weights; variables that were not initialised before cannot be any more.
func (m *Model) Close() error {
	if m == nil {
		return nil
	}
	return m.weights.Close()
}

// reader reads the options of layers.
type reader struct {
	model   *Model
	room    *budget.Budget
	version int
	js      bool
}

// longestPath bounds the names of layers with those of the models that they are in, which every layer repeats.
const longestPath = 1000

// read reads the layers of an architecture whose names begin with path. What is not supported is counted, and an error only once Import needs it.
func (r *reader) read(a *architecture, path string) error {
	for _, l := range a.layers {
		if len(path)+len(l.name) > longestPath {
			return errors.Errorf("the name %.100q..., with those of the models that the layer is in, is longer than %d", l.name, longestPath)
		}
		name := path + l.name
		if l.inner != nil {
			if err := r.read(l.inner, name+"/"); err != nil {
				return err
			}
			continue
		}
		o := l.options
		o.version, o.js = r.version, r.js
		if isInput(l.class) {
			continue
		}
		o.room = r.room
		read, ok := readers[l.class]
		if !ok {
			o.refuse(l.class)
			continue
		}
		l.build = read(o)
		if _, quantized := o.policy(); quantized {
			o.refuse("quantized " + l.class)
		}
		if o.has("activity_regularizer") {
			key, _ := o.named("activity_regularizer")
			o.ignore("activity_regularizer", key, nil)
		}
		for _, what := range o.ignored {
			if o.take(int64(findingBytes+len(name)+len(what))) == nil {
				r.model.ignored = append(r.model.ignored, name+": "+what)
			}
		}
		if o.err != nil {
			return errors.Wrapf(o.err, "%.200s %.200q", l.class, name)
		}
		o.room = nil
	}
	return nil
}
