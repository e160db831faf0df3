package hooks_test

import (
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
)

// BenchmarkOverhead has a step of next to no work, so that the difference to the bare loop
// is what Fit and hooks take for themselves. BenchmarkFit of internal/bench sets it against
// a step of the chapter's network.
func BenchmarkOverhead(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		m, d := newToy(b), &same{x: tensor.New(tensor.FromScalar(1.))}
		b.ReportAllocs()
		feeds := graph.Feeds{}
		for range b.N {
			d.Next()
			feeds[m.x] = d.X()
			if _, err := m.sess.Run(feeds, m.step, m.product); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, tt := range []struct {
		name string
		list func(dir string) []training.Hook
	}{
		{"Fit", func(string) []training.Hook { return nil }},
		{"hooks", func(dir string) []training.Hook {
			return []training.Hook{
				&hooks.Progress{Out: io.Discard, Draw: true}, &hooks.CSVLog{Path: filepath.Join(dir, "log.csv")},
				&hooks.Checkpoint{Path: filepath.Join(dir, "m"), Every: time.Hour}, &hooks.EarlyStopping{}, &hooks.TimeLimit{Limit: time.Hour},
			}
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			m := newToy(b)
			cfg := m.config(0, tt.list(b.TempDir())...)
			cfg.Data, cfg.Steps = &same{x: tensor.New(tensor.FromScalar(1.))}, b.N
			b.ReportAllocs()
			b.ResetTimer()
			if _, err := training.Fit(context.Background(), m.sess, cfg); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// same is Data of one batch, again and again, without an end.
type same struct{ x *tensor.Dense }

func (d *same) Next() bool       { return true }
func (d *same) X() tensor.Tensor { return d.x }
func (d *same) Y() tensor.Tensor { return nil }
func (d *same) Err() error       { return nil }
func (d *same) Reset()           {}
