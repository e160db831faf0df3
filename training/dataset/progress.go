package dataset

import (
	"slices"
	"time"
)

// Epoch returns the number of the current epoch, from 0.
func (b *BatchIterator) Epoch() int { return b.at.epoch }

// Step returns how many batches of the current epoch Next has delivered. (With
// SkipErrors, those that were left out for want of examples count as well.)
func (b *BatchIterator) Step() int { return b.at.step }

// Steps returns the number of batches in an epoch; 0 after an error in the config.
func (b *BatchIterator) Steps() int { return b.steps }

// Len returns the number of examples; 0 after an error in the config.
func (b *BatchIterator) Len() int { return b.n }

// Waited returns how long all calls of Next have taken together: the time that a
// training loop has waited for its data.
func (b *BatchIterator) Waited() time.Duration { return b.waited }

const maxFirstBad = 10

// Skipped returns how many examples SkipErrors has left out of the batches
// that this iterator has come to, and what was wrong with the first ten. An example
// counts in every epoch; batches made ahead do not count yet. The state of
// MarshalBinary does not hold it.
func (b *BatchIterator) Skipped() (n int, first []error) { return b.skipped, slices.Clone(b.firstBad) }
