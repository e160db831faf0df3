package tfjs

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/tensorflow"
	"github.com/plexaura/plexaura/transfer/weights"
)

// OpenGraph opens a graph model, which the converter makes of a SavedModel or frozen graph (tf.loadGraphModel), by its model.json. Its
// topology is a graph of TensorFlow whose constants lie beside it, so that the result is one of package tensorflow: names, layouts and operators
// are TensorFlow's. A layers model (tf.loadLayersModel) is an error.
//
// The weights are read as Open reads them, when the graph is built, but for those of functions, which are read at once.
func OpenGraph(path string) (*tensorflow.Graph, error) {
	g, err := parseGraph(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	return g, errors.Wrapf(err, "%s: %s", format, path)
}

// ParseGraph is OpenGraph of a model.json of that name that lies elsewhere, such as in memory; its shards are in the same folder.
func ParseGraph(folder fs.FS, name string) (*tensorflow.Graph, error) {
	g, err := parseGraph(folder, name)
	return g, errors.Wrapf(err, "%s: %s", format, name)
}

func parseGraph(folder fs.FS, name string) (*tensorflow.Graph, error) {
	values, err := parse(folder, name)
	if err != nil {
		return nil, err
	}
	return FromFile(values)
}

// FromFile is OpenGraph of a file that Open has opened: its metadata have the topology.
func FromFile(values *weights.File) (*tensorflow.Graph, error) {
	said := values.Metadata()
	topology, ok := said["modelTopology"]
	if !ok {
		return nil, errors.New("it has no modelTopology with a graph; want a graph model, not a layers model or weights alone")
	}
	room, err := roomFor(values)
	if err == nil {
		err = room.Take(int64(len(topology)))
	}
	var meta tffile.MetaGraph
	if err == nil {
		meta.Graph, err = tffile.ParseGraphJSON([]byte(topology), room)
	}
	if err == nil {
		err = lookUp(meta.Graph.Nodes, values, room)
	}
	if err != nil {
		return nil, errors.Wrap(err, "modelTopology")
	}
	for _, fn := range meta.Graph.Functions {
		if err := fillIn(fn.Nodes, values, room); err != nil {
			return nil, errors.Wrapf(err, "function %q", fn.Name)
		}
	}
	if s, ok := signature(said); ok {
		serving, err := tffile.ParseSignatureJSON([]byte(s), room)
		if err != nil {
			return nil, errors.Wrap(err, "signature")
		}
		meta.Signatures = map[string]tffile.Signature{"serving_default": serving}
	}
	return tensorflow.NewGraph(meta, values)
}

// roomFor is what a graph may take in memory, beside the opened file that says it.
func roomFor(values *weights.File) (*budget.Budget, error) {
	size, taken := int64(0), int64(0)
	for _, t := range values.Tensors() {
		held := t.Held
		if t.DType == weights.Int32 { // which may be stored as integers of 8 bits
			held /= 4
		}
		size, taken = size+held, taken+budget.Tensor+int64(len(t.Name))
	}
	for key, value := range values.Metadata() {
		n := int64(len(key) + len(value))
		size, taken = size+n, taken+pairBytes+n
	}
	room := budget.Of(size)
	return room, room.Take(taken)
}

// cloneBytes are what attributes of a node take that it does not share any more.
const cloneBytes = 512

// lookUp takes from constants the values that are not theirs: the converter leaves a tensor without elements in the node and puts these into
// the weights.
func lookUp(nodes []tffile.NodeDef, values *weights.File, room *budget.Budget) error {
	for i, n := range nodes {
		if _, ok := values.Lookup(n.Name); ok && n.Op == "Const" {
			if err := room.Take(cloneBytes); err != nil {
				return err
			}
			nodes[i].Attrs = maps.Clone(n.Attrs) // which other nodes may share
			delete(nodes[i].Attrs, "value")
		}
	}
	return nil
}

// fillIn gives constants of a function, which have other names where the function is called, the values that lookUp leaves where
// they are.
func fillIn(nodes []tffile.NodeDef, values *weights.File, room *budget.Budget) error {
	for i, n := range nodes {
		t, ok := values.Lookup(n.Name)
		if !ok || n.Op != "Const" {
			continue
		}
		elements, err := t.Elements()
		if err == nil {
			err = room.Take(cloneBytes + 2*4*int64(elements)) // as it is read, and as the bytes of an attribute
		}
		if err != nil {
			return err
		}
		x, err := t.Read()
		if err != nil {
			return err
		}
		var value tffile.Tensor
		switch data := (graph.Values{x}); x.Dtype() {
		case tensor.Float32:
			value, err = tffile.New(n.Name, t.Shape, data.Float32s(0))
		case tensor.Int32:
			value, err = tffile.New(n.Name, t.Shape, data.Int32s(0))
		default:
			value, err = tffile.New(n.Name, t.Shape, data.Bools(0))
		}
		if err != nil {
			return err
		}
		nodes[i].Attrs = maps.Clone(n.Attrs)
		nodes[i].Attrs["value"] = tffile.Attr{Value: &value}
	}
	return nil
}

// signature finds the inputs and outputs in what a model says: converters before 3.0 wrote them into userDefinedMetadata.
func signature(said map[string]string) (string, bool) {
	if s, ok := said["signature"]; ok {
		return s, true
	}
	var defined struct {
		Signature json.RawMessage `json:"signature"`
	}
	if json.Unmarshal([]byte(said["userDefinedMetadata"]), &defined) != nil || defined.Signature == nil {
		return "", false
	}
	return string(defined.Signature), true
}
