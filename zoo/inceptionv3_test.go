package zoo

import (
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestInceptionV3(t *testing.T) {
	wantGolden(t, "zoocompact", "Inception v3", Config{}, InceptionV3)
	wantGolden(t, "zoocompact", "Inception v3, Torchvision", Config{Port: Torchvision}, InceptionV3)
	// torchvision documents 27,161,264 parameters, the auxiliary classifier's among them, and 5.71 GFLOPS without it.
	of := summaryOf(t, InceptionV3, Config{Auxiliary: true}, 1, 299, 299, 3)
	if got := of.Parameters(); got != 27161264 {
		t.Errorf("with the auxiliary classifier there are %d parameters; want 27161264", got)
	}
	auxiliary := int64(0)
	for _, l := range of.Layers {
		if strings.HasPrefix(l.Name, "AuxLogits") {
			auxiliary += l.Parameters
		}
	}
	wantPublished(t, InceptionV3, Config{}, []int{1, 299, 299, 3}, 27161264-auxiliary, 5713216096)
	// Keras documents 23,851,784 parameters and statistics, without gamma, of which there are as many as moving means.
	of = summaryOf(t, InceptionV3, Config{}, 1, 299, 299, 3)
	if got := of.Parameters() + of.Statistics()/2; got != 23851784 {
		t.Errorf("there are %d parameters and statistics without gamma; want 23851784", got)
	}
	wantBehaviour(t, InceptionV3, []int{2, 111, 75, 3}, "Mixed_7c", []int{2, 2, 1, 2048})
}

func TestInceptionV3Auxiliary(t *testing.T) {
	if testing.Short() {
		t.Skip("the auxiliary classifier takes images of 299 x 299")
	}
	for _, c := range golden.Cases(t, "zoocompact", "Inception v3, auxiliary") {
		wantCase(t, c, tensor.Float32, Config{Classes: 5, Auxiliary: true}, InceptionV3)
	}
}

// The auxiliary loss trains the network up to Mixed_6e.
func TestInceptionV3AuxiliaryGradients(t *testing.T) {
	g := graph.New(graph.Config{})
	s := g.Scope()
	m := InceptionV3(s, graph.Placeholder(s, "x", tensor.Float32, -1, 299, 299, 3), Config{Auxiliary: true, Classes: 2})
	loss := ops.Mean(s, m.Endpoint("AuxLogits"))
	variables := gorgonia.Nodes{g.Node("Conv2d_1a_3x3/conv/kernel"), g.Node("Mixed_6e/branch1x1/bn/gamma"), g.Node("AuxLogits/fc/bias"), g.Node("Mixed_7a/branch3x3_1/conv/kernel")}
	for i, grad := range graph.Gradients(s, gorgonia.Nodes{loss}, variables, nil) {
		if (grad != nil) != (i < 3) {
			t.Errorf("the gradient of %s is %v", g.NameOf(variables[i]), grad)
		}
	}
	if err := g.Err(); err != nil {
		t.Error(err)
	}
}

func TestInceptionV3BadInput(t *testing.T) {
	wantBuildError(t, InceptionV3, Config{}, []int{1, 74, 90, 3}, "Mixed_7a", "more than the 2 of the image")
	wantBuildError(t, InceptionV3, Config{}, []int{1, 90, 90}, "Conv2d_1a_3x3", "want [batch, height, width, channels]")
	wantBuildError(t, InceptionV3, Config{}, []int{1, 90, 90, -1}, "Conv2d_1a_3x3", "must be known")
	auxiliary := func(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
		m := InceptionV3(s, x, cfg)
		m.Output = m.Endpoint("AuxLogits")
		return m
	}
	wantBuildError(t, auxiliary, Config{Auxiliary: true}, []int{1, 298, 299, 3}, "AuxLogits/conv1", "more than the 4 of the image")
	wantBuildError(t, InceptionV3, Config{Auxiliary: true, NoTop: true}, []int{1, 299, 299, 3}, "Inception v3", "NoTop leaves classifiers out")
	wantBuildError(t, InceptionV3, Config{Width: 2}, []int{1, 299, 299, 3}, "Inception v3", "one width only")
}
