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

// convSized are the hidden layers of a dense net whose training step has the multiply-adds of a net of two convolutions for Fashion-MNIST: 3x3,
// 1 to 32 channels, at 28x28; 3x3, 32 to 64, at 14x14; 7*7*64 to 128; 128 to 10. For an image, that is forward
//
//	28*28*9*1*32 + 14*14*9*32*64 + 3136*128 + 128*10 = 225,792 + 3,612,672 + 401,408 + 1,280 = 4,241,152
//
// and twice that backward, less the gradient at the image, 225,792: 12,497,664 in all, 800 million at batch 64. The dense net has 3 products
// for each layer, but 2 for the first:
//
//	2*784*1792 + 3*1792*1792 + 3*1792*10 = 12,497,408
//
// Matrix products are the quickest multiply-adds there are, and nothing is pooled, so a step is shorter than the convolutions' will be, and
// harder to feed.
var convSized = []int{1792, 1792}

// BenchmarkFeeding trains on images that dataset.Batches augments meanwhile, and says how long a step waits for its batch. Workers share the
// processors with the step: so what feeding costs in all is the time of a step less that of one without augmentation.
func BenchmarkFeeding(b *testing.B) {
	for _, net := range []struct {
		name  string
		mlp   MLPConfig
		batch int
	}{
		{"two-conv-sized/batch=64", MLPConfig{Hidden: convSized}, 64},
		{"mlp/batch=50", MLPConfig{}, 50},
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
			b.Run(net.name+"/"+fed.name, func(b *testing.B) { benchmarkFeeding(b, net.mlp, fed.cfg) })
		}
	}
}

func benchmarkFeeding(b *testing.B, net MLPConfig, cfg dataset.BatchesConfig) {
	const images = 10_000
	m := newMLP(b, net)
	sess := m.session(b, graph.SessionConfig{})
	x, labels, _ := batchOf(images)
	cfg.X = tensor.New(tensor.WithShape(images, sizes[0]), tensor.WithBacking(x))
	cfg.Y = tensor.New(tensor.WithShape(images), tensor.WithBacking(labels))
	cfg.Epochs = -1
	batches := dataset.Batches(cfg)
	defer batches.Close()
	l, err := training.NewLoop(sess, training.FitConfig{Step: m.Step, Loss: m.Loss, Data: batches, X: m.X, Y: m.Y, Steps: math.MaxInt})
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
