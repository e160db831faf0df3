package cache

import (
	"context"
	"reflect"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
)

// probeExamples is how many of the examples are computed to see what comes out.
const probeExamples = 8

// probe is what the nodes give for the first examples.
type probe struct {
	n       int      // examples of the source
	columns []column // of the nodes, and of the labels where there are some
	values  []*tensor.Dense
}

// newProbe computes the first examples twice, in a batch and in one of half as many. Where the bits differ, or the source gives other values in the
// next epoch, nothing can be cached.
func newProbe(ctx context.Context, sess *graph.Session, cfg Config, w *walk) (*probe, error) {
	b := dataset.Batches(dataset.BatchesConfig{Source: cfg.Source, NoShuffle: true, BatchSize: probeExamples, Prefetch: -1})
	defer b.Close()
	if !b.NextContext(ctx) {
		return nil, errors.WithMessage(b.Err(), "Source")
	}
	p := &probe{n: b.Len()}
	x := b.X().Clone().(*tensor.Dense)
	var y *tensor.Dense
	if b.Y() != nil {
		y = b.Y().Clone().(*tensor.Dense)
	}
	if err := sameAgain(ctx, cfg.Source, x, y); err != nil {
		return nil, err
	}
	var err error
	if p.values, err = run(ctx, sess, cfg, x); err != nil {
		return nil, err
	}
	for i, v := range p.values {
		name := sess.Graph().NameOf(cfg.Nodes[i])
		c, err := columnOf(name, v)
		if err != nil {
			return nil, err
		}
		if c.Half = cfg.Float16; cfg.Float16 && c.Dtype != tensor.Float32.Name() {
			return nil, errors.Errorf("Float16: %s is %s; want float32", name, c.Dtype)
		}
		if c.Dtype != p.values[0].Dtype().Name() {
			return nil, errors.Errorf("%s is %s, %s %v; want one dtype, or a cache for each", name, c.Dtype, p.columns[0].Name, p.values[0].Dtype())
		}
		p.columns = append(p.columns, c)
	}
	if err := p.alone(ctx, sess, cfg, w, x); err != nil {
		return nil, err
	}
	if y != nil {
		c, err := columnOf(labels, y)
		if err != nil {
			return nil, errors.WithMessage(err, "Source")
		}
		p.columns, p.values = append(p.columns, c), append(p.values, y)
	}
	return p, nil
}

// sameAgain reads the first examples in another epoch.
func sameAgain(ctx context.Context, src dataset.Source, x, y *tensor.Dense) error {
	b := dataset.Batches(dataset.BatchesConfig{Source: src, NoShuffle: true, BatchSize: probeExamples, Prefetch: -1, Epoch: 1})
	defer b.Close()
	if !b.NextContext(ctx) {
		return errors.WithMessage(b.Err(), "Source")
	}
	if !same(b.X(), x) || y != nil && !same(b.Y(), y) {
		return errors.New("Source: the first examples are others in the next epoch, so what is drawn would be cached; leave out augmentation and the like")
	}
	return nil
}

// same tells whether two tensors have the same shape and elements; NaN is NaN.
func same(a, b tensor.Tensor) bool {
	if a.Dtype() != b.Dtype() || !a.Shape().Eq(b.Shape()) {
		return false
	}
	if dtypes[a.Dtype().Name()].Type != nil {
		return sameBits(a.Data(), b.Data())
	}
	return reflect.DeepEqual(a.Data(), b.Data())
}

// alone computes half of the examples again, whose values must have the same bits.
func (p *probe) alone(ctx context.Context, sess *graph.Session, cfg Config, w *walk, x *tensor.Dense) error {
	if x.Shape()[0] < 2 {
		return nil
	}
	half := dataset.Batches(dataset.BatchesConfig{X: x, NoShuffle: true, BatchSize: x.Shape()[0] / 2})
	if !half.Next() {
		return half.Err()
	}
	again, err := run(ctx, sess, cfg, half.X())
	if err != nil {
		return err
	}
	for i, v := range again {
		all, _ := memoryOf(p.values[i].Data())
		some, _ := memoryOf(v.Data())
		if len(some) > len(all) || string(all[:len(some)]) != string(some) {
			return errors.Errorf("%s cannot be cached, since the values of an example depend on the batch around it, as those of batch norm in training do%s",
				w.g.NameOf(cfg.Nodes[i]), w.hint())
		}
	}
	return nil
}

// run computes the nodes for a batch.
func run(ctx context.Context, sess *graph.Session, cfg Config, x tensor.Tensor) ([]*tensor.Dense, error) {
	feeds := graph.Feeds{cfg.X: x}
	for n, v := range cfg.Feeds {
		feeds[n] = v
	}
	out, err := sess.RunContext(ctx, feeds, cfg.Nodes...)
	if err != nil {
		return nil, err
	}
	values := make([]*tensor.Dense, len(cfg.Nodes))
	for i := range values {
		values[i] = out.Tensor(i)
		if s := values[i].Shape(); len(s) < 1 || s[0] != x.Shape()[0] {
			return nil, errors.Errorf("%s is %v for %d examples; want [batch, ...]", sess.Graph().NameOf(cfg.Nodes[i]), s, x.Shape()[0])
		}
	}
	return values, nil
}
