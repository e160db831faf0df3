package pretrain

import (
	"io"
	"math"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
)

// Config says on what Stack.Pretrain trains the layers, and for how long. Data is required; the zero value of everything else is the default that
// its comment names.
type Config struct {
	// Data are the examples, in the form of the stack's input. Labels are not looked at. It must give the same values every time, so augmentation
	// is no part of it: what a layer is to be robust against is its own business. A *dataset.Set may be float64.
	Data dataset.Source
	// Validation are examples that no step sees. With them a layer is done when its reconstruction error on them has not improved for Patience
	// epochs, and has the weights then with which that was least. Default none: a layer is trained for all its epochs.
	Validation dataset.Source

	// Epochs are how many times each layer sees the data, at most: the first number is the lowest layer's, the last that of all layers above as
	// well. Default 10 for each.
	Epochs    []int
	BatchSize int   // examples in a step; default 100
	Seed      int64 // of the order of the examples; 0 is a seed like any other

	Patience int // of all layers; default 10
	// KeepLast goes on to the last epoch and keeps its weights, whatever the validation says.
	KeepLast bool
	// FreeEnergyGap ends a layer that has a free energy when its mean over the validation data is so much higher than that over as many of the training
	// data, the first ones: the sign of overfitting that Hinton gives for restricted Boltzmann machines ("A practical guide to training restricted
	// Boltzmann machines", 2010, section 6). The gap is recorded as "free_energy_gap". Default 0, for no limit.
	FreeEnergyGap float64

	// Checkpoints is a folder for the state of the training, with a folder for each layer. Pretrain goes on from what it finds there, in whichever
	// layer that was, and ends with the bits of a training that was never interrupted. That wants the graph, the data and the config of then. Default
	// none.
	Checkpoints string
	// CheckpointEvery saves after so much time instead of after each epoch.
	CheckpointEvery time.Duration
	// Cache is a folder for what the layers give for the examples, which may then be more than fits into memory. Default none, which keeps it in
	// memory.
	Cache string

	// Hooks gives further hooks for the training of a layer, by the name of its endpoint; nil for none.
	Hooks func(layer string) []training.Hook
	// Log is told what is done, and shows the progress of training; nil for nothing.
	Log io.Writer
}

const (
	defaultEpochs    = 10
	defaultBatchSize = 100
)

// check finds what is wrong with a config, and puts the defaults in.
func (c *Config) check(layers int) error {
	switch {
	case c.Data == nil:
		return errors.New("Data is nil; want examples, such as a *dataset.Set")
	case len(c.Epochs) > layers:
		return errors.Errorf("Epochs has %d numbers for %d layers; want one for each at most", len(c.Epochs), layers)
	case c.BatchSize < 0:
		return errors.Errorf("BatchSize is %d; want a positive number (0 means %d)", c.BatchSize, defaultBatchSize)
	case c.Patience < 0:
		return errors.Errorf("Patience is %d; want a positive number, or 0 for the default", c.Patience)
	case c.CheckpointEvery < 0:
		return errors.Errorf("CheckpointEvery is %v; want 0 (after each epoch) or more", c.CheckpointEvery)
	case math.IsNaN(c.FreeEnergyGap) || c.FreeEnergyGap < 0:
		return errors.Errorf("FreeEnergyGap is %v; want 0 (no limit) or more", c.FreeEnergyGap)
	case c.FreeEnergyGap > 0 && c.Validation == nil:
		return errors.Errorf("FreeEnergyGap is %v without Validation, between which and Data the gap is", c.FreeEnergyGap)
	}
	for i, n := range c.Epochs {
		if n < 1 {
			return errors.Errorf("Epochs: number %d is %d; want 1 or more", i, n)
		}
	}
	if c.BatchSize == 0 {
		c.BatchSize = defaultBatchSize
	}
	return nil
}

// epochs are those of a layer, counted from 0.
func (c *Config) epochs(layer int) int {
	if len(c.Epochs) == 0 {
		return defaultEpochs
	}
	return c.Epochs[min(layer, len(c.Epochs)-1)]
}
