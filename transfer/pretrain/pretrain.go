package pretrain

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"time"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/cache"
)

// Pretrain trains the layers of the stack from below, each on what the one beneath it gives when that is trained, and leaves the result in the
// variables of the session. Variables that have no value yet get their initial one.
//
// What cannot be trained on is an error before the first step: see Check and Built.Begin. An error of a layer comes with the report of what was done
// until then, and so does a cancelled ctx, for which errors.Is(err, context.Canceled) holds; with Config.Checkpoints, the same call goes on from
// there. The same config, graph and data give the same weights, bit for bit, on processors with the same features. A loss that becomes NaN or
// infinite is an error that names the node where it arose.
//
// A second Pretrain goes on from the weights that there are. A layer whose variables are all frozen is left as it is, such as one that was loaded.
// The training steps leave graph.TrainOp when their layer is trained, so that layers may be frozen afterwards.
func (st *Stack) Pretrain(ctx context.Context, sess *graph.Session, cfg Config) (*Report, error) {
	r := &Report{}
	start := time.Now()
	err := st.pretrain(ctx, sess, cfg, r)
	r.Took = time.Since(start)
	return r, errors.WithMessage(err, "pretrain")
}

func (st *Stack) pretrain(ctx context.Context, sess *graph.Session, cfg Config, r *Report) error {
	if ctx == nil {
		ctx = context.Background()
	}
	switch {
	case st.empty():
		return errEmpty
	case sess == nil:
		return errors.New("the session is nil")
	case sess.Graph().Expr() != st.x.Graph():
		return errors.New("the stack stands in another graph than the session's")
	}
	if err := cfg.check(len(st.layers)); err != nil {
		return err
	}
	in := examples{train: cfg.Data, validation: cfg.Validation}
	for _, part := range in.parts() {
		seen, err := look(ctx, *part.source, -math.MaxFloat64, math.MaxFloat64, st.x)
		if err == nil && part.source == &in.train {
			err = seen.judge()
		}
		if err != nil {
			return errors.WithMessage(err, part.name)
		}
	}
	for i, l := range st.layers {
		if err := st.one(ctx, sess, &cfg, i, &in, r); err != nil {
			in.close()
			return errors.WithMessage(err, l.name)
		}
	}
	return errors.WithMessage(in.close(), "the values of the layers")
}

// one trains a layer, and replaces the examples by what it sees.
func (st *Stack) one(ctx context.Context, sess *graph.Session, cfg *Config, i int, in *examples, r *Report) error {
	l := st.layers[i]
	start := time.Now()
	if i > 0 {
		next, err := in.through(ctx, sess, cfg, st.layers[i-1])
		if err != nil {
			return errors.WithMessagef(err, "the values of %s", st.layers[i-1].name)
		}
		if err := in.close(); err != nil {
			return err
		}
		*in = *next
	}
	report := &LayerReport{Name: l.name, Input: graph.SpecOf(l.x).String(), Output: graph.SpecOf(l.out).String(), Values: time.Since(start)}
	r.Layers = append(r.Layers, report)
	start = time.Now()
	err := l.train(ctx, sess, cfg, cfg.epochs(i), *in, report)
	report.Training = time.Since(start)
	return err
}

// examples are what a layer is trained on.
type examples struct {
	train, validation dataset.Source // validation is nil where there is none
	open              []*cache.Activations
}

type part struct {
	name   string
	source *dataset.Source
}

// parts are those that there are.
func (e *examples) parts() []part {
	all := []part{{"Data", &e.train}}
	if e.validation != nil {
		all = append(all, part{"Validation", &e.validation})
	}
	return all
}

func (e *examples) close() error {
	var first error
	for _, a := range e.open {
		if err := a.Close(); err != nil && first == nil {
			first = err
		}
	}
	e.open = nil
	return first
}

// through makes of examples in the form of a layer's input what the layer gives for them.
func (e *examples) through(ctx context.Context, sess *graph.Session, cfg *Config, l *level) (*examples, error) {
	out := &examples{train: e.train, validation: e.validation}
	for _, p := range out.parts() {
		c := cache.Config{Nodes: gorgonia.Nodes{l.out}, X: l.x, Source: *p.source, BatchSize: max(cfg.BatchSize, 64)}
		if cfg.Cache != "" {
			c.Path = filepath.Join(cfg.Cache, fmt.Sprintf("%s-%s.activations", l.name, p.name))
		}
		a, err := cache.Open(ctx, sess, c)
		if err == nil && (cfg.Cache == "" || l.out.Dtype() == tensor.Float64) {
			*p.source, err = a.Set() // whose batches cost next to nothing
			if closed := a.Close(); err == nil {
				err = closed
			}
		} else if err == nil {
			out.open = append(out.open, a)
			*p.source = a
		}
		if err != nil {
			out.close()
			return nil, errors.WithMessage(err, p.name)
		}
	}
	return out, nil
}
