package zoo

import (
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

func TestShuffleNetV2(t *testing.T) {
	wantGolden(t, "zoocompact", "ShuffleNet v2", Config{}, ShuffleNetV2)
	// torchvision documents these parameters, and .04, .14, .3 and .58 GFLOPS.
	wantPublished(t, ShuffleNetV2, Config{Width: 0.5}, []int{1, 224, 224, 3}, 1366792, 40476448)
	wantPublished(t, ShuffleNetV2, Config{}, []int{1, 224, 224, 3}, 2278604, 144907992)
	wantPublished(t, ShuffleNetV2, Config{Width: 1.5, Port: Torchvision}, []int{1, 224, 224, 3}, 3503624, 295759392)
	wantPublished(t, ShuffleNetV2, Config{Width: 2}, []int{1, 224, 224, 3}, 7393996, 583253464)
	wantBehaviour(t, ShuffleNetV2, []int{4, 64, 40, 3}, "conv5", []int{4, 2, 2, 1024})
}

func TestShuffled(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	a := graph.Placeholder(s, "a", tensor.Float32, -1, -1, 1, 3)
	b := graph.Placeholder(s, "b", tensor.Float32, -1, -1, 1, 3)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	feed := func(v ...float32) *tensor.Dense {
		return tensor.New(tensor.WithShape(2, 1, 1, 3), tensor.WithBacking(v))
	}
	out, err := sess.Run(graph.Feeds{a: feed(0, 1, 2, 6, 7, 8), b: feed(3, 4, 5, 9, 10, 11)}, shuffled(s, a, b, 3))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float32{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11} {
		if got := out.Tensor(0).Data().([]float32)[i]; got != want {
			t.Errorf("element %d is %v; want %v", i, got, want)
		}
	}
}

func TestShuffleNetV2BadInput(t *testing.T) {
	wantBuildError(t, ShuffleNetV2, Config{Width: 0.75}, []int{1, 32, 32, 3}, "ShuffleNet v2", "Width is 0.75; want 0.5, 1, 1.5 or 2")
	wantBuildError(t, ShuffleNetV2, Config{Port: Keras}, []int{1, 32, 32, 3}, "ShuffleNet v2", "Port is Keras")
	wantBuildError(t, ShuffleNetV2, Config{}, []int{1, 32, 32}, "conv1/0", "want [batch, height, width, channels]")
	wantBuildError(t, ShuffleNetV2, Config{}, []int{1, 32, 32, -1}, "conv1/0", "must be known")
}
