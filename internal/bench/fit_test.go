package bench

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// stepsOfEpoch are those of the chapter's 55,000 images in batches of 50.
const stepsOfEpoch = 1100

// BenchmarkFit reports what training.Fit, alone and with hooks, adds to a step of a bare
// loop over the chapter's network at batch 50. The loops take turns of ten steps, in an
// order that goes round, on one session and one iterator: where memory lies is worth a few
// per cent. A ratio is that of the lower quartiles of all turns, which other programs on
// the machine hardly move; what happens once an epoch, or ten times a second, is not in it.
// "again/bare" is the bare loop beside itself: how far to trust the others. An operation is
// an epoch of each loop.
func BenchmarkFit(b *testing.B) {
	const turn = 10
	t := newTrained(b)
	sides := []struct {
		name string
		step func() bool
	}{
		{"bare", t.bare()},
		{"again", t.bare()},
		{"Fit", t.fit(b)},
		{"hooks", t.fit(b, everydayHooks(b.TempDir())...)},
	}
	took := make([][]float64, len(sides)) // µs a step, of each turn
	for b.Loop() {
		for k := range stepsOfEpoch / turn * len(sides) {
			i := (k + k/len(sides)) % len(sides)
			begin := time.Now()
			for range turn {
				if !sides[i].step() {
					b.Fatal("a step failed")
				}
			}
			took[i] = append(took[i], float64(time.Since(begin).Nanoseconds())/1e3/turn)
		}
	}
	bare := lowerQuartile(took[0])
	for i, s := range sides[1:] {
		b.ReportMetric(lowerQuartile(took[i+1])/bare, s.name+"/bare")
	}
	b.ReportMetric(bare, "µs/step")
}

// everydayHooks are those that most trainings have, at work or waiting in every step.
func everydayHooks(dir string) []training.Hook {
	return []training.Hook{
		&hooks.Progress{Out: io.Discard, Draw: true},
		&hooks.CSVLog{Path: filepath.Join(dir, "log.csv")},
		&hooks.TensorBoard{Dir: filepath.Join(dir, "events")},
		&hooks.Checkpoint{Path: filepath.Join(dir, "model.ckpt"), Every: time.Hour},
		&hooks.EarlyStopping{Monitor: "loss"},
		&hooks.TimeLimit{Limit: time.Hour},
		&hooks.Interrupt{},
	}
}

// trained is a network at its training.
type trained struct {
	*MLP
	sess *graph.Session
	data epochs
}

// epochs are those of the chapter, of images that come again and again.
type epochs struct{ *dataset.BatchIterator }

func (epochs) Steps() int { return stepsOfEpoch }

func newTrained(b *testing.B) *trained {
	m, err := NewMLP(MLPConfig{})
	if err != nil {
		b.Fatal(err)
	}
	sess, err := m.Session(graph.SessionConfig{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { sess.Close() })
	const n = 5000
	x, labels, _ := batchOf(n)
	return &trained{m, sess, epochs{dataset.Batches(dataset.BatchesConfig{
		X: tensor.New(tensor.WithShape(n, sizes[0]), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(labels)), BatchSize: 50, Epochs: -1,
	})}}
}

// bare returns a step of what a user writes without Fit, with the loss's sum.
func (t *trained) bare() func() bool {
	feeds := graph.Feeds{t.Training: true}
	sum := 0.0
	return func() bool {
		if !t.data.Next() {
			return false
		}
		feeds[t.X], feeds[t.Y] = t.data.X(), t.data.Y()
		out, err := t.sess.Run(feeds, t.Step, t.Loss)
		if err != nil {
			return false
		}
		sum += out.Float(1)
		return sum >= 0
	}
}

// fit returns a step of Fit, which is a Loop's Next.
func (t *trained) fit(b *testing.B, list ...training.Hook) func() bool {
	l, err := training.NewLoop(t.sess, training.FitConfig{
		Step: t.Step, Loss: t.Loss, Data: t.data, X: t.X, Y: t.Y, Feeds: graph.Feeds{t.Training: true}, Epochs: 1 << 30, Hooks: list,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := l.Close(); err != nil {
			b.Error(err)
		}
	})
	ctx := context.Background()
	return func() bool { return l.Next(ctx) }
}

func lowerQuartile(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/4]
}
