package zoo

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// thinVGG has few units in its dense layers, which is as the golden cases have it.
func thinVGG(batchNorm bool, convs ...int) build {
	v := newVGG("VGG", batchNorm, convs...)
	v.units = 16
	return func(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model { return v.build(s, x, cfg) }
}

func TestVGG(t *testing.T) {
	wantGolden(t, "zooclassic", "VGG-11", Config{Port: Torchvision}, thinVGG(false, 1, 1, 2, 2, 2))
	wantGolden(t, "zooclassic", "VGG-16 BN", Config{}, thinVGG(true, 2, 2, 3, 3, 3))
	if testing.Short() {
		t.Skip("the other six are of the same layers")
	}
	for name, b := range map[string]build{
		"VGG-13": thinVGG(false, 2, 2, 2, 2, 2), "VGG-16": thinVGG(false, 2, 2, 3, 3, 3), "VGG-19": thinVGG(false, 2, 2, 4, 4, 4),
		"VGG-11 BN": thinVGG(true, 1, 1, 2, 2, 2), "VGG-13 BN": thinVGG(true, 2, 2, 2, 2, 2), "VGG-19 BN": thinVGG(true, 2, 2, 4, 4, 4),
	} {
		wantGoldenIn(t, []tensor.Dtype{tensor.Float32}, "zooclassic", name, Config{}, b)
	}
}

func TestVGGPublished(t *testing.T) {
	wantTorchvision(t, VGG11, 132863336, 7.609)
	wantTorchvision(t, VGG13, 133047848, 11.308)
	wantTorchvision(t, VGG16, 138357544, 15.47)
	wantTorchvision(t, VGG19, 143667240, 19.632)
	wantTorchvision(t, VGG11BN, 132868840, 7.609)
	wantTorchvision(t, VGG13BN, 133053736, 11.308)
	wantTorchvision(t, VGG16BN, 138365992, 15.47)
	wantTorchvision(t, VGG19BN, 143678248, 19.632)
	wantPublished(t, VGG16, Config{NoTop: true}, []int{1, 224, 224, 3}, 14714688, 15346630656) // Keras' VGG16(include_top=False): 14,714,688
	wantPublished(t, VGG19, Config{NoTop: true}, []int{1, 224, 224, 3}, 20024384, 19508428800) // Keras' VGG19(include_top=False): 20,024,384
}

func TestVGGTraining(t *testing.T) {
	wantTraining(t, thinVGG(false, 1, 1, 2, 2, 2), 2, 32, 32, 3)
	wantTraining(t, thinVGG(true, 1, 1, 2, 2, 2), 2, 40, 33, 1)
}

func TestVGGBadInput(t *testing.T) {
	wantBadInput(t, VGG11, 3)
	wantBuildError(t, VGG16BN, Config{}, []int{-1, 40, 31, 3}, "pool5", "width")
}
