package tensorflow

import (
	"slices"
	"testing"

	"github.com/plexaura/plexaura/internal/tffile"
)

func TestDescribe(t *testing.T) {
	float := tffile.Attr{Value: tffile.Float32}
	meta := tffile.MetaGraph{Graph: tffile.GraphDef{
		Nodes: []tffile.NodeDef{
			{Name: "x", Op: "Placeholder", Attrs: map[string]tffile.Attr{"dtype": float, "shape": {Value: tffile.Shape{Sizes: []int{-1, 2}}}}},
			{Name: "n", Op: "Placeholder", Attrs: map[string]tffile.Attr{"dtype": {Value: tffile.Int32}, "shape": {Value: tffile.Shape{UnknownRank: true}}}},
			{Name: "y", Op: "Relu", Inputs: []string{"x"}, Attrs: map[string]tffile.Attr{"T": float}},
			{Name: "z", Op: "Own", Inputs: []string{"y"}},
			{Name: "w", Op: "Own", Inputs: []string{"n"}},
		},
		Functions: []tffile.Function{{Name: "Own", Inputs: []tffile.Arg{{Name: "a"}}, Outputs: []tffile.Arg{{Name: "b"}},
			Nodes: []tffile.NodeDef{{Name: "r", Op: "Relu", Inputs: []string{"a"}}}, Returns: map[string]string{"b": "r:activations:0"}}},
	}}
	want := map[bool]string{
		false: "a graph of 6 nodes\n     2 Own\n     2 Placeholder\n     2 Relu\ninput x float32[? 2]\ninput n int32\noutput z/r\noutput w/r\n",
		true:  "a graph of 6 nodes\n     2 Own\n     2 Placeholder\n     2 Relu\ninput image float32[? 2]\noutput logits float32[]\n",
	}
	for _, signed := range []bool{false, true} {
		text := want[signed]
		if signed {
			meta.Signatures = map[string]tffile.Signature{"serving_default": {
				Inputs:  map[string]tffile.TensorInfo{"image": {Name: "x:0", DType: tffile.Float32, Shape: tffile.Shape{Sizes: []int{-1, 2}}}},
				Outputs: map[string]tffile.TensorInfo{"logits": {Name: "z:0", DType: tffile.Float32}},
			}}
		}
		g, err := NewGraph(meta, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Describe().String(); got != text {
			t.Errorf("got\n%s; want\n%s", got, text)
		}
		var nodes []string
		for _, n := range g.Nodes() {
			nodes = append(nodes, n.String())
		}
		for _, want := range []string{"x Placeholder() -> x float32[? 2]", "y Relu(x) -> y float32", "z/r Relu(y) -> z/r"} {
			if !slices.Contains(nodes, want) {
				t.Errorf("the nodes are %q; want %s among them", nodes, want)
			}
		}
	}
}
