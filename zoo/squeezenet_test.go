package zoo

import "testing"

func TestSqueezeNet(t *testing.T) {
	wantGolden(t, "zoocompact", "SqueezeNet 1.0", Config{}, SqueezeNet10)
	wantGolden(t, "zoocompact", "SqueezeNet 1.0, Keras", Config{Port: Keras}, SqueezeNet10)
	wantGolden(t, "zoocompact", "SqueezeNet 1.1", Config{Port: Torchvision}, SqueezeNet11)
	wantGolden(t, "zoocompact", "SqueezeNet 1.1, Keras", Config{Port: Keras}, SqueezeNet11)
	// torchvision documents 1,248,424 and 1,235,496 parameters, .82 and .35 GFLOPS.
	wantPublished(t, SqueezeNet10, Config{}, []int{1, 224, 224, 3}, 1248424, 818924576)
	wantPublished(t, SqueezeNet11, Config{}, []int{1, 224, 224, 3}, 1235496, 349151936)
	wantBehaviour(t, SqueezeNet10, []int{2, 40, 45, 3}, "fire9/concat", []int{2, 2, 2, 512})
	wantBehaviour(t, SqueezeNet11, []int{2, 40, 45, 3}, "fire9/concat", []int{2, 2, 2, 512})
}

func TestSqueezeNetBadInput(t *testing.T) {
	wantBuildError(t, SqueezeNet10, Config{}, []int{1, 20, 40, 3}, "pool8", "of the image with its pads")
	wantBuildError(t, SqueezeNet11, Config{}, []int{1, 40, 16, 3}, "pool5", "of the image with its pads")
	wantBuildError(t, SqueezeNet11, Config{}, []int{1, 40, 40}, "conv1", "want [batch, height, width, channels]")
	wantBuildError(t, SqueezeNet11, Config{}, []int{1, 40, 40, -1}, "conv1", "must be known")
	wantBuildError(t, SqueezeNet11, Config{Width: 2}, []int{1, 40, 40, 3}, "SqueezeNet 1.1", "one width only")
}
