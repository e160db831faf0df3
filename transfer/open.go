package transfer

import (
	"os"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/keras"
	"github.com/plexaura/plexaura/transfer/npz"
	"github.com/plexaura/plexaura/transfer/onnx"
	"github.com/plexaura/plexaura/transfer/pytorch"
	"github.com/plexaura/plexaura/transfer/safetensors"
	"github.com/plexaura/plexaura/transfer/tensorflow"
	"github.com/plexaura/plexaura/transfer/tfjs"
	"github.com/plexaura/plexaura/transfer/weights"
)

// openers are by what detect says.
var openers = map[string]func(path string) (*weights.File, error){
	"keras": keras.Open, "npz": npz.Open, "onnx": openONNX, "pytorch": pytorch.Open, "safetensors": safetensors.Open, "tensorflow": tensorflow.Open, "tfjs": tfjs.Open,
}

// openONNX opens the initializers of a model.
func openONNX(path string) (*weights.File, error) {
	m, err := onnx.Open(path)
	if err != nil {
		return nil, err
	}
	return m.Weights()
}

// Open opens a file of weights: a .safetensors, a .npz or .npy, a .pth or .pt of PyTorch, an .onnx model, a .h5 or .keras of Keras, a model.json of
// TensorFlow.js, or a checkpoint of TensorFlow, which may be given by its prefix, its index file or its folder, as may a SavedModel. The content tells the format, not the name. Close the
// result.
//
// The error for a format that is known but is not opened here says what opens it, if anything does.
func Open(path string) (*weights.File, error) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return tensorflow.Open(path) // a folder, or a prefix of files
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	format, err := detect(f, info.Size())
	f.Close()
	if err != nil {
		return nil, errors.Wrapf(err, "open %s", path)
	}
	return openers[format](path)
}
