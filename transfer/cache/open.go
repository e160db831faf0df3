package cache

import (
	"context"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
)

// Open computes cfg.Nodes for every example of cfg.Source with the values that the variables have in the session, and keeps what comes out.
//
// What would not be the same in every Run is an error that says why (see the package), and so is a NaN or an infinity, which names
// the example. When ctx is cancelled, the batch at work is finished, and the error is one for which errors.Is(err, context.Canceled) holds.
func Open(ctx context.Context, sess *graph.Session, cfg Config) (*Activations, error) {
	if sess == nil {
		return nil, errors.New("cache: the session is nil")
	}
	a, err := open(ctx, sess, cfg)
	return a, errors.WithMessage(err, "cache")
}

func open(ctx context.Context, sess *graph.Session, cfg Config) (*Activations, error) {
	if err := cfg.check(sess.Graph()); err != nil {
		return nil, err
	}
	w, err := needed(ctx, sess, cfg)
	if err != nil {
		return nil, err
	}
	p, err := newProbe(ctx, sess, cfg, w)
	if err != nil {
		return nil, err
	}
	a := &Activations{nodes: cfg.Nodes, n: p.n, columns: p.columns[:len(cfg.Nodes)]}
	if len(p.columns) > len(cfg.Nodes) {
		a.y = &p.columns[len(cfg.Nodes)]
	}
	size := 0
	for _, c := range p.columns {
		a.at = append(a.at, size)
		size += p.n * c.size()
	}
	a.data = make([]byte, size)
	if err := a.compute(ctx, sess, cfg); err != nil {
		return nil, err
	}
	if a.y != nil && a.y.Dtype == tensor.Int64.Name() && len(a.y.Shape) == 0 {
		a.ids = make([]int64, p.n)
		decode(bytesOf(a.ids), a.data[a.at[len(a.columns)]:], 8)
	}
	return a, nil
}

// compute fills in the values of all examples.
func (a *Activations) compute(ctx context.Context, sess *graph.Session, cfg Config) error {
	b := dataset.Batches(dataset.BatchesConfig{Source: cfg.Source, NoShuffle: true, BatchSize: cfg.BatchSize})
	defer b.Close()
	for first := 0; b.NextContext(ctx); {
		values, err := run(ctx, sess, cfg, b.X())
		if err != nil {
			return errors.WithMessagef(err, "at example %d", first)
		}
		if a.y != nil {
			y, ok := b.Y().(*tensor.Dense)
			if !ok {
				return errors.Errorf("Source: the first examples have labels, example %d has none", first)
			}
			values = append(values, y)
		}
		for k, v := range values {
			if err := a.put(k, first, v); err != nil {
				return err
			}
		}
		first += b.X().Shape()[0]
		if cfg.Progress != nil {
			cfg.Progress(first, a.n)
		}
	}
	return errors.WithMessage(b.Err(), "Source")
}

// put keeps the values of a column from an example on.
func (a *Activations) put(k, first int, v *tensor.Dense) error {
	c := a.column(k)
	got, err := columnOf(c.Name, v)
	if err != nil {
		return err
	}
	if !got.equal(c) {
		return errors.Errorf("from example %d on, it is %v; the first ones gave %v", first, got, c)
	}
	if i, value := notFinite(v.Data()); i >= 0 && k < len(a.columns) {
		return errors.Errorf("example %d: element %d of %s is %v", first+i/c.width(), i%c.width(), c.Name, value)
	}
	memory, size := memoryOf(v.Data())
	encode(a.data[a.at[k]+first*c.size():], memory, size)
	return nil
}
