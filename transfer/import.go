package transfer

import (
	"encoding/json"
	"os"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/darknet"
	"github.com/plexaura/plexaura/transfer/keras"
	"github.com/plexaura/plexaura/transfer/network"
	"github.com/plexaura/plexaura/transfer/onnx"
	"github.com/plexaura/plexaura/transfer/tensorflow"
	"github.com/plexaura/plexaura/transfer/tfjs"
)

// modelOpeners are by what detect says.
var modelOpeners = map[string]func(path string) (network.Model, error){
	"darknet":          func(path string) (network.Model, error) { return darknet.OpenFile(path) },
	"keras":            func(path string) (network.Model, error) { return keras.OpenModel(path) },
	"onnx":             func(path string) (network.Model, error) { return onnx.Open(path) },
	"tensorflow":       openTensorFlow,
	"tensorflow graph": openTensorFlow,
	"tfjs":             openTFJS,
}

// ErrNoGraph is what the error of OpenModel wraps where a file is of a format of which no graphs are read.
var ErrNoGraph = errors.New("no graph is read from it, its weights transfer.Open opens")

func openTensorFlow(path string) (network.Model, error) { return tensorflow.OpenGraph(path) }

// openTFJS opens a layers model or a graph model of TensorFlow.js, or the layers alone, as Keras' model.to_json describes them.
func openTFJS(path string) (network.Model, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	var top struct {
		Class string `json:"class_name"`
	}
	if json.Unmarshal(text, &top) == nil && top.Class != "" {
		m, err := keras.ParseModel(text, nil)
		return m, errors.Wrap(err, path)
	}
	f, err := tfjs.Open(path)
	if err != nil {
		return nil, err
	}
	if f.Metadata()["format"] == "graph-model" {
		m, err := tfjs.FromFile(f)
		return m, errors.Wrap(err, path)
	}
	m, err := keras.FromFile(f)
	return m, errors.Wrap(err, path)
}

// OpenModel opens a file that holds a graph: an .onnx model; of TensorFlow the prefix of a checkpoint with a .meta beside it, a frozen graph's .pb, the
// folder of a SavedModel, or a .meta by itself, whose variables begin with what the graph draws, and not with the values of a checkpoint beside it; a
// model that Keras saved whole (.h5, .keras) or describes (the JSON of model.to_json, whose weights begin as it says); a model.json of TensorFlow.js; or
// a .cfg of Darknet, with the .weights beside it under the same name. The content tells the format, not the name. Close the result.
func OpenModel(path string) (network.Model, error) {
	open := openTensorFlow // a folder, or a prefix of files
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		format, err := formatOf(path)
		if err != nil {
			return nil, err
		}
		if open = modelOpeners[format]; open == nil {
			return nil, errors.Wrapf(ErrNoGraph, "%s: a file of the format %s", path, format)
		}
	}
	if err := absent(path); err != nil {
		return nil, err
	}
	m, err := open(path)
	if err != nil {
		return nil, err // and not a nil pointer as a Model
	}
	return m, nil
}

// Import builds the network of a file, whichever of OpenModel's formats it has, in scope s. The file stays open, because the variables' initial
// values are read from it: close the network after Session.Init.
func Import(s *graph.Scope, path string, cfg network.Config) (*network.Network, error) {
	m, err := OpenModel(path)
	if err != nil {
		return nil, err
	}
	net, err := m.Import(s, cfg)
	if err != nil {
		m.Close()
		return nil, err
	}
	net.File = m
	return net, nil
}
