package finetune

import (
	"context"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
)

// SearchConfig says how Search looks for the layers to reuse.
type SearchConfig struct {
	// Config is that of each try, but for Endpoint, Frozen and HeadOnly, which differ from one to the next, and Out. FromScratch must not be set.
	Config
	// Folds measures by cross-validation: of so many folds of the training pictures each is held out once, and the pictures for validation are not
	// looked at. Default 0: by the validation pictures.
	Folds int
	// Endpoints are those of the trunk that are tried, from the top on. Default each that has variables of its own.
	Endpoints []string
	// TryPatience ends each of the two series after so many tries in a row that were no better than the best; default 2.
	TryPatience int
}

// Search looks for how many layers of a network to reuse, and how many of them to train, as Géron advises ("Hands-on machine learning with
// Scikit-Learn and TensorFlow", 2017, chapter 11): freeze all and train the head; then unfreeze the top layers, one more in each try; then, which may suit
// few pictures, drop the top layers instead, one more in each try, and freeze the others. Each series ends when it gets no better.
//
// A try trains from the published weights and is judged by its accuracy, of equal ones by its loss. The same config gives the same tries. When ctx is
// cancelled, the error comes with the tries that were made.
func Search(ctx context.Context, cfg SearchConfig) (*SearchReport, error) {
	r, err := cfg.search(ctx)
	return r, errors.WithMessage(err, "finetune: Search")
}

func (c SearchConfig) search(ctx context.Context) (*SearchReport, error) {
	orDefault(&c.TryPatience, 2)
	switch {
	case c.Endpoint != "" || c.Frozen != "" || c.HeadOnly || c.FromScratch:
		return nil, errors.New("Endpoint, Frozen, HeadOnly and FromScratch are what is searched for; leave them out")
	case c.Folds < 0 || c.Folds == 1:
		return nil, errors.Errorf("Folds is %d; want 2 or more, or 0 for the validation pictures", c.Folds)
	case c.TryPatience < 0:
		return nil, errors.Errorf("TryPatience is %d; want 1 or more, or 0 for 2", c.TryPatience)
	}
	t, err := New(ctx, c.Config)
	if err != nil {
		return nil, err
	}
	levels, err := t.levels(c.Endpoints)
	pixels := graph.SpecOf(t.X).Shape[1:].TotalSize()
	d := *t.Data
	t.Close()
	if err != nil {
		return nil, err
	}
	d.Train, d.Validation, d.Test = inMemory(d.Train, pixels), inMemory(d.Validation, pixels), nil
	folds, err := c.folds(&d)
	if err != nil {
		return nil, err
	}
	r := &SearchReport{cfg: c.Config, Folds: c.Folds}
	return r, c.tries(r, levels, func(try *Try) error { return c.try(ctx, try, folds) })
}

// tries makes the tries of both series; measure trains and fills in what came out.
func (c SearchConfig) tries(r *SearchReport, levels []string, measure func(try *Try) error) error {
	top := levels[0]
	first, unfreeze, drop := []Try{{Endpoint: top, Frozen: top}}, []Try{}, []Try{}
	for _, level := range levels[1:] {
		unfreeze = append(unfreeze, Try{Endpoint: top, Frozen: level})
		drop = append(drop, Try{Endpoint: level, Frozen: level})
	}
	for _, series := range [][]Try{first, append(unfreeze, Try{Endpoint: top}), drop} {
		if err := c.series(r, series, measure); err != nil {
			return err
		}
	}
	return nil
}

// levels are endpoints of the trunk from the top on, by default the highest of those with the same variables below.
func (t *Tuning) levels(wanted []string) ([]string, error) {
	if len(wanted) > 0 {
		for _, name := range wanted {
			if _, err := t.at(name); err != nil {
				return nil, errors.WithMessage(err, "Endpoints")
			}
		}
		return wanted, nil
	}
	trunk := t.Model.Trunk()
	var levels []string
	above := -1
	for i := len(trunk) - 1; i >= 0; i-- {
		if n := len(t.below(trunk[i].Node)); n > 0 && n != above {
			levels, above = append(levels, trunk[i].Name), n
		}
	}
	return levels, nil
}

// folds are the data of each fold, or the data as they are.
func (c SearchConfig) folds(d *Data) ([]*Data, error) {
	if c.Folds == 0 {
		return []*Data{d}, nil
	}
	var all []*Data
	for i := range c.Folds {
		train, held, err := dataset.KFold(d.Train, dataset.KFoldConfig{Folds: c.Folds, Stratified: true, Seed: c.Seed}, i)
		if err != nil {
			return nil, err
		}
		fold := &Data{Train: train, Validation: held, Classes: d.Classes}
		if err := fold.check(); err != nil {
			return nil, errors.WithMessagef(err, "fold %d of %d", i+1, c.Folds)
		}
		all = append(all, fold)
	}
	return all, nil
}

// series makes tries until some in a row were no better than the best of the series, with which the first try of all counts.
func (c SearchConfig) series(r *SearchReport, tries []Try, measure func(try *Try) error) error {
	best, wait := Try{Accuracy: -1}, 0
	if len(r.Tries) > 0 {
		best = r.Tries[0]
	}
	for _, try := range tries {
		if wait == c.TryPatience {
			return nil
		}
		if err := measure(&try); err != nil {
			return errors.WithMessagef(err, "%s, %s", try.Endpoint, try.trained())
		}
		r.Tries = append(r.Tries, try)
		c.logf("%v\n", try)
		if try.better(best) {
			best, wait = try, 0
		} else {
			wait++
		}
		if try.better(r.Tries[r.Best]) {
			r.Best = len(r.Tries) - 1
		}
	}
	return nil
}

// try trains on each fold and measures what it held out.
func (c SearchConfig) try(ctx context.Context, try *Try, folds []*Data) error {
	start := time.Now()
	cfg := try.config(c.Config)
	cfg.Out, cfg.Log = "", nil
	examples := 0.0
	for _, d := range folds {
		cfg.Data = d
		r, err := Run(ctx, cfg)
		if err != nil {
			return err
		}
		n := float64(d.Validation.Len())
		examples += n
		try.Accuracy += n * r.Validation.Accuracy
		try.Loss += n * r.Validation.Loss
		try.Trained = r.Phases[len(r.Phases)-1].Trained
	}
	try.Accuracy, try.Loss, try.Took = try.Accuracy/examples, try.Loss/examples, time.Since(start)
	return nil
}
