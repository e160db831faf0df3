package zoo

import "testing"

func TestDenseNet(t *testing.T) {
	wantGolden(t, "zoocompact", "DenseNet-121", Config{}, DenseNet121)
	// torchvision documents these parameters, and 2.83, 7.73, 3.36 and 4.29 GFLOPS.
	wantPublished(t, DenseNet121, Config{}, []int{1, 224, 224, 3}, 7978856, 2834161664)
	wantPublished(t, DenseNet161, Config{}, []int{1, 224, 224, 3}, 28681000, 7727907072)
	wantPublished(t, DenseNet169, Config{}, []int{1, 224, 224, 3}, 14149480, 3359843328)
	wantPublished(t, DenseNet201, Config{}, []int{1, 224, 224, 3}, 20013928, 4291365888)
	// Keras documents 8,062,504 parameters of DenseNet-121 with the statistics.
	if got := summaryOf(t, DenseNet121, Config{}, 1, 224, 224, 3).Statistics(); got != 8062504-7978856 {
		t.Errorf("there are %d statistics; want 83648", got)
	}
	wantBehaviour(t, DenseNet121, []int{4, 64, 40, 3}, "relu5", []int{4, 2, 1, 1024})
}

func TestDenseNetBadInput(t *testing.T) {
	wantBuildError(t, DenseNet121, Config{}, []int{1, 28, 64, 3}, "transition3", "of the image with its pads")
	wantBuildError(t, DenseNet121, Config{}, []int{1, 64, 64}, "conv0", "want [batch, height, width, channels]")
	wantBuildError(t, DenseNet121, Config{}, []int{1, 64, 64, -1}, "conv0", "must be known")
	wantBuildError(t, DenseNet169, Config{Width: 0.5}, []int{1, 64, 64, 3}, "DenseNet-169", "one width only")
}
