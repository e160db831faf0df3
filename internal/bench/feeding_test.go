package bench

import (
	"context"
	"math"
	"testing"
	"time"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/image"
)

// augmentation is shift, rotation, flip and cutout of 28x28 pixels.
var augmentation = image.AugmentConfig{Shift: 2, Rotate: 10, FlipHorizontal: true, Cutout: 8}

// BenchmarkFeeding trains on images that dataset.Batches augments meanwhile, and says how long a step waits for its batch. Workers share the
// processors with the step: so what feeding costs in all is the time of a step less that of one without augmentation.
func BenchmarkFeeding(b *testing.B) {
	for _, net := range []struct {
		name  string
		build func(b *testing.B) fedNet
		batch int
	}{
		{"two-conv/batch=64", fedTwoConv, 64},
		{"mlp/batch=50", fedMLP, 50},
	} {
		for _, fed := range []struct {
			name string
			cfg  dataset.BatchesConfig
		}{
			{"no-augmentation", dataset.BatchesConfig{}},
			{"in-Next", dataset.BatchesConfig{Workers: -1}},
			{"workers=1", dataset.BatchesConfig{Workers: 1, Prefetch: 2}},
			{"workers=2", dataset.BatchesConfig{Workers: 2, Prefetch: 2}},
			{"workers=0", dataset.BatchesConfig{Prefetch: 2}},
		} {
			if fed.name != "no-augmentation" {
				fed.cfg.Map = []dataset.Transform{image.Augment(augmentation)}
			}
			fed.cfg.BatchSize = net.batch
			b.Run(net.name+"/"+fed.name, func(b *testing.B) { benchmarkFeeding(b, net.build(b), fed.cfg) })
		}
	}
}

// fedNet is what a loop needs of a network on images of 28x28.
type fedNet struct {
	sess  *graph.Session
	cfg   training.FitConfig
	shape []int // of an image
}

func fedTwoConv(b *testing.B) fedNet {
	n, err := NewConvNet(TwoConv, Descent())
	if err != nil {
		b.Fatal(err)
	}
	sess, err := n.Session(graph.SessionConfig{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { sess.Close() })
	return fedNet{sess, training.FitConfig{Step: n.Step, Loss: n.Loss, X: n.X, Y: n.Y, Feeds: graph.Feeds{n.Training: true}}, []int{28, 28, 1}}
}

func fedMLP(b *testing.B) fedNet {
	m := newMLP(b, MLPConfig{})
	return fedNet{m.session(b, graph.SessionConfig{}), training.FitConfig{Step: m.Step, Loss: m.Loss, X: m.X, Y: m.Y}, []int{28 * 28}}
}

func benchmarkFeeding(b *testing.B, net fedNet, cfg dataset.BatchesConfig) {
	const images = 10_000
	x, labels, _ := batchOf(images)
	cfg.X = tensor.New(tensor.WithShape(append([]int{images}, net.shape...)...), tensor.WithBacking(x))
	cfg.Y = tensor.New(tensor.WithShape(images), tensor.WithBacking(labels))
	cfg.Epochs = -1
	batches := dataset.Batches(cfg)
	defer batches.Close()
	net.cfg.Data, net.cfg.Steps = batches, math.MaxInt
	l, err := training.NewLoop(net.sess, net.cfg)
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	step := func() {
		if !l.Next(ctx) {
			b.Fatal(l.Err())
		}
	}
	for range 3 { // the first step plans, and the first batch was not made ahead
		step()
	}
	before, start := batches.Waited(), time.Now()
	for b.Loop() {
		step()
	}
	total, waited := time.Since(start), batches.Waited()-before
	b.ReportMetric(float64(waited.Nanoseconds())/1e3/float64(b.N), "µs-waited/step")
	b.ReportMetric(100*float64(waited)/float64(total), "%waited")
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAugmentation is one image on one core.
func BenchmarkAugmentation(b *testing.B) {
	x, _, _ := batchOf(1)
	set, err := dataset.FromFlat(x, nil, sizes[0])
	if err != nil {
		b.Fatal(err)
	}
	batches := dataset.Batches(dataset.BatchesConfig{Source: set, Map: []dataset.Transform{image.Augment(augmentation)}, Workers: -1, Epochs: -1})
	b.ReportAllocs()
	for b.Loop() {
		if !batches.Next() {
			b.Fatal(batches.Err())
		}
	}
}
