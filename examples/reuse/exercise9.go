package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/transfer/cache"
	"github.com/plexaura/plexaura/transfer/network"
)

// upper are the trainings of exercise 9, in their order, with the test accuracies that the book published.
var upper = []design{
	{name: "5-frozen", about: "new outputs on five frozen layers", published: ".64"},
	{name: "5-cached", about: "... whose values are computed once", published: "the same"},
	{name: "4-frozen", about: "new outputs on four frozen layers", published: ".69"},
	{name: "top-2", about: "... then the upper two unfrozen", published: ".78"},
	{name: "unfrozen", about: "... then all four", published: ".913"},
	{name: "scratch", about: "4 x 100, ELU, nothing reused", published: ".848"},
}

// exercise9 does all trainings, starting from a checkpoint for each seed.
func (o options) exercise9(ctx context.Context, data half, checkpoints []string, r *report) error {
	outcomes := make([][]*outcome, len(upper))
	for i, checkpoint := range checkpoints {
		got, err := o.relearn(ctx, checkpoint, data, o.seed+int64(i))
		if err != nil {
			return fmt.Errorf("exercise 9, seed %d: %w", o.seed+int64(i), err)
		}
		for k := range upper {
			outcomes[k] = append(outcomes[k], got[k])
		}
	}
	r.head(fmt.Sprintf("Exercise 9, classes 5 to 9, %d images of each", o.perClass))
	for k, u := range upper {
		r.row(u.name, u.about, u.published, outcomes[k])
	}
	var computed, cached time.Duration
	for i := range checkpoints {
		computed += outcomes[0][i].took
		cached += outcomes[1][i].took
	}
	r.printf("\nWith cached layers all losses are those without, bit for bit; the training, caching included, is %.1f times as fast.\n",
		computed.Seconds()/cached.Seconds())
	return nil
}

// relearn does the trainings once, on images that the seed draws.
func (o options) relearn(ctx context.Context, checkpoint string, data half, seed int64) ([]*outcome, error) {
	data, err := data.few(o.perClass, seed)
	if err != nil {
		return nil, err
	}
	computed, err := o.fiveFrozen(ctx, checkpoint, data, seed, false)
	if err != nil {
		return nil, err
	}
	cached, err := o.fiveFrozen(ctx, checkpoint, data, seed, true)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(computed.losses, cached.losses, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }) {
		return nil, fmt.Errorf("the losses with cached layers are not those without, bit for bit")
	}
	thawed, err := o.unfreeze(ctx, checkpoint, data, seed)
	if err != nil {
		return nil, err
	}
	four := plain
	four.layers = 4
	m := four.build(data.train.X.Shape()[1], seed)
	sess, err := start(m)
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	scratch, err := o.fit(ctx, sess, m, lesson{m.x, data, four.batch, seed})
	return append(append([]*outcome{computed, cached}, thawed...), scratch), err
}

// reuse builds the network of a checkpoint up to a hidden layer, puts new outputs on it, and freezes all below these.
func reuse(checkpoint string, layer int, seed int64) (*model, *graph.Session, error) {
	g := graph.New(graph.Config{Seed: seed})
	s := g.Scope()
	net, err := transfer.Import(s, checkpoint, network.Config{Outputs: []string{out(layer)}}) // tf.train.import_meta_graph
	if err != nil {
		return nil, nil, err
	}
	defer net.Close()
	m := &model{g: g, s: s}
	if m.x, err = net.Node("X"); err != nil {
		return nil, nil, err
	}
	m.training, _ = net.Node("training") // there is one with batch normalisation or dropout
	transfer.Freeze(g, "hidden[1-5]/")
	m.classify(net.Outputs[0].Node)
	m.minimize()
	sess, err := start(m) // the imported variables have the values of the checkpoint
	return m, sess, err
}

// fiveFrozen trains outputs on the fifth layer, computing what lies below in every step, or once.
func (o options) fiveFrozen(ctx context.Context, checkpoint string, data half, seed int64, cached bool) (*outcome, error) {
	m, sess, err := reuse(checkpoint, 5, seed)
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	l := lesson{m.x, data, plain.batch, seed}
	begin := time.Now()
	if cached {
		l.in = m.hidden
		for _, set := range []**dataset.Set{&l.data.train, &l.data.validation} {
			frozen, err := cache.Open(ctx, sess, cache.Config{Nodes: gorgonia.Nodes{m.hidden}, X: m.x, Source: *set})
			if err != nil {
				return nil, err
			}
			defer frozen.Close()
			if *set, err = frozen.Set(); err != nil {
				return nil, err
			}
		}
	}
	caching := time.Since(begin)
	got, err := o.fit(ctx, sess, m, l)
	if got != nil {
		got.took += caching
	}
	return got, err
}

// unfreeze trains outputs on the fourth layer, then the upper two layers with them, then all, each time with a new optimizer as in the book.
func (o options) unfreeze(ctx context.Context, checkpoint string, data half, seed int64) (all []*outcome, err error) {
	m, sess, err := reuse(checkpoint, 4, seed)
	if err != nil {
		return nil, err
	}
	defer sess.Close()
	for _, layers := range []string{"", "hidden[34]/", "hidden[12]/"} {
		if layers != "" {
			transfer.Unfreeze(m.g, layers)
			m.minimize()
			if err := sess.Init(); err != nil { // the new optimizer's variables
				return nil, err
			}
		}
		got, err := o.fit(ctx, sess, m, lesson{m.x, data, plain.batch, seed})
		if err != nil {
			return nil, err
		}
		all = append(all, got)
	}
	return all, nil
}
