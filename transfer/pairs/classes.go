package pairs

import (
	"fmt"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/draws"
	"github.com/plexaura/plexaura/training/dataset"
)

// ClassesConfig says what the batches of Classes hold.
type ClassesConfig struct {
	Classes  int // in a batch; 0 means 8, or all where there are fewer
	PerClass int // examples of each; 0 means 4
	Batches  int // in an epoch; 0 means as many as there are examples for
	Seed     int64
	Fixed    bool // draws the same in every epoch
}

// Classes orders examples of a labelled source so that every batch has PerClass different examples of each of Classes different classes, as
// losses need that look for triplets in a batch: Hermans, Beyer and Leibe (2017) call these batches of P classes and K examples. X is that
// of the source, the label the class. The batches are those of
//
//	dataset.BatchesConfig{Source: s, BatchSize: s.BatchSize(), NoShuffle: true}
//
// and no others: the order is the source's. Every class wants PerClass examples or more.
func Classes(src dataset.Source, cfg ClassesConfig) (*Source, error) {
	s, err := classes(src, cfg)
	return s, errors.WithMessage(err, "pairs: Classes")
}

func classes(src dataset.Source, cfg ClassesConfig) (*Source, error) {
	if cfg.PerClass == 0 {
		cfg.PerClass = 4
	}
	if cfg.PerClass < 2 || cfg.Classes < 0 || cfg.Classes == 1 || cfg.Batches < 0 {
		return nil, errors.Errorf("wanted 2 or more Classes (0 means 8), 2 or more PerClass (0 means 4) and 1 or more Batches (0 means what there are examples for), "+
			"came %d, %d and %d", cfg.Classes, cfg.PerClass, cfg.Batches)
	}
	s, err := newSource(src, cfg.PerClass)
	if err != nil {
		return nil, err
	}
	g := s.groups
	if cfg.Classes == 0 {
		cfg.Classes = min(8, len(g.ids))
	}
	if cfg.Classes > len(g.ids) {
		return nil, errors.Errorf("Classes: wanted at most %d, as many as there are, came %d", len(g.ids), cfg.Classes)
	}
	batch := cfg.Classes * cfg.PerClass
	if cfg.Batches == 0 {
		cfg.Batches = max(1, g.len()/batch)
	}
	if cfg.Batches > mostExamples/batch {
		return nil, errors.Errorf("Batches: wanted at most %d of %d examples each, came %d", mostExamples/batch, batch, cfg.Batches)
	}
	s.n, s.members, s.fixed, s.batch = cfg.Batches*batch, 1, cfg.Fixed, batch
	s.what = "%d examples of %d of %d classes, " + cfg.String()
	s.draw = func(epoch, i int, places []int) {
		var room [64]int
		chosen := room[:0]
		if need := max(cfg.Classes, cfg.PerClass); need > len(room) {
			chosen = make([]int, 0, need)
		}
		// Every example of a batch draws all classes of it, so that none has to wait for another.
		batch, slot, k := i/batch, i%batch/cfg.PerClass, i%cfg.PerClass
		stream := draws.At(cfg.Seed, epoch, batch)
		chosen = chosen[:cfg.Classes]
		stream.Distinct(chosen, len(g.ids))
		c := chosen[slot]
		stream = draws.At(cfg.Seed, epoch, batch, slot)
		chosen = chosen[:cfg.PerClass]
		stream.Distinct(chosen, g.size(c))
		places[0] = g.places[g.begins[c]+chosen[k]]
	}
	s.label = func(_ int, places []int) int64 { return g.label(places[0]) }
	return s, nil
}

func (cfg ClassesConfig) String() string {
	return fmt.Sprintf("in batches of %d classes and %d examples of each, %v", cfg.Classes, cfg.PerClass, Config{Seed: cfg.Seed, Fixed: cfg.Fixed})
}
