package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

func TestInstanceNormGolden(t *testing.T) {
	checkChannelNormGolden(t, "InstanceNorm", func(s *graph.Scope, x *gorgonia.Node, c golden.Case, gamma, beta graph.Initializer, format ops.DataFormat) *gorgonia.Node {
		return ops.InstanceNorm(s, x, ops.InstanceNormConfig{Epsilon: c.Param("epsilon"), Gamma: gamma, Beta: beta, DataFormat: format})
	})
}
