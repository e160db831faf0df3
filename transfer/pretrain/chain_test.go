package pretrain_test

import (
	"context"
	"reflect"
	"sync/atomic"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/transfer/autoencoder"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// counted is a layer that counts the examples of which its output is computed.
type counted struct{ examples *atomic.Int64 }

func (l counted) Build(s *graph.Scope, x *gorgonia.Node) (*pretrain.Built, error) {
	b, err := autoencoder.Layer{Units: 20, Optimizer: adam}.Build(s, x)
	if err != nil {
		return nil, err
	}
	b.Output = graph.Apply(s, graph.OpDef{
		Name:  "Counted",
		Infer: graph.SameFloat,
		Kernel: func(*graph.Binding) (graph.Kernel, error) {
			return func(c *graph.Call) error {
				l.examples.Add(int64(c.Out.Shape()[0]))
				copy(c.Out.Float32s(), c.In[0].Float32s())
				return nil
			}, nil
		},
		NotDifferentiable: true,
	}, b.Output)
	return b, nil
}

// seeing is a layer that keeps what it is trained on.
type seeing struct{ x *[]float32 }

func (l seeing) Build(s *graph.Scope, x *gorgonia.Node) (*pretrain.Built, error) {
	b, err := autoencoder.Layer{Units: 5, Optimizer: adam}.Build(s, x)
	if err != nil {
		return nil, err
	}
	b.Begin = func(_ context.Context, _ *graph.Session, examples dataset.Source) error {
		batches := dataset.Batches(dataset.BatchesConfig{Source: examples, BatchSize: examples.Len(), NoShuffle: true})
		defer batches.Close()
		batches.Next()
		*l.x = append([]float32(nil), batches.X().Data().([]float32)...)
		return batches.Err()
	}
	return b, nil
}

// What the third layer sees is computed of what the second saw, not of the examples again, and has the bits that the examples give.
func TestLayersAreComputedOnce(t *testing.T) {
	train, validation := digits(t)
	for _, folder := range []string{"", t.TempDir()} {
		var examples atomic.Int64
		var seen []float32
		n := build(t, tensor.Float32, counted{&examples}, autoencoder.Layer{Units: 10, Optimizer: adam}, seeing{&seen})
		var second int64
		_, err := n.stack.Pretrain(ctx, n.sess, pretrain.Config{
			Data: train, Validation: validation, Epochs: []int{1}, Cache: folder,
			Hooks: func(layer string) []training.Hook {
				switch now := examples.Load(); layer {
				case "layer2":
					if second = now; now < int64(train.Len()+validation.Len()) {
						t.Errorf("before layer2 layer1 was computed for %d examples", now)
					}
				case "layer3":
					if now != second {
						t.Errorf("for layer3 layer1 was computed for %d examples again", now-second)
					}
				}
				return nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		out, err := n.sess.Run(graph.Feeds{n.stack.Input(): train.X}, n.stack.Endpoint("layer2"))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(out.Tensor(0).Data(), seen) {
			t.Error("layer3 sees other values than layer2 gives for the examples")
		}
	}
}
