// Package dataset reads labelled examples and hands them out in batches.
//
// A Set holds examples and their labels: X is float32 [n, ...], Y int64 [n].
// Sets come from
//
//   - Digits: 1797 pictures of hand-written digits, embedded, so that a first
//     model trains without a download;
//   - MNIST and FashionMNIST: the four files of the original distributions;
//   - OpenCSV and ReadCSV: tables of numbers with a column of labels;
//   - OpenIDX and ReadIDX: any tensor in the IDX format;
//   - the caller: FromSlices, FromFlat, or &dataset.Set{X: x, Y: y}.
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
// a Set is one. Map, Cache, Concat, Subset, Take and Skip make a Source of others,
// and the functions Split, Partition and KFold divide any. Batches reads a Source
// in the background, applies transforms to each example and to each batch, and
// keeps a few batches ready:
//
//	b := dataset.Batches(dataset.BatchesConfig{
//		Source:    dataset.Cache(photos),                   // decoded once
//		Map:       []dataset.Transform{flip, crop},         // drawn anew in every epoch
//		MapBatch:  []dataset.BatchTransform{dataset.Mixup(0.2, 10)},
//		BatchSize: 64,
//	})
//	defer b.Close()
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
