package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestReLU6Golden(t *testing.T) {
	checkGolden(t, "activations", "ReLU6", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ReLU6(s, in["x"])
	}, "x")
}

func TestReLU6AtItsKinks(t *testing.T) {
	checkGolden(t, "activations2", "ReLU6", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.ReLU6(s, in["x"])
	}, "x")
}
