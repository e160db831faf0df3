package zoo

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// Config configures a network. The zero value is the published one, in inference.
type Config struct {
	// Classes is the number of logits; default that of the published weights, which is
	// 1000 for the networks of ImageNet.
	Classes int
	// NoTop ends the network before its classifier, with the last map of features,
	// [batch, height, width, channels].
	NoTop bool
	// Training is a scalar bool. Where it holds, batch norm goes by the batch and
	// dropout drops; nil is never.
	Training *gorgonia.Node
	// Momentum is the share of the old moving statistics that a training step keeps in batch norm (TensorFlow's convention). Default what the
	// network was published with, .9 to .99 and more, which suits long trainings: after 280 steps with .99 a fifteenth of the initial
	// variance, 1, is still in it, many times that of small activations, and in each layer again.
	Momentum float64
	// Width multiplies the number of channels of the networks that are published in
	// several widths; elsewhere it is an error. Default 1.
	Width float64
	// Port is whose weights the network computes with, for the networks of which there are
	// several; elsewhere it is an error. Default Original.
	Port Port
	// Auxiliary adds the second classifier that some networks are trained with, as an
	// endpoint; it is an error where there is none, and with NoTop.
	Auxiliary bool
	// Kernel draws the initial kernels; default what the network was published with.
	Kernel graph.Initializer
	// Fetch says where Model.Load looks for the files of published weights and how it downloads them; for networks of
	// Build only.
	Fetch fetch.Config
	// File is the path of a file that one has, in place of the published one: Model.Load reads it, and so does Build where the network stands in it. It is in
	// the format of the published file and has its names; nothing is fetched, and no checksum is asked for. For networks of Build only.
	File string
}

// check returns an error unless cfg fits a network that has several widths or one.
func (cfg Config) check(widths bool) error {
	switch {
	case cfg.Classes < 0:
		return errors.Errorf("Classes is %d; want a positive number, or 0 for the published one", cfg.Classes)
	case cfg.NoTop && cfg.Classes != 0:
		return errors.Errorf("Classes is %d, but NoTop leaves the classifier out; want one of the two", cfg.Classes)
	case !(cfg.Width >= 0 && cfg.Width <= maxWidth):
		return errors.Errorf("Width is %v; want a positive number up to %d, or 0 for 1", cfg.Width, maxWidth)
	case cfg.Width != 0 && !widths:
		return errors.Errorf("Width is %v, but this network has one width only; want 0", cfg.Width)
	case !(cfg.Momentum >= 0 && cfg.Momentum < 1):
		return errors.Errorf("Momentum is %v; want a positive number below 1, or 0 for the published one", cfg.Momentum)
	case cfg.File != "":
		return errors.Errorf("File is %q, but only networks of zoo.Build know what their files hold; transfer.Map loads those of others", cfg.File)
	case cfg.Auxiliary:
		return errors.New("Auxiliary is set, but this network has one classifier only")
	}
	return nil
}

const maxWidth = 64 // what is wider is a slip of the pen
