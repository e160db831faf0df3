package transfer

import (
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Cut leaves behind what stands above endpoints in a network that is built, such as the old head of an imported one: the variables on which no endpoint
// depends leave Trainable and ModelVariables, so that they are neither trained nor saved with the model, and what moves only their statistics leaves
// UpdateOps. They are returned. A Run computes what is fetched, so nothing above the endpoints runs in any case. Build the new head
// afterwards, or its variables leave too:
//
//	features := g.Node("dnn/hidden4_out")
//	transfer.Cut(g, features)
//	logits := transfer.Head(s.Sub("head"), features, 5, transfer.HeadConfig{})
//
// They remain in graph.Graph.Variables, and Session.Init gives them values as before. That no endpoint is given is a build error.
func Cut(g *graph.Graph, endpoints ...*gorgonia.Node) gorgonia.Nodes {
	if len(endpoints) == 0 {
		g.Scope().Failf("Cut", nil, "no endpoint was given; g.Node finds one by its name")
		return nil
	}
	for _, n := range endpoints {
		if n == nil || n.Graph() != g.Expr() {
			g.Scope().Failf("Cut", nil, "an endpoint is nil or of another graph")
			return nil
		}
	}
	kept := VariablesOf(g, endpoints...)
	var left gorgonia.Nodes
	for _, v := range slices.Concat(g.ModelVariables(), g.Trainable()) {
		if !slices.Contains(kept, v) && !slices.Contains(left, v) {
			left = append(left, v)
		}
	}
	for _, key := range []string{graph.TrainableVariables, graph.ModelVariables} {
		g.RemoveFromCollection(key, left...)
	}
	updates := g.UpdatesOf(endpoints...)
	for _, u := range g.Collection(graph.UpdateOps) {
		if !slices.Contains(updates, u) {
			g.RemoveFromCollection(graph.UpdateOps, u)
		}
	}
	return left
}
