// Package pairs makes an auxiliary task of labelled examples: telling whether two of them are of one class, or ranking one above another. A
// network learns from it what is good for another task with few labels, as its lower layers are reused.
//
// Its sources stack examples of another source behind each other, so that batches are [batch, members, ...]:
//
//   - New: pairs, of one class or of two, half of each, with label 1 or 0;
//   - Triplets: an anchor, a positive of its class and a negative of another one, for ops.TripletLoss;
//   - Positives: pairs of one class, with that class as the label, for ops.NPairLoss;
//   - Classes: examples one by one, so that each batch has several of each of several classes, for ops.TripletHardLoss and
//     ops.TripletSemihardLoss, which find hard triplets in a batch by themselves.
//
// A network of members is one network applied to each of them, with the same weights or separate ones; Siamese builds it:
//
//	train, err := pairs.New(images, pairs.Config{Seed: 42})
//	...
//	x := graph.Placeholder(s, "X", tensor.Float32, -1, 2, 784) // pairs
//	y := graph.Placeholder(s, "y", tensor.Int64, -1)           // 1 of one class, 0 of two
//	both := pairs.Siamese(s, x, dnn, pairs.SiameseConfig{})
//	loss := ops.Mean(s, ops.ContrastiveLoss(s, y, both[0], both[1], 1))
//
// Bromley, Guyon, LeCun, Säckinger and Shah, "Signature verification using a siamese time delay neural network" (1993). Package
// transfer/corrupt makes members of one example by spoiling it; RankingLoss and RankingAccuracy rank the good one above those.
//
// Everything that is drawn follows from Config.Seed, the epoch and the number of the pair alone.
package pairs
