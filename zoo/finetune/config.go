package finetune

import (
	"io"
	"math"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/zoo"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// Config says which network is fine-tuned, on which pictures and how. Network and Train are required (or Data, where pictures do not lie in
// folders); the zero value of everything else is the default that its comment names.
type Config struct {
	// Network is one of zoo.List, such as "torchvision/resnet18".
	Network string
	// Fetch says where its file is looked for and how it is downloaded.
	Fetch fetch.Config

	// Train is a folder of pictures with a sub-folder for each class, Validation and Test are such folders with the same classes. Without
	// Validation, the share Held of the pictures of Train, of each class alike, is held out for it; default 0.2. Test is measured once, at
	// the end; without it, nothing is.
	Train, Validation, Test string
	Held                    float64
	// Data are the pictures where they do not come from these folders; Arrays makes them of arrays.
	Data *Data
	// SkipUnreadable leaves out files that are damaged or no pictures, which Report.Skipped then lists. By default they are an error, which
	// comes before any training.
	SkipUnreadable bool
	// Augment changes the pictures while the network is fine-tuned, anew in each epoch; the zero value does not. The values are those of the
	// network's input, such as -1..1.
	Augment image.AugmentConfig

	// Height and Width are those of the input, for networks that take any size; default those that the network was trained with.
	Height, Width int
	// Endpoint is what the head stands on, one of zoo's Model.Trunk; layers above are dropped. Default the last one below the classifier.
	Endpoint string
	// Dropout is the share of the features that a training step leaves out, and L2 the factor of half the squares of the head's kernel that is
	// added to the loss. Default none.
	Dropout, L2 float64

	// Head is the first phase: the network is frozen and the head trained, on features that are computed once. Default: 100 epochs with rate 0.001.
	Head Phase
	// Tune is the second: the layers above Frozen are trained with it. Default: 20 epochs with rate 0.00001.
	Tune Phase
	// Frozen is the endpoint of the trunk up to which the network stays as it was published in the second phase. Default "": all of it is trained.
	Frozen string
	// HeadOnly leaves out the second phase, and FromScratch the first and the published weights: the network trains from its initial values, with
	// the statistics of batch norm those of the batches. Both are for comparison; set one at most.
	HeadOnly, FromScratch bool
	// LayerDecay is the factor of the learning rate from each endpoint of the trunk that has variables of its own to the next one below; the layers next
	// below the head have Rate times it, the head has Rate. Default 1, the same rate for all; 0.3 to 0.95 is usual. Layer-wise learning rate decay (Clark et
	// al., "ELECTRA", 2020), discriminative fine-tuning (Howard and Ruder, "Universal language model fine-tuning for text classification", 2018).
	LayerDecay float64
	// BatchSize is the number of pictures in a training step; default 32.
	BatchSize int
	// KeepLast goes on to the last epoch of each phase and keeps its weights, whatever the validation says. By default a phase ends when the loss of
	// the validation pictures has not improved for Patience epochs, and gives the network the weights that were best, be it those before the phase.
	KeepLast bool
	// Patience is for both phases; default 10.
	Patience int
	// Seed determines the choice of the validation pictures, the initial head, the order of the pictures and what is drawn. 0 is a seed like any other.
	Seed int64

	// Cache is the folder in which the frozen layers' features are kept for other runs; default none, which keeps them in memory.
	Cache string
	// Out is the folder that the network is saved in, which Open opens; default none.
	Out string
	// Log is told what is done, and shows the progress of training; nil for nothing.
	Log io.Writer
}

// Phase says how long and how fast a phase trains. The optimizer is Adam.
type Phase struct {
	Epochs int     // at most
	Rate   float64 // the learning rate
}

// filled puts the defaults in and returns an error for what no network can have.
func (c Config) filled() (Config, zoo.Pretrained, error) {
	entry, err := zoo.Describe(c.Network)
	if err != nil {
		return c, entry, err
	}
	orDefault(&c.Held, 0.2)
	orDefault(&c.Height, entry.Input.Height)
	orDefault(&c.Width, entry.Input.Width)
	orDefault(&c.Head.Epochs, 100)
	orDefault(&c.Head.Rate, 1e-3)
	orDefault(&c.Tune.Epochs, 20)
	orDefault(&c.Tune.Rate, 1e-5)
	orDefault(&c.BatchSize, 32)
	orDefault(&c.Patience, 10)
	orDefault(&c.LayerDecay, 1)
	for _, share := range []struct {
		name  string
		value float64
	}{{"Held", c.Held}, {"Dropout", c.Dropout}} {
		if !(share.value >= 0 && share.value < 1) {
			return c, entry, errors.Errorf("%s is %v; want a share from 0 up to 1", share.name, share.value)
		}
	}
	for _, number := range []struct {
		name  string
		value float64
	}{
		{"Height", float64(c.Height)}, {"Width", float64(c.Width)}, {"Head.Epochs", float64(c.Head.Epochs)}, {"Head.Rate", c.Head.Rate}, {"Tune.Epochs", float64(c.Tune.Epochs)},
		{"Tune.Rate", c.Tune.Rate}, {"BatchSize", float64(c.BatchSize)}, {"Patience", float64(c.Patience)},
	} {
		if !(number.value > 0) || math.IsInf(number.value, 1) {
			return c, entry, errors.Errorf("%s is %v; want a positive number, or 0 for the default", number.name, number.value)
		}
	}
	switch {
	case c.Height > maxSide || c.Width > maxSide:
		return c, entry, errors.Errorf("Height is %d and Width %d; want at most %d", c.Height, c.Width, maxSide)
	case !(c.L2 >= 0) || math.IsInf(c.L2, 1):
		return c, entry, errors.Errorf("L2 is %v; want 0 or more", c.L2)
	case !(c.LayerDecay > 0 && c.LayerDecay <= 1):
		return c, entry, errors.Errorf("LayerDecay is %v; want a positive number up to 1, or 0 for 1", c.LayerDecay)
	case c.HeadOnly && c.FromScratch:
		return c, entry, errors.New("HeadOnly trains on published weights and FromScratch without them; want one of the two")
	case c.FromScratch && c.Frozen != "":
		return c, entry, errors.Errorf("FromScratch trains all layers, but Frozen is %q; want one of the two", c.Frozen)
	}
	return c, entry, nil
}

const maxSide = 1 << 14 // what is larger is a slip of the pen

// orDefault gives a field that is zero its default.
func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// input is what becomes of a picture: that which the network was trained with, in the size of the config.
func (c Config) input(entry zoo.Pretrained) image.Config {
	in := entry.Input
	if in.Shorter > 0 && in.Height > 0 {
		in.Shorter = max(in.Shorter*min(c.Height, c.Width)/min(in.Height, in.Width), min(c.Height, c.Width))
	}
	in.Height, in.Width = c.Height, c.Width
	return in
}

// augments tells whether pictures change from epoch to epoch.
func (c Config) augments() bool { return c.Augment != image.AugmentConfig{} }
