package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// savedModelVersion is SAVED_MODEL_SCHEMA_VERSION of tensorflow/python/saved_model/constants.py.
const savedModelVersion = 1

// EncodeSavedModel returns the content of a saved_model.pb (SavedModel of tensorflow/core/protobuf/saved_model.proto):
//
//	int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2
func EncodeSavedModel(graphs ...MetaGraph) []byte {
	b := appendVarintField(nil, 1, savedModelVersion)
	for _, m := range graphs {
		b = appendMessageField(b, 2, m.Encode())
	}
	return b
}

// DecodeSavedModel is the inverse of EncodeSavedModel. There is at least one graph.
func DecodeSavedModel(b []byte) ([]MetaGraph, error) { return (&MessageFile{Message: b}).SavedModel() }

func (d *decoder) savedModel(b []byte) ([]MetaGraph, error) {
	var graphs []MetaGraph
	err := d.fields(b, fieldKinds{2: protowire.BytesType}, func(f protoField) error {
		d.take(2 * signatureBytes)
		m, err := d.metaGraph(f.bytes)
		graphs = append(graphs, m)
		return err
	})
	if err == nil && len(graphs) == 0 {
		err = errors.New("it has no graph")
	}
	return graphs, errors.Wrap(d.finish(err), "SavedModel")
}
