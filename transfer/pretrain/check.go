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
	return check(ctx, examples, low, high, nil)
}

// check is Check that compares the form of examples with what they are fed to as well, if that is given.
func check(ctx context.Context, examples dataset.Source, low, high float64, x *gorgonia.Node) error {
	b := dataset.Batches(dataset.BatchesConfig{Source: examples, BatchSize: 256, NoShuffle: true})
	defer b.Close()
	seen := seen{low: low, high: high}
	for b.NextContext(ctx) {
		batch, ok := b.X().(*tensor.Dense)
		if !ok {
			return errors.Errorf("the examples are %T; want a *tensor.Dense", b.X())
		}
		if x != nil && (batch.Dtype() != x.Dtype() || !graph.Compatible(batch.Shape(), graph.SpecOf(x).Shape)) {
			return errors.Errorf("the examples are %v %v; want %v, as the stack is built on", batch.Dtype(), batch.Shape(), graph.SpecOf(x))
		}
		if err := seen.batch(batch); err != nil {
			return err
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case b.Err() != nil:
		return b.Err()
	case seen.examples == 0:
		return errors.New("there are no examples; want two or more")
	case seen.examples == 1:
		return errors.New("there is one example, of which nothing can be learnt; want two or more")
	case !seen.differ:
		return errors.Errorf("all %d examples are the same, so all features are constant, and nothing can be learnt", seen.examples)
	}
	return nil
}

// seen is what has been seen of examples.
type seen struct {
	low, high float64
	examples  int
	differ    bool // they are not all the same
	first32   []float32
	first64   []float64
}

func (s *seen) batch(x *tensor.Dense) error {
	n := x.Shape()[0]
	defer func() { s.examples += n }()
	switch values := x.Data().(type) {
	case []float32:
		return look(s, values, n, &s.first32)
	case []float64:
		return look(s, values, n, &s.first64)
	}
	return errors.Errorf("the examples are %v; want float32 or float64", x.Dtype())
}

// look looks at n examples that lie one behind the other.
func look[T float32 | float64](s *seen, values []T, n int, first *[]T) error {
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
