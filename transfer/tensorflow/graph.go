package tensorflow

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Graph is a TensorFlow graph as it stands in its file, a network.Model.
type Graph struct {
	meta      tffile.MetaGraph
	linked    *linked
	signature tffile.Signature
	values    *weights.File // of the variables, or of constants that the graph lacks; nil where there are none
}

// OpenGraph opens a graph: the .meta file (MetaGraphDef) beside a checkpoint, a frozen graph or another GraphDef, or a SavedModel by its
// folder or its saved_model.pb. Binary or text, the content tells which.
//
// A checkpoint's prefix, such as "models/my_model.ckpt", or a folder with checkpoints opens the .meta beside it, and the
// checkpoint too: then the variables' initial values are those of the checkpoint, as those of a SavedModel are its own, and
// Session.Init restores them. A .meta by its own path is the graph without values, also where the checkpoint lies beside it: its variables begin with what
// the graph draws, until a training.Saver restores them.
func OpenGraph(path string) (*Graph, error) {
	g, err := openGraph(path)
	return g, errors.Wrapf(err, "%s: %s", format, path)
}

func openGraph(path string) (*Graph, error) {
	info, err := os.Stat(path)
	if err == nil && info.Mode().IsRegular() && filepath.Ext(path) != ".index" && !exists(path+".meta") {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, errors.WithStack(err)
		}
		meta, savedModel, err := parseGraph(b)
		if err != nil {
			return nil, err
		}
		if savedModel && exists(filepath.Join(filepath.Dir(path), "variables", "variables.index")) {
			return withValues(meta, filepath.Dir(path))
		}
		return NewGraph(meta, nil)
	}
	for _, name := range []string{"saved_model.pb", "saved_model.pbtxt"} {
		if saved := filepath.Join(path, name); exists(saved) {
			return openGraph(saved)
		}
	}
	place, err := find(path)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(place.graph)
	if err != nil {
		return nil, errors.Wrap(err, "want a graph, or a checkpoint with a .meta beside it")
	}
	meta, _, err := parseGraph(b)
	if err != nil {
		return nil, errors.Wrap(err, place.graph)
	}
	return withValues(meta, path)
}

// withValues makes a Graph whose variables have their values in the checkpoint at path.
func withValues(meta tffile.MetaGraph, path string) (*Graph, error) {
	values, err := Open(path)
	if err != nil {
		return nil, err
	}
	g, err := NewGraph(meta, values)
	if err != nil {
		values.Close()
	}
	return g, err
}

// ParseGraph is OpenGraph of the content of a file. A SavedModel's variables are not in it.
func ParseGraph(b []byte) (*Graph, error) {
	meta, _, err := parseGraph(b)
	if err != nil {
		return nil, errors.Wrap(err, format)
	}
	g, err := NewGraph(meta, nil)
	return g, errors.Wrap(err, format)
}

// NewGraph makes a Graph of a decoded message. values, which may be nil, has the values of variables, by the names under
// which the graph saves them, and of constants without one in the graph, by their own. The Graph closes it.
func NewGraph(meta tffile.MetaGraph, values *weights.File) (*Graph, error) {
	l, err := link(meta.Graph)
	if err != nil {
		return nil, err
	}
	g := &Graph{meta: meta, linked: l, values: values}
	names := slices.Sorted(maps.Keys(meta.Signatures))
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "__") })
	if len(names) > 0 {
		g.signature = meta.Signatures[names[0]]
	}
	if s, ok := meta.Signatures["serving_default"]; ok {
		g.signature = s
	}
	return g, nil
}

// Close closes the checkpoint that was opened with the graph. Networks that were imported can be initialised from it before.
func (g *Graph) Close() error {
	if g == nil || g.values == nil {
		return nil
	}
	return g.values.Close()
}

// Weights returns the variables in the checkpoint that was opened with the graph, or where there is none the constants of the
// graph: in a frozen graph the weights.
func (g *Graph) Weights() (*weights.File, error) {
	if g.values != nil {
		return g.values, nil
	}
	var tensors []weights.Tensor
	for _, n := range g.linked.nodes {
		if t, ok := n.attrs["value"].Value.(*tffile.Tensor); ok && n.op == "Const" && t.DType.Size() > 0 {
			tensors = append(tensors, stored(n.name, t))
		}
	}
	return weights.New(format, tensors, map[string]string{"tensorflow_version": g.meta.Info.Version}, nil)
}

// parseGraph decodes a MetaGraphDef, a GraphDef or a SavedModel.
func parseGraph(b []byte) (meta tffile.MetaGraph, savedModel bool, err error) {
	head := b[:min(len(b), 1024)]
	kind, text := GraphKind(head), tffile.IsText(head)
	switch {
	case kind == "SavedModel":
		var graphs []tffile.MetaGraph
		if text {
			graphs, err = tffile.ParseSavedModelText(string(b))
		} else {
			graphs, err = tffile.DecodeSavedModel(b)
		}
		if err != nil {
			return meta, true, err
		}
		serving := slices.IndexFunc(graphs, func(m tffile.MetaGraph) bool { return slices.Contains(m.Info.Tags, "serve") })
		return graphs[max(0, serving)], true, nil
	case kind == "MetaGraphDef" && text:
		meta, err = tffile.ParseMetaGraphText(string(b))
	case kind == "MetaGraphDef":
		meta, err = tffile.DecodeMetaGraph(b)
	case kind == "GraphDef" && text:
		meta.Graph, err = tffile.ParseGraphText(string(b))
	case kind == "GraphDef":
		meta.Graph, err = tffile.DecodeGraphDef(b)
	default:
		err = errors.New("it is not a MetaGraphDef (.meta), GraphDef or SavedModel")
	}
	return meta, false, err
}
