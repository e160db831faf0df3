package training

import (
	"fmt"
	"maps"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// step trains on the current batch.
func (l *Loop) step() error {
	l.whole = false
	l.fetches, l.values = l.fetches[:l.base], nil
	for _, h := range l.cfg.Hooks {
		l.calling = h
		if err := h.BeforeStep(l); err != nil {
			return l.failedStep(err)
		}
	}
	l.calling = nil
	err := l.feed()
	if err == nil {
		// A step is finished even when ctx is cancelled meanwhile: the batch is taken, and data and
		// weights must stay together.
		l.values, err = l.sess.Run(l.feeds, l.fetches...)
	}
	if err != nil {
		return l.failedStep(err)
	}
	size := float64(examples(l.cfg.Data))
	for i := range l.means {
		l.means[i].sum += size * l.values.Float(l.offset+i)
	}
	l.at.Examples += size
	l.at.Step++
	l.at.EpochStep++
	if l.cfg.StepLosses && l.cfg.Loss != nil {
		l.history.Losses = append(l.history.Losses, l.Loss())
	}
	for _, h := range l.cfg.Hooks {
		l.calling = h
		if err := h.AfterStep(l); err != nil {
			return l.failedAfter(err)
		}
	}
	l.calling = nil
	if !l.spoilt && l.cfg.Loss != nil && math.IsNaN(l.Loss()) {
		l.spoilt = true
		l.Warn(fmt.Sprintf("the loss became NaN in step %d; hooks.NaNGuard ends a training there and names the node", l.at.Step))
	}
	return l.complete()
}

// failedStep describes an error in a step that was not done.
func (l *Loop) failedStep(err error) error {
	return errors.WithMessagef(err, "training: epoch %d, step %d", l.at.Epoch, l.at.Step+1)
}

// failedAfter describes an error behind a step.
func (l *Loop) failedAfter(err error) error {
	return errors.WithMessagef(err, "training: epoch %d, after step %d", l.at.Epoch, l.at.Step)
}

// feed makes the feeds of the current batch.
func (l *Loop) feed() error {
	return feedBatch(l.feeds, l.cfg.Data, l.cfg.X, l.cfg.Y, l.cfg.Feeds, l.cfg.Feed)
}

// feedBatch makes feeds those of the current batch: fixed ones, what more returns, x and y.
func feedBatch(feeds graph.Feeds, d Data, x, y *gorgonia.Node, fixed graph.Feeds, more func(Data) graph.Feeds) error {
	clear(feeds)
	maps.Copy(feeds, fixed)
	if more != nil {
		maps.Copy(feeds, more(d))
	}
	if x != nil {
		v := d.X()
		if v == nil {
			return errors.New("the placeholder X is given, but Data.X() is nil")
		}
		feeds[x] = v
	}
	if y != nil {
		v := d.Y()
		if v == nil {
			return errors.New("the placeholder Y is given, but Data.Y() is nil; leave Y nil where there are no labels")
		}
		feeds[y] = v
	}
	return nil
}
