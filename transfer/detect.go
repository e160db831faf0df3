package transfer

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"path"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/tensorflow"
)

// maxDepth is deeper than a description of a network goes.
const maxDepth = 1000

// tableEnd is the end of the tables of TensorFlow's checkpoints.
const tableEnd = "\x57\xfb\x80\x8b\x24\x75\x47\xdb"

// detect tells the package that opens a file of so many bytes. A format whose files all begin alike is told by that.
func detect(file io.ReaderAt, size int64) (string, error) {
	head, tail := make([]byte, min(size, 1024)), make([]byte, min(size, int64(len(tableEnd))))
	if n, err := file.ReadAt(head, 0); n < len(head) {
		return "", errors.WithStack(err)
	}
	if n, err := file.ReadAt(tail, size-int64(len(tail))); n < len(tail) {
		return "", errors.WithStack(err)
	}
	begins := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	switch {
	case begins("\x93NUMPY"):
		return "npz", nil
	case begins("GGUF"):
		return "gguf", nil
	case begins("PK\x03\x04"), begins("PK\x05\x06"):
		return detectArchive(file, size)
	case string(tail) == tableEnd:
		return "tensorflow", nil
	case begins("\x89HDF\r\n\x1a\n"):
		return "keras", nil
	case tensorflow.GraphKind(head) != "":
		return "tensorflow graph", nil
	case len(head) > 2 && head[0] == 0x08 && head[1] < 32 && (head[2] == 0x12 || head[2] == 0x3a || head[2] == 0x42): // a version, and a name, a graph or operators
		return "onnx", nil
	case len(head) > 1 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5: // PROTO of a pickle
		return "pytorch", nil
	case len(head) > 8 && head[8] == '{' && binary.LittleEndian.Uint64(head) <= uint64(size-8):
		return "safetensors", nil
	}
	if isCfg(head) || isDarknet(head) {
		return "darknet", nil
	}
	if begins("{") || begins("[") {
		return detectJSON(file, size), nil
	}
	return "", errors.New("the format is not known; want safetensors, NumPy's .npz or .npy, PyTorch's .pth, ONNX, Keras' .h5 or .keras, TensorFlow.js' model.json, GGUF, Darknet's .cfg with .weights, " +
		"a checkpoint of TensorFlow (its prefix, index or folder), or its graphs (.meta, .pb, a SavedModel)")
}

// isCfg looks for the first section of Darknet's .cfg files, which may follow comments.
func isCfg(head []byte) bool {
	for line := range bytes.Lines(head) {
		switch line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff"))); {
		case len(line) == 0, line[0] == '#', line[0] == ';':
		default:
			return string(line) == "[net]" || string(line) == "[network]"
		}
	}
	return false
}

// isDarknet looks for Darknet's version 0.1.0 or 0.2.x, three numbers of 32 bits.
func isDarknet(head []byte) bool {
	if len(head) < 12 {
		return false
	}
	major, minor, revision := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:]), binary.LittleEndian.Uint32(head[8:])
	return major == 0 && (minor == 1 || minor == 2) && revision <= 5
}

// detectJSON tells the index of a model in several files from TensorFlow.js' model.json by the keys of the outermost object.
func detectJSON(file io.ReaderAt, size int64) string {
	d := json.NewDecoder(io.NewSectionReader(file, 0, size))
	for depth, key := 0, false; depth < maxDepth; {
		t, err := d.Token()
		if err != nil {
			break
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
			key = depth == 1
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth != 1 {
			continue
		}
		if key && t == "weight_map" {
			return "index"
		}
		key = !key // keys and values take turns
	}
	return "tfjs"
}

// detectArchive tells zip archives by their members.
func detectArchive(file io.ReaderAt, size int64) (string, error) {
	z, err := budget.Of(size).Zip(file, size)
	if err != nil {
		return "", errors.Wrap(err, "a zip archive")
	}
	npy := false
	for _, f := range z.File {
		if path.Base(f.Name) == "data.pkl" {
			return "pytorch", nil
		}
		if f.Name == "model.weights.h5" {
			return "keras", nil
		}
		npy = npy || strings.HasSuffix(f.Name, ".npy")
	}
	if npy {
		return "npz", nil
	}
	return "", errors.New("a zip archive without data.pkl, as PyTorch's have it, or arrays of NumPy")
}
