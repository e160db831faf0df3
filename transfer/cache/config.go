package cache

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
)

// Config says what is computed and where it is kept. Nodes, X and Source are required.
type Config struct {
	// Nodes are the outputs of the frozen layers, each float32 or float64 [batch, ...], and of an example's own values only.
	Nodes gorgonia.Nodes
	// X is the placeholder that is fed the examples, or an inner node of which they are values.
	X *gorgonia.Node
	// Source has the examples: a *dataset.Set, a folder of pictures, or one's own. It must give the same values every time, so
	// augmentation is no part of it. A Set may have an X of any dtype that the placeholder takes.
	Source dataset.Source
	// Feeds are fed beside X, such as isTraining: false where that is not the default.
	Feeds graph.Feeds

	// Path is a file to keep the activations in: a folder that is missing is made, and a file that was made of other weights, another graph or
	// other data is replaced. It is mapped into memory, so it may be larger than that. "" keeps the activations in memory.
	Path string
	// DataKey says which examples the Source has, instead of its dataset.Fingerprint; anything that is another where the examples are others. A
	// source that cannot tell wants it where there is a Path.
	DataKey string
	// Float16 keeps float32 in half the room, with a relative error of up to 2^-11, below 2^-14 an absolute one of up to 2^-25: what is trained on
	// that is not what is trained on computed activations. Values that round to more than 65504, as 65520 does, are an error.
	Float16 bool

	BatchSize int // examples that are computed at once, which changes no bit of them, nor what is taken from a file; 0 means 64
	// Progress is told after every batch how many of the examples are computed. It is not called where all were there. A training.Progress
	// shows it: func(done, total int) { p.Update(done, "") }.
	Progress func(done, total int)
}

const defaultBatchSize = 64

// check finds what is wrong with a config, and puts the defaults in.
func (cfg *Config) check(g *graph.Graph) error {
	switch {
	case len(cfg.Nodes) == 0:
		return errors.New("Nodes: want the outputs of the frozen layers, one or more, came none")
	case cfg.X == nil:
		return errors.New("X: want the placeholder that is fed the examples, came nil")
	case cfg.Source == nil:
		return errors.New("Source: want examples, such as a *dataset.Set or what image.Folder returns, came nil")
	case cfg.BatchSize < 0:
		return errors.Errorf("BatchSize: want 1 or more (0 means %d), came %d", defaultBatchSize, cfg.BatchSize)
	}
	if cfg.BatchSize == 0 {
		cfg.BatchSize = defaultBatchSize
	}
	seen := map[*gorgonia.Node]bool{}
	for i, n := range cfg.Nodes {
		switch {
		case n == nil:
			return errors.Errorf("Nodes[%d]: want a node, came nil", i)
		case n.Graph() != g.Expr():
			return errors.Errorf("Nodes[%d]: %s belongs to another graph than the session's", i, n.Name())
		case graph.IsBad(n):
			return errors.Errorf("Nodes[%d]: the node could not be built: %v", i, g.Err())
		case seen[n]:
			return errors.Errorf("Nodes[%d]: %s is there twice", i, g.NameOf(n))
		}
		seen[n] = true
		if sp := graph.SpecOf(n); !sp.IsFloat() || sp.Rank() < 1 {
			return errors.Errorf("Nodes[%d]: %s is %v; want float32 or float64 [batch, ...]", i, g.NameOf(n), sp)
		}
	}
	if cfg.X.Graph() != g.Expr() {
		return errors.Errorf("X: %s belongs to another graph than the session's", cfg.X.Name())
	}
	if _, ok := cfg.Feeds[cfg.X]; ok {
		return errors.Errorf("Feeds: %s is X, which is fed the examples", g.NameOf(cfg.X))
	}
	return nil
}
