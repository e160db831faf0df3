package dataset

import (
	"math/rand/v2"

	"github.com/plexaura/plexaura/internal/draws"
)

// What a stream of random numbers is for; it keeps those of one seed apart. The
// orders of epochs have theirs in permuteWith.
const (
	exampleStream = iota + 1
	batchStream
	weightStream
	cachedStream
)

// seedStream sets pcg to the stream that follows from its arguments alone.
func seedStream(pcg *rand.PCG, seed int64, purpose uint64, epoch, i int) {
	h := draws.Mix(draws.Mix(uint64(seed)) ^ purpose)
	h = draws.Mix(h ^ uint64(epoch))
	pcg.Seed(h, draws.Mix(h^uint64(i)))
}

// uniform draws from [0, 1): 53 bits. (rand.Rand.Float64 may change with the Go
// release.)
func uniform(pcg *rand.PCG) float64 { return float64(pcg.Uint64()>>11) / (1 << 53) }
