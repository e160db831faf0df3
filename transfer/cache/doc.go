// Package cache runs the frozen layers of a network once over a data set, and trains what is above them on what they gave.
//
//	frozen, err := cache.Open(ctx, sess, cache.Config{
//		Nodes:  gorgonia.Nodes{m.Endpoint("pool5")},
//		X:      x,
//		Source: train,
//		Feeds:  graph.Feeds{isTraining: false},
//	})
//	defer frozen.Close()
//	b := dataset.Batches(dataset.BatchesConfig{Source: frozen, BatchSize: 32, Epochs: -1})
//	defer b.Close()
//	history, err := training.Fit(ctx, sess, training.FitConfig{Step: step, Loss: loss, Data: b, Feed: frozen.Feed, Y: y, Epochs: 20})
//
// The activations are a dataset.Source, so Batches shuffles them, Split divides them and Concat joins them. A step that is fed them computes
// nothing below them and wants no pictures: the losses are those of a training that computes them in every step, bit for bit, from the
// same state and in the same order of the examples.
//
// # What can be cached
//
// What an example gives must depend on that example and on nothing that changes: Open refuses dropout that drops, batch norm that takes the
// statistics of its batch (both want their training flag false), ops that draw or write, and sources that draw, such as augmented
// pictures. An augmentation changes pixels, which the frozen layers have to see anew every time; augment after the cache, or not at all.
//
// Cut where nothing is lost: at an endpoint of the zoo, behind a batch norm and its activation. A convolution whose value is cached is computed by
// itself; where the batch norm after it is folded into it otherwise, the last bits differ.
//
// Variables below the nodes may still be in Graph.Trainable; leave them out of what the optimizer is given, as transfer.Freeze does. A step that trains
// them cannot be run on activations: Run says that the placeholder below them is not fed.
package cache
