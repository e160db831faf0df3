package onnx

import (
	"os"
	"strconv"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer/weights"
)

const format = "ONNX"

// maxModel is what a message of protocol buffers may have; larger models keep their tensors outside.
const maxModel = 1 << 31

// Open reads a model. Small initializers are held in memory; large ones are read from the file when they are asked for, or where the model says so from files
// of its folder: these must stay as they are until then.
func Open(path string) (*Model, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	if !info.Mode().IsRegular() || info.Size() >= maxModel {
		return nil, errors.Errorf("%s: %s has %d bytes; want a file of less than %d", format, path, info.Size(), maxModel)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	defer f.Close()
	m, err := (&decoder{path: path}).model(inFile(f, info.Size()))
	if err != nil {
		return nil, errors.Wrapf(err, "%s: %s", format, path)
	}
	return m, nil
}

// Parse reads a model from memory, of which it keeps parts. Its tensors must lie in it.
func Parse(message []byte) (*Model, error) {
	m, err := (&decoder{}).model(inMemory(message))
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	return m, nil
}

// Close does nothing, since no file is held open: it makes a Model a network.Model.
func (m *Model) Close() error { return nil }

// Weights returns the initializers as a file of named tensors.
func (m *Model) Weights() (*weights.File, error) {
	about := map[string]string{"ir_version": strconv.FormatInt(m.IRVersion, 10), "producer": m.Producer, "graph": m.Graph.Name}
	for k, v := range m.Metadata {
		about[k] = v
	}
	for domain, version := range m.Opsets {
		key := "opset"
		if domain != "" {
			key += " " + domain
		}
		about[key] = strconv.FormatInt(version, 10)
	}
	f, err := weights.New(format, m.Graph.Initializers, about, nil)
	return f, errors.Wrap(err, format)
}
