package zoo

import (
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

func TestTrunk(t *testing.T) {
	for _, c := range []struct {
		build func(*graph.Scope, *gorgonia.Node, Config) *Model
		cfg   Config
		want  string
	}{
		// Branches of fire modules, and skip connections of ResNet's blocks, are left out.
		{SqueezeNet11, Config{NoTop: true}, "conv1 pool1 fire2/squeeze1x1 fire2/concat fire3/squeeze1x1 fire3/concat pool3 fire4/squeeze1x1 fire4/concat " +
			"fire5/squeeze1x1 fire5/concat pool5 fire6/squeeze1x1 fire6/concat fire7/squeeze1x1 fire7/concat fire8/squeeze1x1 fire8/concat fire9/squeeze1x1 fire9/concat"},
		{ResNet18, Config{}, "conv1 maxpool layer1/0 layer1/1 layer1 layer2/0 layer2/1 layer2 layer3/0 layer3/1 layer3 layer4/0 layer4/1 layer4 avgpool fc"},
		// Here one classifier is no part of the way to the other.
		{InceptionV3, Config{Auxiliary: true}, "Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 maxpool1 Conv2d_3b_1x1 Conv2d_4a_3x3 maxpool2 Mixed_5b Mixed_5c Mixed_5d " +
			"Mixed_6a Mixed_6b Mixed_6c Mixed_6d Mixed_6e Mixed_7a Mixed_7b Mixed_7c avgpool fc"},
	} {
		g := graph.New(graph.Config{})
		s := g.Scope()
		cfg := c.cfg
		cfg.Training = graph.PlaceholderWithDefault(s, "training", false) // batch norm becomes a branch
		m := c.build(s.Sub("net"), graph.Placeholder(s, "x", tensor.Float32, -1, 299, 299, 3), cfg)
		if err := g.Err(); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range m.Trunk() {
			got = append(got, e.Name)
			if e.Node != m.Endpoint(e.Name) {
				t.Errorf("%s: the node of %s is another", m.Name, e.Name)
			}
		}
		if want := strings.Fields(c.want); !slices.Equal(got, want) {
			t.Errorf("%s: the trunk is\n%v; want\n%v", m.Name, got, want)
		}
	}
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 28, 28, 1)
	if bad := LeNet5(g.Scope(), x, Config{Width: 2}); g.Err() == nil || bad.Trunk() != nil {
		t.Errorf("a network that could not be built has the trunk %v", bad.Trunk())
	}
}
