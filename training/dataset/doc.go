// Package dataset reads labelled examples and hands them out in batches.
//
// A Set holds examples and their labels: X is float32 [n, ...], Y int64 [n].
// Sets come from
//
//   - Digits: 1797 pictures of hand-written digits, embedded, so that a first
//     model trains without a download;
//   - MNIST and FashionMNIST: the four files of the original distributions;
//   - AnyImages: the first of these that is at hand;
//   - OpenCSV and ReadCSV: tables of numbers with a column of labels or targets;
//   - OpenIDX and ReadIDX: any tensor in the IDX format;
//   - the caller: FromSlices, FromFlat, or &dataset.Set{X: x, Y: y}.
//
// Folders of pictures are read by package image below this one: image.Folder.
//
// Split, Partition, KFold, Only, Take, PerClass, Standardizer and the like derive
// one Set from another and never change the one they start from. Batches makes the
// loop of a training program:
//
//	b := dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y, BatchSize: 50})
//	for epoch := 0; epoch < 20; epoch++ {
//		for b.Next() {
//			// feed b.X() and b.Y()
//		}
//		b.Reset()
//	}
//	if err := b.Err(); err != nil {
//		return err
//	}
//
// # Pipelines
//
// A Source is anything that reads one example at a time, from memory or from disk;
// a Set is one, and so is a folder of pictures. Batches reads a Source in the
// background, applies transforms to each example and to each batch, and keeps a few
// batches ready. That is all it takes to augment pictures (package image has the
// transforms), and training.Fit takes the batches as its Data:
//
//	b := dataset.Batches(dataset.BatchesConfig{
//		Source:    train,
//		Map:       []dataset.Transform{image.Augment(image.AugmentConfig{Shift: 2, Rotate: 10})}, // drawn anew in every epoch
//		BatchSize: 64,
//		Epochs:    -1, // until Fit has had enough
//	})
//	defer b.Close()
//	history, err := training.Fit(ctx, sess, training.FitConfig{Step: step, X: x, Y: y, Data: b, Epochs: 20})
//
// Map, Cache, Concat, Subset, Take and Skip make a Source of others, and the
// functions Split, Partition and KFold divide any. For files, a Cache saves the
// decoding; Mixup and CutMix stand in MapBatch:
//
//	photos, err := image.Folder("flowers", image.FolderConfig{Image: image.Config{Height: 64, Width: 64}})
//	train, test, err := dataset.Split(photos, dataset.SplitConfig{Stratified: true})
//	b := dataset.Batches(dataset.BatchesConfig{
//		Source:     dataset.Cache(train), // decoded once
//		Map:        []dataset.Transform{image.FlipHorizontal(0.5)},
//		MapBatch:   []dataset.BatchTransform{dataset.Mixup(0.2, len(photos.Classes))},
//		SkipErrors: true, // leave damaged files out
//	})
//
// b.Waited tells whether the training waits for it.
//
// # Determinism
//
// Every random choice follows from a Seed alone: the same seed gives the same
// split, the same order of batches and the same random numbers in transforms on
// every machine, for any number of workers. The order of an epoch follows from the
// seed and the number of the epoch, a permutation of all examples and no shuffle
// buffer, so the state of a BatchIterator is an epoch and a step: MarshalBinary
// writes it, and after UnmarshalBinary another iterator goes on with the same bits.
package dataset
