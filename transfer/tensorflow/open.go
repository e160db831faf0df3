package tensorflow

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/weights"
)

const format = "TensorFlow"

// Open opens a checkpoint by its prefix, such as "models/my_model.ckpt", or the path of its index file
// "models/my_model.ckpt.index", which for version 1 is the path of the only file; or the newest checkpoint of a folder with a file
// called "checkpoint", or a SavedModel's folder. All shards of the data must be there, and of version 1 the path of any stands for all. The index is read and checked at once, the tensors when they are asked for, and a
// checksum is compared as the last of a tensor is read. Close the result.
//
// Strings are listed, but not read, as are complex numbers; quantised integers are read as plain ones, because their
// scale is elsewhere. The metadata, as far as it is known: "checkpoint" is the version of the format, "producer" the version
// of its writer; the graph beside it names "tensorflow_version", "tensorflow_git_version" and a SavedModel's "tags".
//
// A save to that prefix that was interrupted, by this library, is completed first.
func Open(path string) (*weights.File, error) {
	place, err := find(path)
	if err != nil {
		return nil, errors.Wrapf(err, "%s: %s", format, path)
	}
	if files, err := v1Files(place.prefix); err != nil || len(files) > 0 {
		f, err := openV1(place, files, err)
		return f, errors.Wrapf(err, "%s: %s", format, path)
	}
	r, err := tffile.Open(place.prefix)
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	f, err := describe(r, "V2", place, r)
	if err != nil {
		r.Close()
		return nil, errors.Wrapf(err, "%s: %s", format, path)
	}
	return f, nil
}

// Parse is Open of a checkpoint of version 1 that lies elsewhere, such as in memory, and has so many bytes.
func Parse(file io.ReaderAt, size int64) (*weights.File, error) {
	r, err := tffile.OpenV1(tffile.V1File{ReaderAt: file, Size: size})
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	f, err := describe(r, "V1", place{}, nil)
	return f, errors.Wrap(err, format)
}

// place is where a checkpoint and its graph lie.
type place struct {
	prefix     string
	graph      string // a path that may not exist
	savedModel bool
}

// find finds out what path means.
func find(path string) (place, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		prefix := strings.TrimSuffix(path, ".index")
		if parts := v1Shard.FindStringSubmatch(path); parts != nil {
			prefix = parts[1]
		}
		return place{prefix, prefix + ".meta", false}, nil
	}
	if variables := filepath.Join(path, "variables", "variables"); exists(variables + ".index") {
		return place{variables, filepath.Join(path, "saved_model.pb"), true}, nil
	}
	state, err := tffile.ReadState(path)
	if errors.Is(err, fs.ErrNotExist) {
		return place{}, errors.New(`a folder; want one with a file "checkpoint" or of a SavedModel with variables, or the prefix of a checkpoint`)
	}
	if err != nil {
		return place{}, err
	}
	prefix := state.Latest
	if moved := filepath.Join(path, filepath.Base(prefix)); !isCheckpoint(prefix) && isCheckpoint(moved) {
		prefix = moved // the file has the path where the folder was when it was written
	}
	return place{prefix, prefix + ".meta", false}, nil
}

// isCheckpoint tells whether there are files of a checkpoint with that prefix.
func isCheckpoint(prefix string) bool {
	files, _ := v1Files(prefix)
	return exists(prefix+".index") || len(files) > 0
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// dtypes maps TensorFlow's element types to those that are read.
var dtypes = map[tffile.DType]weights.DType{
	tffile.Float32: weights.Float32, tffile.Float64: weights.Float64, tffile.Float16: weights.Float16, tffile.BFloat16: weights.BFloat16,
	tffile.Int8: weights.Int8, tffile.Int16: weights.Int16, tffile.Int32: weights.Int32, tffile.Int64: weights.Int64,
	tffile.Uint8: weights.Uint8, tffile.Uint16: weights.Uint16, tffile.Uint32: weights.Uint32, tffile.Uint64: weights.Uint64,
	tffile.QInt8: weights.Int8, tffile.QInt16: weights.Int16, tffile.QInt32: weights.Int32, tffile.QUint8: weights.Uint8, tffile.QUint16: weights.Uint16,
	tffile.Bool: weights.Bool, tffile.String: weights.String,
	tffile.Complex64: weights.Other, tffile.Complex128: weights.Other, tffile.Resource: weights.Other, tffile.Variant: weights.Other,
}

// checkpoint is what is read of both versions.
type checkpoint interface {
	Names() []string
	Entry(name string) (tffile.Entry, bool)
	Elements(name string) (io.Reader, error)
	Producer() int
	Room() *budget.Budget
}

// openBytes is what the name of a tensor and its Open take beside the tensor.
const openBytes = 16 + 64

// describe makes a File of a checkpoint.
func describe(r checkpoint, version string, at place, closer io.Closer) (*weights.File, error) {
	names := r.Names()
	if err := r.Room().Take(int64(len(names) * (budget.Tensor + openBytes))); err != nil {
		return nil, err
	}
	tensors := make([]weights.Tensor, 0, len(names))
	for _, name := range names {
		e, _ := r.Entry(name)
		if err := r.Room().Take(int64(8 * len(e.Shape))); err != nil {
			return nil, err
		}
		tensors = append(tensors, weights.Tensor{Name: name, DType: dtypes[e.DType], Shape: e.Shape, Held: e.Stored,
			Open: func() (io.Reader, error) { return r.Elements(name) }})
	}
	metadata := map[string]string{"checkpoint": version, "producer": strconv.Itoa(r.Producer())}
	if at.graph != "" && exists(at.graph) {
		info, err := tffile.ReadMetaInfo(at.graph, at.savedModel)
		if err != nil {
			return nil, err
		}
		for key, value := range map[string]string{"tags": strings.Join(info.Tags, ","), "tensorflow_version": info.Version, "tensorflow_git_version": info.GitVersion} {
			if value != "" {
				metadata[key] = value
			}
		}
	}
	return weights.New(format, tensors, metadata, closer)
}
