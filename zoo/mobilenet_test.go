package zoo

import "testing"

func TestMobileNetV1(t *testing.T) {
	wantGolden(t, "zoocompact", "MobileNet v1", Config{}, MobileNetV1)
	wantGolden(t, "zoocompact", "MobileNet v1, Keras", Config{Port: Keras}, MobileNetV1)
	wantGolden(t, "zooports", "MobileNet v1, Timm", Config{Port: Timm}, MobileNetV1)
	// TF-slim's table has 569, 77 and 14 million multiply-adds and 4.24, 1.34 and .47 million parameters, with 1001 classes; Keras
	// documents 4,253,864 with the 21,888 statistics.
	wantPublished(t, MobileNetV1, Config{}, []int{1, 224, 224, 3}, 4231976, 568740352)
	wantPublished(t, MobileNetV1, Config{Width: 0.5}, []int{1, 160, 160, 3}, 1331592, 76524800)
	wantPublished(t, MobileNetV1, Config{Width: 0.25}, []int{1, 128, 128, 3}, 470072, 13570048)
	if got := summaryOf(t, MobileNetV1, Config{}, 1, 224, 224, 3).Statistics(); got != 21888 {
		t.Errorf("there are %d statistics; want 21888", got)
	}
	wantBehaviour(t, MobileNetV1, []int{4, 64, 40, 3}, "conv_pw_13_relu", []int{4, 2, 2, 1024})
}

func TestMobileNetV2(t *testing.T) {
	wantGolden(t, "zoocompact", "MobileNet v2", Config{}, MobileNetV2)
	wantGolden(t, "zoocompact", "MobileNet v2, Torchvision", Config{Port: Torchvision}, MobileNetV2)
	// torchvision documents 3,504,872 parameters and .30 GFLOPS; TF-slim's table has 300, 582, 509 and 97 million multiply-adds
	// of the widths 1, 1.4, 1.3 and .5.
	wantPublished(t, MobileNetV2, Config{}, []int{1, 224, 224, 3}, 3504872, 300774272)
	wantPublished(t, MobileNetV2, Config{Port: Torchvision}, []int{1, 224, 224, 3}, 3504872, 300774272)
	wantPublished(t, MobileNetV2, Config{Width: 1.4}, []int{1, 224, 224, 3}, 6108776, 582195824)
	wantPublished(t, MobileNetV2, Config{Width: 1.3}, []int{1, 224, 224, 3}, 5386792, 509374560)
	wantPublished(t, MobileNetV2, Config{Width: 0.5}, []int{1, 224, 224, 3}, 1968680, 97131840)
	// Keras documents 3,538,984 parameters with the statistics.
	if got := summaryOf(t, MobileNetV2, Config{}, 1, 224, 224, 3).Statistics(); got != 34112 {
		t.Errorf("there are %d statistics; want 34112", got)
	}
	wantBehaviour(t, MobileNetV2, []int{4, 64, 40, 3}, "out_relu", []int{4, 2, 2, 1280})
}

// Of odd maps the port Keras leaves out a row and a column that Original has.
func TestMobileNetV1Ports(t *testing.T) {
	for port, want := range map[Port]int{Original: 3, Keras: 2} {
		s := summaryOf(t, MobileNetV1, Config{Port: port, NoTop: true}, 1, 65, 65, 3)
		if got := s.Layers[len(s.Layers)-1].Output; got[1] != want || got[2] != want {
			t.Errorf("%v makes %v of 65 x 65 pixels; want %d x %d", port, got, want, want)
		}
	}
}

func TestMobileNetBadInput(t *testing.T) {
	wantBuildError(t, MobileNetV1, Config{}, []int{1, 32, 32}, "conv1", "want [batch, height, width, channels]")
	wantBuildError(t, MobileNetV1, Config{}, []int{1, 32, 32, -1}, "conv1", "must be known")
	wantBuildError(t, MobileNetV1, Config{Port: Keras}, []int{1, 40, 20, 3}, "conv_dw_12", "more than the 2 of the image with its pads")
	wantBuildError(t, MobileNetV1, Config{Port: Torchvision}, []int{1, 32, 32, 3}, "MobileNet v1", "Port is Torchvision; this network has zoo.Original, zoo.Keras")
	wantBuildError(t, MobileNetV1, Config{Port: 7}, []int{1, 32, 32, 3}, "MobileNet v1", "Port is Port(7)")
	wantBuildError(t, MobileNetV2, Config{}, []int{1, 32, 32}, "Conv1", "want [batch, height, width, channels]")
	wantBuildError(t, MobileNetV2, Config{}, []int{1, 32, 32, -1}, "Conv1", "must be known")
	wantBuildError(t, MobileNetV2, Config{Width: -1}, []int{1, 32, 32, 3}, "MobileNet v2", "Width is -1")
}
