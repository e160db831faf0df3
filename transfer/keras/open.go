package keras

import (
	"io"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/keras/internal/hdf5"
	"github.com/plexaura/plexaura/transfer/weights"
)

const format = "Keras"

// Open opens an HDF5 file of Keras 1 to 3 or a .keras archive, which of the two its content tells. A weight is called as its layer and
// itself, without the ":0" of TensorFlow: "dense_1/kernel". Those of Keras 3 have numbers, and the path in the file is their name:
// "layers/dense_1/vars/0". What an optimizer keeps follows under "optimizer_weights/". Layers are in the model's order where the file has it.
//
// The metadata are those of the file, of which "model_config" is the network as JSON, "keras_version" and "backend" say who wrote it,
// and "training_config" how it was trained; a file of weights alone has no configs. Close the result.
func Open(path string) (*weights.File, error) {
	return weights.OpenPath(format, path, parse)
}

// Parse is Open of a file that lies elsewhere, such as in memory, and has so many bytes.
func Parse(file io.ReaderAt, size int64) (*weights.File, error) {
	w, err := parse(file, size, nil)
	return w, errors.Wrap(err, format)
}

func parse(file io.ReaderAt, size int64, closer io.Closer) (*weights.File, error) {
	room := budget.Of(size)
	var magic [2]byte
	metadata := map[string]string{}
	if n, _ := file.ReadAt(magic[:], 0); n == 2 && string(magic[:]) == "PK" {
		var err error
		if file, size, err = openArchive(file, size, room, metadata); err != nil {
			return nil, err
		}
	}
	root, err := hdf5.Read(file, size, room)
	if err != nil {
		return nil, err
	}
	for key, value := range root.Text {
		if len(value) == 1 {
			metadata[key] = value[0]
		}
	}
	return weights.New(format, tensors(root, metadata), metadata, closer)
}
