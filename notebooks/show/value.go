package show

import (
	"fmt"
	"image"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/bounded"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// Value describes a value of a type that does not describe itself as a bundle keyed by MIME type, which always has "text/plain": a *graph.Graph,
// a scope or session, a node or nodes, feeds, a tensor or what a Run returned, a data set, an image or several, a map of metrics, an error. ok is
// false for other types. It never panics, changes nothing, and what it returns is limited in size. The kernel shows the values of cells by it.
func Value(v interface{}) (bundle map[string]interface{}, ok bool) {
	view := viewOf(v)
	if view == nil {
		return nil, false
	}
	return view.SimpleRender(), true
}

// bundleOf describes any value: as it does itself, as Value does, or as fmt does.
func bundleOf(v interface{}) (bundle contents) {
	defer func() {
		if recover() != nil {
			bundle = contents{"text/plain": fmt.Sprintf("%T", v)}
		}
	}()
	bundle = ownContents(v)
	if len(bundle) == 0 {
		if known, ok := Value(v); ok {
			return known
		}
	}
	if bundle["text/plain"] == nil {
		bundle["text/plain"] = shortened(bounded.Text(v), 20_000)
	}
	return bundle
}

// viewOf is nil for a type that is not known here.
func viewOf(v interface{}) (view *View) {
	defer func() {
		if r := recover(); r != nil {
			view = plain("%T, which could not be shown: %s", v, clean(fmt.Sprint(r)))
		}
	}()
	switch v := v.(type) {
	case *View:
		return v
	case *graph.Graph:
		return Graph(v, GraphConfig{})
	case *gorgonia.ExprGraph:
		if v == nil {
			return plain("no graph")
		}
		for _, n := range v.AllNodes() {
			if g := graph.Of(n); g != nil {
				return Graph(g, GraphConfig{})
			}
		}
		return Graph(graph.Wrap(v), GraphConfig{})
	case *gorgonia.Node:
		return Node(v)
	case gorgonia.Nodes:
		return Nodes(v)
	case []*gorgonia.Node:
		return Nodes(v)
	case *graph.Scope:
		if v == nil {
			return plain("no scope")
		}
		return Graph(v.Graph(), GraphConfig{Scope: v.Path()})
	case *graph.Session:
		return Session(v)
	case graph.Feeds:
		return Feeds(v)
	case *dataset.Set:
		return Set(v)
	case []training.GradVar:
		return Gradients(v)
	case tensor.Tensor:
		return Tensor(v, TensorConfig{})
	case graph.Values:
		return Values(v)
	case []gorgonia.Value:
		return Values(v)
	case []*tensor.Dense:
		values := make(graph.Values, len(v))
		for i, t := range v {
			if t != nil {
				values[i] = t
			}
		}
		return Values(values)
	case gorgonia.Value:
		return plain("%s %v", v.Dtype(), v.Data())
	case map[string]float64:
		return Metrics(v)
	case []image.Image:
		return Pictures(v)
	case image.Image:
		return Pictures([]image.Image{v})
	case error:
		return Error(v)
	}
	return nil
}
