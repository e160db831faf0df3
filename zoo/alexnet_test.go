package zoo

import (
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// thinAlexNet has few units in its dense layers, which is as the golden cases have it.
func thinAlexNet(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model { return alexNet(s, x, cfg, 16) }

func TestAlexNet(t *testing.T) {
	wantGolden(t, "zooclassic", "AlexNet", Config{Port: Torchvision}, thinAlexNet)
	wantTorchvision(t, AlexNet, 61100840, 0.714)
	wantPublished(t, AlexNet, Config{NoTop: true}, []int{1, 224, 224, 3}, 2469696, 655566528) // all but 58,631,144 of the dense layers
}

func TestAlexNetTraining(t *testing.T) { wantTraining(t, thinAlexNet, 2, 63, 63, 3) }

func TestAlexNetBadInput(t *testing.T) {
	wantBadInput(t, AlexNet, 3)
	wantBuildError(t, AlexNet, Config{}, []int{-1, 30, 63, 3}, "pool2", "height")
}
