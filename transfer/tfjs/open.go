package tfjs

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/transfer/weights"
)

const format = "TensorFlow.js"

// Open opens a model by its model.json (or by the weights_manifest.json of the converter before 1.0), beside which its shards must be.
// Quantised weights have the values that they stand for. The metadata are "format" (layers-model or graph-model), "generatedBy",
// "convertedBy" and whatever else is beside the weights; of a layers model also "model_config", the network as Keras describes it, and
// "keras_version"; of a graph model "modelTopology", a GraphDef as JSON.
//
// Shards are opened while a weight is read and not longer, so that there is nothing to close. Those outside of
// the model's folder are refused; links that lie in it are followed.
func Open(path string) (*weights.File, error) {
	w, err := parse(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	return w, errors.Wrapf(err, "%s: %s", format, path)
}

// Parse is Open of a model.json of that name that lies elsewhere, such as in memory; its shards are in the same folder.
func Parse(folder fs.FS, name string) (*weights.File, error) {
	w, err := parse(folder, name)
	return w, errors.Wrapf(err, "%s: %s", format, name)
}

func parse(folder fs.FS, name string) (*weights.File, error) {
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	room := budget.Of(int64(len(text)))
	groups, metadata, err := parseModel(bytes.TrimSpace(text), room)
	if err != nil {
		return nil, err
	}
	var all []weights.Tensor
	seen := map[string]bool{}
	for _, g := range groups {
		data, size, err := findShards(folder, g.Paths, seen, room)
		if err != nil {
			return nil, err
		}
		tensors, err := g.tensors(folder, data, size, room)
		if err != nil {
			return nil, err
		}
		all = append(all, tensors...)
	}
	return weights.New(format, all, metadata, nil)
}

// tensors describes the weights of a group, which fill its shards, of so many bytes.
func (g group) tensors(folder fs.FS, data shards, size int64, room *budget.Budget) ([]weights.Tensor, error) {
	var all []weights.Tensor
	end := int64(0)
	for i, text := range g.Weights {
		e, err := parseEntry(text, room)
		if err != nil {
			return nil, errors.Wrapf(err, "weight %d of a group", i)
		}
		t, round, err := e.tensor()
		if err != nil {
			return nil, err
		}
		n, err := t.Elements()
		if err != nil {
			return nil, err
		}
		t.Held = int64(n) * int64(t.DType.Size())
		if t.DType == weights.String {
			if t.Held, err = measure(&reader{folder: folder, rest: data.section(end, size-end)}, n); err != nil {
				return nil, errors.Wrapf(err, "weight %q", e.Name)
			}
		}
		if t.Held > size-end {
			return nil, errors.Errorf("weight %q, %v%v, needs %d bytes, but of its shards %d are left", e.Name, t.DType, t.Shape, t.Held, size-end)
		}
		part := data.section(end, t.Held)
		open := func() io.ReadCloser { return &reader{folder: folder, rest: slices.Clone(part)} }
		t.Open = func() (io.Reader, error) { return open(), nil }
		end += t.Held
		if round {
			stored, scale, least := t.DType.Size(), t.Scale, t.Min
			t.Open = func() (io.Reader, error) {
				return &rounded{ReadCloser: open(), size: stored, scale: scale, min: least}, nil
			}
			t.DType, t.Scale, t.Min, t.Held = weights.Int32, 0, 0, 4*int64(n)
		}
		all = append(all, t)
	}
	if end != size {
		return nil, errors.Errorf("in the shards %q %d bytes follow the last weight", g.Paths, size-end)
	}
	return all, nil
}

// measure returns how many bytes n strings take: each has its length, a uint32, before it.
func measure(r io.ReadCloser, n int) (bytes int64, err error) {
	defer r.Close()
	b := bufio.NewReader(r)
	for range n {
		var length [4]byte
		if _, err := io.ReadFull(b, length[:]); err != nil {
			return 0, errors.Errorf("the shards end where the length of a string should be, %d bytes from the first on", bytes)
		}
		want := int64(binary.LittleEndian.Uint32(length[:]))
		if got, _ := io.CopyN(io.Discard, b, want); got < want {
			return 0, errors.Errorf("a string, %d bytes from the first on, should have %d bytes, but %d are left", bytes, want, got)
		}
		bytes += 4 + want
	}
	return bytes, nil
}
