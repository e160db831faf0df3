package tffile

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// MetaGraph is a graph with what is needed to go on with it (MetaGraphDef of tensorflow/core/protobuf/meta_graph.proto), the
// content of the .meta file beside a checkpoint:
//
//	MetaInfoDef meta_info_def = 1; GraphDef graph_def = 2; SaverDef saver_def = 3;
//	map<string, CollectionDef> collection_def = 4; map<string, SignatureDef> signature_def = 5
//
// Assets and the object graph of TensorFlow 2 are passed over.
type MetaGraph struct {
	Info        MetaInfo
	Graph       GraphDef
	Saver       SaverDef              // the zero SaverDef is none
	Collections map[string]Collection // by key, such as "trainable_variables"
	Signatures  map[string]Signature  // of a SavedModel, by name, such as "serving_default"
}

// Encode returns the message, with the maps in the order of their keys.
func (m MetaGraph) Encode() []byte {
	b := appendMessageField(nil, 1, m.Info.encode())
	b = appendMessageField(b, 2, m.Graph.Encode())
	if m.Saver != (SaverDef{}) {
		b = appendMessageField(b, 3, m.Saver.encode())
	}
	for _, key := range slices.Sorted(maps.Keys(m.Collections)) {
		b = appendEntryField(b, 4, key, m.Collections[key].encode())
	}
	for _, name := range slices.Sorted(maps.Keys(m.Signatures)) {
		b = appendEntryField(b, 5, name, m.Signatures[name].encode())
	}
	return b
}

var metaGraphKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 3: protowire.BytesType, 4: protowire.BytesType, 5: protowire.BytesType}

// DecodeMetaGraph is the inverse of Encode. The elements of tensors alias b.
func DecodeMetaGraph(b []byte) (MetaGraph, error) { return (&MessageFile{Message: b}).MetaGraph() }

func (d *decoder) metaGraph(b []byte) (MetaGraph, error) {
	m := MetaGraph{Collections: map[string]Collection{}, Signatures: map[string]Signature{}}
	err := d.fields(b, metaGraphKinds, func(f protoField) (err error) {
		switch f.number {
		case 1:
			m.Info, err = d.metaInfo(f.bytes)
		case 2:
			m.Graph, err = d.graphDef(f.bytes)
		case 3:
			m.Saver, err = d.saverDef(f.bytes)
		case 4:
			key, value, err := d.entry(f.bytes)
			if err != nil {
				return err
			}
			m.Collections[key], err = d.collection(value)
			return errors.Wrapf(err, "collection %q", key)
		case 5:
			name, value, err := d.entry(f.bytes)
			if err != nil {
				return err
			}
			m.Signatures[name], err = d.signature(value)
			return errors.Wrapf(err, "signature %q", name)
		}
		return err
	})
	return m, errors.Wrap(err, "MetaGraphDef")
}
