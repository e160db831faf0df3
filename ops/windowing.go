package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// windowing lays windows over images: over those with the channels last, of known sizes.
type windowing interface {
	attrs() map[string]interface{}
	// inferIn gives the spec of what has one element for each window over x, in format f,
	// and channel.
	inferIn(x graph.Spec, f DataFormat) (graph.Spec, error)
	over(x graph.Spec) (*windows, error)
}

// pool applies a pooling of images with the channels last to x, which is in format f. problem
// is what is wrong with the config.
func pool(s *graph.Scope, x *gorgonia.Node, f DataFormat, name string, p windowing, problem error,
	apply func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) *gorgonia.Node {
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	out := graph.SpecOf(x)
	if problem == nil && !graph.IsBad(x) {
		out, problem = p.inferIn(out, f)
	}
	if problem != nil {
		return s.Fail(name, gorgonia.Nodes{x}, out, problem)
	}
	if f == ChannelsLast {
		return apply(s, x)
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node { return f.fromLast(s, apply(s, f.toLast(s, x))) })
}
