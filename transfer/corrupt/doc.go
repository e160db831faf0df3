// Package corrupt makes an auxiliary task of examples without labels, by spoiling them: what a network has to know in order to tell the spoilt
// from the good, to rank the good above the spoilt, or to restore it, serves other tasks too.
//
// Spoiling is the work of Transforms. Those of words are here: ReplaceWords, SwapWords and DropWords, for sequences of ids as package
// dataset/text makes them. Those of pictures are in package dataset/image: SwapPatches, GaussianNoise, Cutout, RandomErasing. OneOf draws
// which of several. Sources make tasks of them:
//
//   - Detect: good or spoilt, label 1 or 0;
//   - Ranked: the good one and several spoilt ones of it, for RankingLoss of package transfer/pairs;
//   - Denoise: the good one is what is to be predicted of the spoilt one;
//   - Rotations: by how many quarters a picture was turned, label 0 to 3.
//
// All draw from Example.Rand, as every Transform does: what is spoilt, and how, follows from the seed of the dataset.Batches, the epoch and
// the example. dataset.Cache beneath Batches makes it the same in every epoch, as is wanted for validation.
package corrupt
