package training

import (
	"context"
	"reflect"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Data hands out the batches of a training, epoch by epoch: a *dataset.BatchIterator, or one's own.
// A Loop uses these methods as well where Data has them:
//
//   - Steps() int, how many batches an epoch has, for progress bars and to know an epoch's last
//     step; 0 is unknown
//   - NextContext(ctx) bool, a Next that stops waiting when ctx is cancelled, and has then taken no
//     batch
//   - those of State, so that a training can be resumed at the very batch where it stopped
type Data interface {
	// Next makes the next batch of the epoch current and reports whether there was one.
	Next() bool
	// X and Y return the examples [batch, ...] and labels or targets [batch, ...] of the current
	// batch, valid until Next. Y may be nil; X too, where FitConfig.Feed makes the feeds.
	X() tensor.Tensor
	Y() tensor.Tensor
	// Err says why Next returned false where it was not the end of the epoch.
	Err() error
	// Reset begins the next epoch, where Next returned false.
	Reset()
}

type contextData interface {
	NextContext(ctx context.Context) bool
}

type countedData interface {
	Steps() int
}

// isNil tells whether a config lacks an interface, or has a nil pointer in it.
func isNil(v any) bool {
	r := reflect.ValueOf(v)
	return !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil()
}

// nextBatch takes the next batch. It does not wait for one after ctx was cancelled.
func nextBatch(ctx context.Context, d Data) bool {
	if c, ok := d.(contextData); ok {
		return c.NextContext(ctx)
	}
	return ctx.Err() == nil && d.Next()
}

// dataErr is what is wrong with data before the first batch. An error of a context, that of an
// earlier training, is not.
func dataErr(d Data) error {
	err := d.Err()
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return errors.Wrap(err, "Data")
}

// examples returns the size of the current batch, by which means are weighted.
func examples(d Data) int {
	if x := d.X(); x != nil && x.Dims() > 0 {
		return x.Shape()[0]
	}
	if y := d.Y(); y != nil && y.Dims() > 0 {
		return y.Shape()[0]
	}
	return 1
}
