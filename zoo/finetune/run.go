package finetune

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/pkg/errors"
)

// Run takes a network of the zoo and folders of pictures, and makes a classifier of it: it replaces the classifier by a new one, trains that on the frozen
// network, then both (Kornblith, Shlens and Le, "Do better ImageNet models transfer better?", 2019; Keras' guide "Transfer learning & fine-tuning"),
// measures and saves it.
//
//	report, err := finetune.Run(ctx, finetune.Config{Network: "torchvision/resnet18", Train: "photos/train", Validation: "photos/val", Out: "ants-and-bees"})
//	...
//	c, err := finetune.Open("ants-and-bees")
//	guesses, err := c.Classify("photo.jpg", 3)
//
// What cannot work is an error before anything is trained, such as a folder Out that cannot be written, or has no room. After an error, of which a cancelled ctx is
// one, the report has what was done until then, and what was saved before is untouched. The same config gives the same network, bit for bit, on
// processors with the same features.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	start := time.Now()
	if err := writable(cfg.Out); err != nil {
		return nil, errors.WithMessage(err, "finetune: Out")
	}
	t, err := New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	if err := t.trialSave(cfg.Out); err != nil {
		return nil, errors.WithMessage(err, "finetune: Out")
	}
	r := t.report()
	err = t.run(ctx, r, start)
	r.Took = time.Since(start)
	return r, err
}

// report begins a report.
func (t *Tuning) report() *Report {
	r := &Report{Network: t.cfg.Network, Endpoint: t.endpoint, Classes: t.Classes, Skipped: t.Data.Skipped}
	for _, p := range t.Data.parts() {
		counts, _ := p.counts(len(t.Classes)) // New has checked the data
		r.Pictures = append(r.Pictures, Counts{p.name, counts})
	}
	return r
}

// run takes the steps after New.
func (t *Tuning) run(ctx context.Context, r *Report, start time.Time) error {
	if !t.cfg.FromScratch {
		if err := t.Load(ctx); err != nil {
			return err
		}
	}
	r.Preparing = time.Since(start)
	t.cfg.logf("%v\n", t)
	if !t.cfg.FromScratch {
		p, err := t.TrainHead(ctx)
		r.add(p)
		if err != nil {
			return err
		}
	}
	if !t.cfg.HeadOnly {
		p, err := t.TuneAbove(ctx, t.cfg.Frozen)
		r.add(p)
		if err != nil {
			return err
		}
	}
	var err error
	if r.Validation, err = t.Evaluate(ctx, t.Data.Validation); err != nil {
		return err
	}
	if t.Data.Test != nil {
		if r.Test, err = t.Evaluate(ctx, t.Data.Test); err != nil {
			return err
		}
	}
	if t.cfg.Out != "" {
		if err := t.Save(t.cfg.Out); err != nil {
			return err
		}
		r.Saved = filepath.Join(t.cfg.Out, weightsFile)
	}
	return nil
}

// trialSave saves the network as it is beside where it will be, and removes that: a disk without room for it is found now, not after the training.
func (t *Tuning) trialSave(dir string) error {
	if dir == "" {
		return nil
	}
	trial, err := os.MkdirTemp(dir, ".trial-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(trial)
	return errors.WithMessage(t.save(trial), "the network could not be saved in it after the training")
}

// writable makes a folder, if one is wanted, and sees whether files can be made in it.
func writable(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}
