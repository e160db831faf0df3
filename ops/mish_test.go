package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestMishGolden(t *testing.T) {
	checkGolden(t, "activations2", "Mish", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return ops.Mish(s, in["x"])
	}, "x")
}
