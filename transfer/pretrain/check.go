package pretrain

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/dataset"
)

// Check reads all examples and says why nothing can be learnt from them: there are none, or one, or all are the same; a value is NaN, infinite, or
// not from low to high. -math.MaxFloat64 and math.MaxFloat64 allow any finite value. The error names the example by its number, from 0. A layer
// calls it in Built.Begin where it wants values of some range.
func Check(ctx context.Context, examples dataset.Source, low, high float64) error {
	seen, err := look(ctx, examples, low, high, nil)
	if err != nil {
		return err
	}
	return seen.judge()
}

// look looks at all examples, whose values are to be from low to high, and their form that of x, unless that is nil. That there are none is an error.
func look(ctx context.Context, examples dataset.Source, low, high float64, x *gorgonia.Node) (seen, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	b := dataset.Batches(dataset.BatchesConfig{Source: examples, BatchSize: 256, NoShuffle: true})
	defer b.Close()
	seen := seen{low: low, high: high}
	for b.NextContext(ctx) {
		batch, ok := b.X().(*tensor.Dense)
		if !ok {
			return seen, errors.Errorf("the examples are %T; want a *tensor.Dense", b.X())
		}
		if x != nil && (batch.Dtype() != x.Dtype() || !graph.Compatible(batch.Shape(), graph.SpecOf(x).Shape)) {
			return seen, errors.Errorf("the examples are %v %v; want %v, as the stack is built on", batch.Dtype(), batch.Shape(), graph.SpecOf(x))
		}
		if err := seen.batch(batch); err != nil {
			return seen, err
		}
	}
	switch {
	case ctx.Err() != nil:
		return seen, ctx.Err()
	case b.Err() != nil:
		return seen, b.Err()
	case seen.examples == 0:
		return seen, errors.New("there are no examples; want two or more")
	}
	return seen, nil
}

// seen is what has been seen of examples.
type seen struct {
	low, high float64
	examples  int
	differ    bool // they are not all the same
	first32   []float32
	first64   []float64
}

// judge says why nothing can be learnt of the examples.
func (s *seen) judge() error {
	switch {
	case s.examples == 1:
		return errors.New("there is one example, of which nothing can be learnt; want two or more")
	case !s.differ:
		return errors.Errorf("all %d examples are the same, so all features are constant, and nothing can be learnt", s.examples)
	}
	return nil
}

func (s *seen) batch(x *tensor.Dense) error {
	n := x.Shape()[0]
	defer func() { s.examples += n }()
	switch values := x.Data().(type) {
	case []float32:
		return compare(s, values, n, &s.first32)
	case []float64:
		return compare(s, values, n, &s.first64)
	}
	return errors.Errorf("the examples are %v; want float32 or float64", x.Dtype())
}

// compare looks at n examples that lie one behind the other.
func compare[T float32 | float64](s *seen, values []T, n int, first *[]T) error {
	width := len(values) / n
	low, high := T(s.low), T(s.high)
	for i := range n {
		example := values[i*width:][:width]
		for k, v := range example {
			if v >= low && v <= high && !math.IsInf(float64(v), 0) {
				continue
			}
			want := "a finite number"
			if s.low > -math.MaxFloat64 || s.high < math.MaxFloat64 {
				want = fmt.Sprintf("%v to %v", s.low, s.high)
			}
			return errors.Errorf("value %d of example %d is %v; want %s", k, s.examples+i, v, want)
		}
		if *first == nil {
			*first = slices.Clone(example)
		}
		s.differ = s.differ || !slices.Equal(*first, example)
	}
	return nil
}
