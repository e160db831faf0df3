package onnx

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// exportTable is README's table of what is exported: for each op the operators that its cases come to. It fails where an op has no case.
func exportTable(t *testing.T) string {
	t.Helper()
	become := map[string]map[string]bool{}
	table := exporters
	defer func() { exporters = table }()
	exporters = map[string]exportFunc{}
	for op, f := range table {
		exporters[op] = func(c *exporting) string {
			y := f(c)
			if become[op] == nil {
				become[op] = map[string]bool{}
			}
			for _, n := range c.model.Graph.Nodes[c.from:] {
				if c.own[n.Outputs[0]] { // no transposition of what comes in
					become[op][n.Op] = true
				}
			}
			return y
		}
	}
	for _, c := range exportCases() {
		exportCaseOf(t, c, tensor.Float32, ExportConfig{})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Export\n\n`onnx.Export` makes a model of a graph, `Model.Save` and `Model.WriteTo` write it. %d ops are exported, by these operators of opset %d; layers are\n"+
		"several ops. ONNX Runtime computes of each what Plexaura does, as the tests show. Images have the channels first inside of the model; where layers follow each\nother nothing is transposed between them.\n\n"+
		"| op | ONNX |\n|---|---|\n", len(table), exportOpset)
	for _, op := range slices.SortedFunc(maps.Keys(table), func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
		if become[op] == nil {
			t.Errorf("%s is exported, but in no case", op)
		}
		operators := strings.Join(slices.Sorted(maps.Keys(become[op])), ", ")
		if operators == "" {
			operators = "nothing: its input"
		}
		fmt.Fprintf(&b, "| %s | %s |\n", op, operators)
	}
	return b.String()
}
