package onnx

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
	"github.com/plexaura/plexaura/transfer/weights"
)

// many are fields of one number, up to a megabyte; ####### in their content is another number each.
func many(number protowire.Number, content string) []byte {
	var b []byte
	for i := 0; len(b) < budgettest.Small; i++ {
		text := content
		if strings.Contains(content, "#") {
			text = strings.Replace(content, "#######", fmt.Sprintf("%07d", i), 1)
		}
		b = protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), text)
	}
	return b
}

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemory(t *testing.T) {
	budgettest.Lower(t)
	const refused = "takes much more memory"
	text := func(fields ...interface{}) string { return string(message(fields...)) }
	attribute := text(1, "a", 3, 1)
	ones := strings.Repeat("\x01", budgettest.Small)
	for name, c := range map[string]struct {
		graph []byte
		want  string
	}{
		"nodes":           {many(1, ""), refused},
		"named nodes":     {many(1, text(3, "#######", 4, "A")), refused},
		"inputs":          {message(1, many(1, "")), refused},
		"named inputs":    {message(1, many(1, "#######")), refused},
		"outputs":         {message(1, many(2, "the name of it")), ""},
		"same attributes": {many(1, text(5, attribute)), refused},
		"attributes":      {many(1, text(5, text(1, "#######", 3, 1))), refused},
		"of one node":     {message(1, many(5, text(1, "#######", 3, 1))), refused},
		"empty ones":      {message(1, many(5, "")), refused},
		"tensors in them": {many(1, text(5, text(1, "a", 5, text(2, 1)))), refused},
		"graphs in them":  {many(1, text(5, text(1, "a", 6, ""))), refused},
		"texts":           {message(1, message(5, many(9, ""))), refused},
		"integers":        {message(1, message(5, message(1, "a", 8, ones))), refused},
		"floats":          {message(1, message(5, message(1, "a", 7, ones))), ""},
		"initializers":    {many(5, text(2, 1)), refused},
		"values":          {many(13, ""), refused},
		"inputs of it":    {many(11, text(1, "#######")), refused},
		"dimensions":      {message(11, message(2, message(1, message(2, many(1, ""))))), refused},
		"axes":            {message(5, message(1, ones, 2, 1)), refused},
		"listed integers": {message(5, message(1, budgettest.Small, 2, 7, 7, ones, 8, "x")), refused},
		"bytes":           {message(5, message(1, budgettest.Small, 2, 2, 5, ones, 8, "x")), ""},
		"single floats":   {message(5, append(message(1, budgettest.Small/4, 2, 1, 8, "x"), bytes.Repeat(message(4, float32(1)), budgettest.Small/4)...)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			whole := message(1, 8, 7, c.graph)
			for _, open := range []func(b []byte) (*weights.File, error){parseWeights, windowWeights} {
				var err error
				budgettest.Peak(t, len(whole), func() any {
					var f *weights.File
					f, err = open(whole)
					return f
				})
				if c.want == "" && err != nil && !strings.Contains(err.Error(), "two tensors") || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
					t.Errorf("got %v; want %q", err, c.want)
				}
			}
		})
	}
}

// A network of a hundred thousand layers whose weights lie elsewhere is large, but none that is refused.
func TestLargeGraph(t *testing.T) {
	var graph []byte
	for i := range 100_000 {
		in, out := fmt.Sprintf("/model/layers.%d/conv/Conv_output_0", i), fmt.Sprintf("/model/layers.%d/conv/Conv_output_0", i+1)
		graph = append(graph, message(1, message(1, in, 1, fmt.Sprintf("model.layers.%d.conv.weight", i), 2, out, 3, fmt.Sprintf("/model/layers.%d/conv/Conv", i), 4, "Conv",
			5, message(1, "kernel_shape", 8, 3, 8, 3, 20, 7), 5, message(1, "pads", 8, 1, 8, 1, 8, 1, 8, 1, 20, 7)), 13, input(out, -1, 3, 224, 224))...)
	}
	whole := message(1, 8, 7, graph)
	var m *Model
	budgettest.Peak(t, len(whole), func() any {
		var err error
		if m, err = Parse(whole); err != nil {
			t.Fatal(err)
		}
		return m
	})
	if n := m.Graph.Nodes[99_999]; len(m.Graph.Nodes) != 100_000 || len(n.Attributes["pads"].Ints) != 4 || n.Inputs[0] != m.Graph.Nodes[99_998].Outputs[0] {
		t.Errorf("the last of %d nodes is %v", len(m.Graph.Nodes), n)
	}
}
