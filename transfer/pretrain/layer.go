package pretrain

import (
	"context"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
)

// Layer is a layer that learns without labels: an rbm.Layer, an autoencoder.Layer, or one's own. It says what the layer is made of and
// how it is trained on what the layer below gives; Build asks it for the nodes.
type Layer interface {
	// Build builds the layer on x, float32 or float64 [batch, ...], in a scope of its own. It may be asked again, in another scope or graph, and
	// each time makes variables of its own, so it keeps nothing of what it has built. What cannot be built is an error, as a size that does not fit.
	Build(s *graph.Scope, x *gorgonia.Node) (*Built, error)
}

// Built is a layer that stands in a graph: the nodes by which it is trained, and which the next one stands on. Output, Error and Step are required.
type Built struct {
	// Output is what the next layer sees, [batch, ...]. It follows from x and trainable variables alone: nothing of it draws, since it is
	// computed once for all examples when the layer has been trained.
	Output *gorgonia.Node
	// Error is the reconstruction error of a batch, a scalar: how far what the layer makes of its output is from x. It is recorded as
	// "reconstruction", and its mean over the validation data says when to stop.
	Error *gorgonia.Node
	// Loss is what a step makes smaller, where that is another scalar than Error, as with a penalty. It is recorded as "loss".
	Loss *gorgonia.Node
	// FreeEnergy is the mean free energy of a batch, a scalar, of layers that have one. Its gap between validation and training data is
	// recorded.
	FreeEnergy *gorgonia.Node
	// Metrics are further scalars to be recorded, by name.
	Metrics map[string]*gorgonia.Node

	// Step builds the node of a training step in s, which moves the layer's own variables and none below. It is called once, before the first
	// step, so that a stack which is only used has no slots of optimizers.
	Step func(s *graph.Scope) *gorgonia.Node
	// Feeds are fed in each step beside the examples, and not elsewhere: a training flag that is true, say.
	Feeds graph.Feeds
	// Begin looks at the examples, in the form of x, before the first step: an error says why the layer cannot be trained on them. It may give
	// variables values that follow from the examples. It is called before a resumed training goes on as well, whose checkpoint wins. nil for nothing.
	Begin func(ctx context.Context, sess *graph.Session, examples dataset.Source) error

	// Encode builds Output in s for another x, by the same variables. nil where that is not wanted: Stack.Encode needs it.
	Encode func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node
	// Decode builds the way back in s, by the same variables: from a value h of Output to a value of x. nil where there is none.
	Decode func(s *graph.Scope, h *gorgonia.Node) *gorgonia.Node
}
