package zoo

import (
	"testing"

	"gorgonia.org/tensor"
)

func TestResNet(t *testing.T) {
	wantGolden(t, "zooclassic", "ResNet-18", Config{}, ResNet18)
	wantGolden(t, "zooclassic", "ResNet-50", Config{Port: Torchvision}, ResNet50)
	wantGolden(t, "zooports", "ResNet-50, Keras", Config{Port: Keras}, ResNet50)
	wantGolden(t, "zooports", "ResNet-50, TFSlim", Config{Port: TFSlim}, ResNet50)
	if testing.Short() {
		t.Skip("the others are of the same blocks")
	}
	for name, b := range map[string]build{"ResNet-34": ResNet34, "ResNet-101": ResNet101, "ResNet-152": ResNet152,
		"ResNeXt-50 32x4d": ResNeXt50, "Wide ResNet-50-2": WideResNet50} {
		wantGoldenIn(t, []tensor.Dtype{tensor.Float32}, "zooclassic", name, Config{}, b)
	}
}

func TestResNetPublished(t *testing.T) {
	wantTorchvision(t, ResNet18, 11689512, 1.814)
	wantTorchvision(t, ResNet34, 21797672, 3.664)
	wantTorchvision(t, ResNet50, 25557032, 4.089)
	wantTorchvision(t, ResNet101, 44549160, 7.801)
	wantTorchvision(t, ResNet152, 60192808, 11.514)
	wantTorchvision(t, ResNeXt50, 25028904, 4.23)
	wantTorchvision(t, ResNeXt101, 88791336, 16.414)
	wantTorchvision(t, WideResNet50, 68883240, 11.398)
	wantTorchvision(t, WideResNet101, 126886696, 22.753)
	// Keras' ResNet50(include_top=False) has 23,587,712 with biases before batch norm, 26,560, and statistics, 53,120.
	wantPublished(t, ResNet50, Config{NoTop: true}, []int{1, 224, 224, 3}, 23587712-26560-53120, 4087136256)
}

func TestResNetSummary(t *testing.T) {
	s := summaryOf(t, ResNet18, Config{}, 1, 224, 224, 3)
	if got := s.Statistics(); got != 9600 { // twice the channels that batch norm normalises
		t.Errorf("%d statistics; want 9600", got)
	}
	want := map[string]LayerSummary{
		"layer2/0/downsample": {Output: tensor.Shape{1, 28, 28, 128}, Parameters: 8192 + 256, Statistics: 256, MultiplyAdds: 6422528},
		"layer2/0":            {Output: tensor.Shape{1, 28, 28, 128}},
		"layer2":              {Output: tensor.Shape{1, 28, 28, 128}},
		"layer4/1/conv2":      {Output: tensor.Shape{1, 7, 7, 512}, Parameters: 2359296 + 1024, Statistics: 1024, MultiplyAdds: 115605504},
		"fc":                  {Output: tensor.Shape{1, 1000}, Parameters: 513000, MultiplyAdds: 512000},
	}
	for _, l := range s.Layers {
		w, ok := want[l.Name]
		if !ok {
			continue
		}
		delete(want, l.Name)
		if w.Name = l.Name; !l.Output.Eq(w.Output) || l.Parameters != w.Parameters || l.Statistics != w.Statistics || l.MultiplyAdds != w.MultiplyAdds {
			t.Errorf("got %+v; want %+v", l, w)
		}
	}
	if len(want) > 0 {
		t.Errorf("there are no layers %v", want)
	}
}

func TestResNetTraining(t *testing.T) {
	wantTraining(t, ResNet18, 2, 33, 40, 3)
	short := resNet{name: "ResNeXt with a block a stage", blocks: [4]int{1, 1, 1, 1}, groups: 32, width: 4}
	wantTraining(t, short.build, 2, 32, 33, 1)
}

func TestResNetBadInput(t *testing.T) {
	wantBadInput(t, ResNet50, 3)
	wantBuildError(t, ResNet18, Config{}, []int{-1, 0, 64, 3}, "ResNet-18", "height and width are 1 or more")
}
