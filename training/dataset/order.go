package dataset

import (
	"math/rand/v2"
	"sort"

	"github.com/pkg/errors"
)

// order is the order of the examples in each epoch, which follows from the seed
// and the epoch alone.
type order struct {
	seed      int64
	noShuffle bool
	sums      []float64 // of the weights up to and with each example; nil for a permutation

	pcg    rand.PCG
	places []int
	epoch  int // of places
}

func newOrder(n int, cfg *BatchesConfig) (order, error) {
	o := order{seed: cfg.Seed, noShuffle: cfg.NoShuffle, places: make([]int, n), epoch: -1}
	if cfg.Weights == nil {
		return o, nil
	}
	if cfg.NoShuffle {
		return o, errors.New("Weights draw the examples at random; leave out NoShuffle")
	}
	if len(cfg.Weights) != n {
		return o, errors.Errorf("Weights: wanted one for each of %s, came %d", plural(n, "example", "examples"), len(cfg.Weights))
	}
	sum := 0.0
	for i, w := range cfg.Weights {
		if !(w >= 0 && w <= maxWeight) {
			return o, errors.Errorf("Weights: wanted 0 to %g, came %v for example %d", maxWeight, w, i)
		}
		sum += w
		o.sums = append(o.sums, sum)
	}
	if sum == 0 {
		return o, errors.New("Weights: wanted at least one above 0, all are 0")
	}
	return o, nil
}

// maxWeight keeps the sum of the weights finite.
const maxWeight = 1e100

// of returns the examples of an epoch in their order, valid until another epoch is
// asked for.
func (o *order) of(epoch int) []int {
	if o.epoch == epoch {
		return o.places
	}
	o.epoch = epoch
	switch {
	case o.sums != nil:
		o.draw()
	case o.noShuffle:
		for i := range o.places {
			o.places[i] = i
		}
	default:
		permuteWith(&o.pcg, o.places, o.seed, epoch)
	}
	return o.places
}

// draw fills places with examples drawn in proportion to their weights: the
// example at which the running sum of weights passes a uniform number.
func (o *order) draw() {
	seedStream(&o.pcg, o.seed, weightStream, o.epoch, 0)
	total := o.sums[len(o.sums)-1]
	for i := range o.places {
		u := uniform(&o.pcg) * total
		o.places[i] = sort.Search(len(o.sums), func(k int) bool { return o.sums[k] > u })
	}
}

// BalancedWeights are Weights that draw every class equally often, whatever its
// size: 1 / (number of examples of the class).
func BalancedWeights(labels []int64) []float64 {
	size := map[int64]float64{}
	for _, l := range labels {
		size[l]++
	}
	w := make([]float64, len(labels))
	for i, l := range labels {
		w[i] = 1 / size[l]
	}
	return w
}
