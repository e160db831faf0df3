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
	file      *os.File      // in which large constants were left; nil where there are none
}

// OpenGraph opens a graph: the .meta file (MetaGraphDef) beside a checkpoint, a frozen graph or another GraphDef, or a SavedModel by its
// folder or its saved_model.pb. Binary or text, the content tells which.
//
// A checkpoint's prefix, such as "models/my_model.ckpt", or a folder with checkpoints opens the .meta beside it, and the
// checkpoint too: then the variables' initial values are those of the checkpoint, as those of a SavedModel are its own, and
// Session.Init restores them. A .meta by its own path is the graph without values, also where the checkpoint lies beside it: its variables begin with what
// the graph draws, until a training.Saver restores them.
//
// Constants of 16 kB and more are read from a binary file when they are asked for: it is held open and must stay as it is, and Close closes it. A text is
// read whole.
func OpenGraph(path string) (*Graph, error) {
	g, err := openGraph(path)
	return g, errors.Wrapf(err, "%s: %s", format, path)
}

func openGraph(path string) (*Graph, error) {
	info, err := os.Stat(path)
	if err == nil && info.Mode().IsRegular() && filepath.Ext(path) != ".index" && !exists(path+".meta") {
		f, err := openGraphFile(path)
		if err != nil {
			return nil, err
		}
		if f.savedModel && exists(filepath.Join(filepath.Dir(path), "variables", "variables.index")) {
			return f.graph(filepath.Dir(path))
		}
		return f.graph("")
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
	if _, err := os.Stat(place.graph); err != nil {
		return nil, errors.Wrap(err, "want a graph, or a checkpoint with a .meta beside it")
	}
	f, err := openGraphFile(place.graph)
	if err != nil {
		return nil, errors.Wrap(err, place.graph)
	}
	return f.graph(path)
}

// ParseGraph is OpenGraph of the content of a file, of which it keeps parts. A SavedModel's variables are not in it.
func ParseGraph(b []byte) (*Graph, error) {
	meta, _, err := parseGraph(&tffile.MessageFile{Message: b})
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

// Close closes the file of the graph, and the checkpoint that was opened with it. Networks that were imported can be initialised from them before; they run
// after it too. What is still asked of the files then is an error.
func (g *Graph) Close() error {
	if g == nil {
		return nil
	}
	var err error
	if g.values != nil {
		err = g.values.Close()
	}
	if g.file != nil {
		if failed := g.file.Close(); err == nil && !errors.Is(failed, os.ErrClosed) { // by the File of Weights
			err = errors.Wrap(failed, format)
		}
	}
	return err
}

// Weights returns the variables in the checkpoint that was opened with the graph, or where there is none the constants of the
// graph: in a frozen graph the weights. To close them closes the files of the graph.
func (g *Graph) Weights() (*weights.File, error) {
	if g.values != nil {
		return weights.New(g.values.Format(), g.values.Tensors(), g.values.Metadata(), g)
	}
	var tensors []weights.Tensor
	for _, n := range g.linked.nodes {
		if t, ok := n.attrs["value"].Value.(*tffile.Tensor); ok && n.op == "Const" && t.DType.Size() > 0 {
			tensors = append(tensors, stored(n.name, t))
		}
	}
	return weights.New(format, tensors, map[string]string{"tensorflow_version": g.meta.Info.Version}, g)
}

// parseGraph decodes a MetaGraphDef, a GraphDef or a SavedModel.
func parseGraph(m *tffile.MessageFile) (meta tffile.MetaGraph, savedModel bool, err error) {
	b := m.Message
	head := b[:min(len(b), 1024)]
	kind, text := GraphKind(head), tffile.IsText(head)
	switch {
	case kind == "SavedModel":
		var graphs []tffile.MetaGraph
		if text {
			graphs, err = tffile.ParseSavedModelText(string(b))
		} else {
			graphs, err = m.SavedModel()
		}
		if err != nil {
			return meta, true, err
		}
		serving := slices.IndexFunc(graphs, func(m tffile.MetaGraph) bool { return slices.Contains(m.Info.Tags, "serve") })
		return graphs[max(0, serving)], true, nil
	case kind == "MetaGraphDef" && text:
		meta, err = tffile.ParseMetaGraphText(string(b))
	case kind == "MetaGraphDef":
		meta, err = m.MetaGraph()
	case kind == "GraphDef" && text:
		meta.Graph, err = tffile.ParseGraphText(string(b))
	case kind == "GraphDef":
		meta.Graph, err = m.GraphDef()
	default:
		err = errors.New("it is not a MetaGraphDef (.meta), GraphDef or SavedModel")
	}
	return meta, false, err
}
