package network

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/transfer/weights"
)

// Config configures Model.Import. The zero value builds the whole network for inference, on placeholders.
type Config struct {
	// Inputs are nodes to build on, such as another network's output, by the names of the model's inputs, or of inner values where a format can cut
	// there: what computes them is not built then. Inputs that are not named become placeholders. Layouts are those of the format: images are [batch, channels, height, width] in ONNX,
	// [batch, height, width, channels] in TensorFlow's and Keras' models unless these say otherwise.
	Inputs map[string]*gorgonia.Node
	// Constants are values of inputs that never change, by name: what says the shape of a Reshape must be
	// known when the graph is built.
	Constants map[string]weights.Tensor
	// Outputs are the names of the values that are wanted: only what these need is built. nil stands
	// for the outputs that the model names, or all of it where it names none.
	Outputs []string
	// Training tells, as a scalar bool node, whether layers that behave differently then (batch normalisation, dropout)
	// train; nil is never. Formats that keep such a node themselves, as TensorFlow's graphs do, build theirs.
	Training *gorgonia.Node
}
