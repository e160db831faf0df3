package dataset

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// BatchesConfig says what Batches divides, and how.
type BatchesConfig struct {
	X tensor.Tensor // examples [n, ...], any dtype; required unless there is a Source
	Y tensor.Tensor // labels or targets [n] or [n, ...]; nil for none (autoencoders)

	// Source takes the place of X and Y: examples that are read when they are
	// wanted. Their batches are X float32 [BatchSize, ...] and Y int64 [BatchSize]
	// for labels, float32 [BatchSize, ...] for targets, nil for neither. A Set is
	// taken as its X and Y.
	Source Source

	// Map changes every example, in this order: decoding, augmentation. With it, X
	// must be float32, and Y int64 [n] or float32 [n, ...].
	Map []Transform
	// MapBatch changes every batch after that, in this order: Mixup, CutMix. It
	// wants the dtypes of Map.
	MapBatch []BatchTransform

	BatchSize     int   // examples in a batch; 0 means 32
	NoShuffle     bool  // keep the order of X; by default every epoch has its own order
	Seed          int64 // of the orders and of what transforms draw; 0 is a seed like any other
	Epoch         int   // the epoch to begin with; 0 is the first
	DropRemainder bool  // leave out the last batch of an epoch where it is smaller than BatchSize

	// Epochs makes Next go on from epoch to epoch and return false after this many,
	// counted from epoch 0; -1: never. 0: it returns false after each, until Reset.
	// With training.Fit take -1, which keeps making batches ahead over the ends of
	// epochs, or 0; FitConfig.Epochs says how many there are.
	Epochs int
	// Weights [n] draw n examples an epoch in proportion to them, with
	// replacement, in place of each example once. BalancedWeights makes some.
	Weights []float64
	// SkipErrors leaves an example that cannot be read or transformed out of its
	// batch, which becomes smaller by it, and goes on; Skipped counts them. A batch
	// without examples is left out. By default the first bad example ends it all.
	SkipErrors bool

	// Workers are the goroutines that read and transform examples. 0: as many as
	// GOMAXPROCS; -1: none, Next does it itself, and nothing ahead. Prefetch is how
	// many batches they make ahead of the current one; 0 means 2, -1 none. Neither
	// changes what a batch holds. X and Y without Map and MapBatch need no work
	// ahead and take no notice of them.
	Workers, Prefetch int
}

const (
	defaultBatchSize = 32
	defaultPrefetch  = 2

	maxWorkers, maxPrefetch = 1024, 1024 // against a slip of the finger
)

// check finds what is wrong with the config whatever the examples are.
func (cfg *BatchesConfig) check() error {
	if cfg.BatchSize < 0 {
		return errors.Errorf("BatchSize: wanted 1 or more (0 means %d), came %d", defaultBatchSize, cfg.BatchSize)
	}
	if cfg.Epoch < 0 {
		return errors.Errorf("Epoch: wanted 0 or more, came %d", cfg.Epoch)
	}
	if cfg.Epochs < -1 {
		return errors.Errorf("Epochs: wanted -1 or more, came %d", cfg.Epochs)
	}
	if cfg.Workers < -1 || cfg.Workers > maxWorkers {
		return errors.Errorf("Workers: wanted -1 to %d, came %d", maxWorkers, cfg.Workers)
	}
	if cfg.Prefetch < -1 || cfg.Prefetch > maxPrefetch {
		return errors.Errorf("Prefetch: wanted -1 to %d, came %d", maxPrefetch, cfg.Prefetch)
	}
	if cfg.Workers == -1 && cfg.Prefetch > 0 {
		return errors.Errorf("Workers -1 makes no batches ahead; leave out Prefetch %d", cfg.Prefetch)
	}
	for i, t := range cfg.Map {
		if t == nil {
			return errors.Errorf("Map: transform number %d is nil", i)
		}
	}
	for i, t := range cfg.MapBatch {
		if t == nil {
			return errors.Errorf("MapBatch: transform number %d is nil", i)
		}
	}
	switch {
	case cfg.Source != nil && (cfg.X != nil || cfg.Y != nil):
		return errors.New("wanted a Source or X and Y, came both")
	}
	return nil
}

// openSet puts the tensors of a Source that is a Set in X and Y.
func (cfg *BatchesConfig) openSet() error {
	if set, ok := cfg.Source.(*Set); ok && set != nil {
		cfg.X, cfg.Y, cfg.Source = set.X, set.Y, nil
	} else if ok {
		return errors.New("Source: wanted a set, came nil")
	}
	if cfg.Source == nil && cfg.X == nil {
		return errors.New("X: wanted a tensor [n, ...] (or a Source), came nil")
	}
	return nil
}

// source is where the examples come from; nil where X and Y are handed out as
// they are.
func (cfg *BatchesConfig) source() (Source, error) {
	if cfg.Source == nil && len(cfg.Map)+len(cfg.MapBatch) == 0 {
		return nil, nil
	}
	if cfg.Source != nil {
		return cfg.Source, nil
	}
	r, err := (&Set{X: cfg.X, Y: cfg.Y}).reader()
	if err != nil {
		return nil, err // not r, which would be a Source that is not nil
	}
	return r, nil
}
