package transfer

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/darknet"
	"github.com/plexaura/plexaura/transfer/gguf"
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
	"darknet": openDarknet, "gguf": gguf.Open, "keras": keras.Open, "npz": npz.Open, "onnx": openONNX, "pytorch": pytorch.Open, "safetensors": safetensors.Open, "tensorflow": tensorflow.Open, "tfjs": tfjs.Open,
	"tensorflow graph": openGraph,
}

// openDarknet opens the weights of a network of Darknet.
func openDarknet(path string) (*weights.File, error) {
	m, err := darknet.OpenFile(path)
	if err != nil {
		return nil, err
	}
	f, err := m.Weights()
	if err == nil && len(f.Names()) == 0 {
		err = errors.Errorf("%s: there is no .weights file beside it", path)
	}
	return f, err
}

// openGraph opens the constants of a graph, or the variables of a SavedModel.
func openGraph(path string) (*weights.File, error) {
	g, err := tensorflow.OpenGraph(path)
	if err != nil {
		return nil, err
	}
	f, err := g.Weights()
	if err != nil {
		g.Close()
	}
	return f, err
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
// TensorFlow.js, a .gguf, Darknet's .weights with the .cfg beside it, or a checkpoint of TensorFlow, which may be given by its prefix, its index file or its folder, as may a SavedModel; of a
// frozen graph it opens the constants; or the model.safetensors.index.json or pytorch_model.bin.index.json of a model in several files, or the
// folder that Hugging Face's libraries save a model in. The content of a file tells the format, not the name. Close the result.
func Open(path string) (*weights.File, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		for _, name := range saved {
			if inside := filepath.Join(path, name); isFile(inside) {
				return Open(inside)
			}
		}
	}
	if err != nil || info.IsDir() {
		if err := absent(path); err != nil {
			return nil, err
		}
		return tensorflow.Open(path) // a folder, or a prefix of files
	}
	format, err := formatOf(path)
	switch {
	case err != nil:
		return nil, err
	case format == "index":
		return weights.OpenIndex(path, openShard)
	}
	return openers[format](path)
}

// saved are the names of weights in the folders of Hugging Face's libraries, the preferred first.
var saved = []string{"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"}

// absent returns an error for a path that is not there, nor begins the names of files, as the prefix of a checkpoint does.
func absent(path string) error {
	_, err := os.Stat(path)
	if err == nil {
		return nil
	}
	entries, _ := os.ReadDir(filepath.Dir(path))
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), filepath.Base(path)) }) {
		return nil
	}
	return errors.Wrap(err, "open a file or folder, or a checkpoint by its prefix")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// openShard opens one of the files of a model in several.
func openShard(path string) (*weights.File, error) {
	format, err := formatOf(path)
	if err == nil && format == "index" {
		err = errors.Errorf("open %s: this is an index, and a shard of one; want a file of tensors", path)
	}
	if err != nil {
		return nil, err
	}
	return openers[format](path)
}

// formatOf tells the format of a file by its content, in the words of detect.
func formatOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", errors.WithStack(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", errors.WithStack(err)
	}
	format, err := detect(f, info.Size())
	return format, errors.Wrapf(err, "open %s", path)
}
