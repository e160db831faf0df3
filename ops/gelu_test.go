package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestGELUGolden(t *testing.T) {
	checkGolden(t, "activations", "GELU", func(s *graph.Scope, c golden.Case, in map[string]*gorgonia.Node) *gorgonia.Node {
		return gelu(c)(s, in["x"])
	}, "x")
}

func gelu(c golden.Case) ops.Activation {
	if c.Param("approximate") == 1 {
		return ops.GELUTanh
	}
	return ops.GELU
}
