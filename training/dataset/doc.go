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
//   - the caller: &dataset.Set{X: x, Y: y}.
//
// Split, Only, Take, PerClass, Standardizer and the like derive one Set from
// another and never change the one they start from. Batches makes the loop of a
// training program:
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
// Every random choice follows from a Seed alone: the same seed gives the same
// split and the same order of batches on every machine.
package dataset
