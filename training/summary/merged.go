package summary

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// Merged are the summaries of a graph, which are fetched and written together.
type Merged struct {
	nodes     gorgonia.Nodes
	summaries []nodeSummary
}

// nodeSummary says what to write of a node's value.
type nodeSummary struct {
	op, tag    string
	maxOutputs int
}

// MergeAll collects the summaries that are in the graph now, or those whose name a pattern matches
// as in Graph.Collection (tf.summary.merge_all). Other nodes that someone entered into
// graph.Summaries are left out.
func MergeAll(g *graph.Graph, patterns ...string) *Merged {
	m := &Merged{}
	for _, n := range g.Collection(graph.Summaries, patterns...) {
		d := g.Describe(n)
		switch d.Op {
		case scalarOp, histogramOp, imageOp:
			tag, _ := d.Attrs["tag"].(string)
			maxOutputs, _ := d.Attrs["max_outputs"].(int)
			m.nodes = append(m.nodes, n)
			m.summaries = append(m.summaries, nodeSummary{d.Op, tag, maxOutputs})
		}
	}
	return m
}

// Nodes are what to fetch, before all else: append(m.Nodes(), step, loss).
func (m *Merged) Nodes() gorgonia.Nodes { return append(gorgonia.Nodes(nil), m.nodes...) }

// Add writes the values that a Run gave for m.Nodes(), as one event; values of further fetches may
// follow them.
func (w *Writer) Add(step int64, m *Merged, values graph.Values) error {
	if m == nil || len(m.nodes) == 0 {
		return nil
	}
	if len(values) < len(m.nodes) {
		return errors.Errorf("summary: %d values for %d summaries; fetch the nodes of Merged.Nodes first", len(values), len(m.nodes))
	}
	var all []tffile.Summary
	for i, s := range m.summaries {
		list, err := s.summarise(values[i])
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	return w.summary(step, all...)
}

func (s nodeSummary) summarise(v gorgonia.Value) ([]tffile.Summary, error) {
	switch s.op {
	case histogramOp:
		return summariseHistogram(s.tag, v)
	case imageOp:
		return summariseImages(s.tag, v, s.maxOutputs)
	}
	x, err := numbers(v)
	if err == nil && len(x) != 1 {
		err = errors.Errorf("%d values; want one", len(x))
	}
	if err != nil {
		return nil, errors.WithMessagef(err, "summary: the scalar %q", s.tag)
	}
	value := float32(x[0])
	return []tffile.Summary{{Tag: s.tag, Scalar: &value}}, nil
}
