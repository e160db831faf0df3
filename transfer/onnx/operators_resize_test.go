package onnx

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// A resize to another image's size gives the same whether the sizes are known when the graph is built or in the Run only.
func TestResizeToComputedSize(t *testing.T) {
	for _, mode := range [][2]string{{"linear", "half_pixel"}, {"linear", "pytorch_half_pixel"}, {"linear", "align_corners"}, {"linear", "asymmetric"}, {"nearest", "asymmetric"}} {
		var results [][]float32
		for _, d := range []int{1, -1} {
			size := func(n int) int { return max(n*d, -1) }
			m := parsed(t,
				1, message(1, "x", 2, "sx", 4, "Shape"), 1, message(1, "y", 2, "sy", 4, "Shape"),
				1, message(1, "sx", 1, "zero", 1, "two", 2, "bc", 4, "Slice"), 1, message(1, "sy", 1, "two", 1, "four", 2, "hw", 4, "Slice"),
				1, message(1, "bc", 1, "hw", 2, "to", 4, "Concat", 5, message(1, "axis", 3, 0)),
				1, message(1, "x", 1, "", 1, "", 1, "to", 2, "z", 4, "Resize", 5, message(1, "mode", 4, mode[0]), 5, message(1, "coordinate_transformation_mode", 4, mode[1]),
					5, message(1, "nearest_mode", 4, "floor")),
				5, ints("zero", []int{1}, 0), 5, ints("two", []int{1}, 2), 5, ints("four", []int{1}, 4),
				11, input("x", size(2), 3, size(4), size(5)), 11, input("y", size(2), 1, size(7), size(3)), 12, message(1, "z"))
			g := graph.New(graph.Config{})
			n, err := m.Import(g.Scope(), network.Config{})
			if err != nil {
				t.Fatalf("%v: %v", mode, err)
			}
			x := tensor.New(tensor.WithShape(2, 3, 4, 5), tensor.WithBacking(tensor.Range(tensor.Float32, 0, 120)))
			feeds := graph.Feeds{n.Inputs[0].Node: x}
			if d < 0 { // else nothing of y is needed but its shape, which is known
				feeds[n.Inputs[1].Node] = tensor.New(tensor.WithShape(2, 1, 7, 3), tensor.Of(tensor.Float32))
			}
			out := run(t, g, n, feeds)
			if !out.Tensor(0).Shape().Eq(tensor.Shape{2, 3, 7, 3}) {
				t.Errorf("%v: the shape is %v", mode, out.Tensor(0).Shape())
			}
			results = append(results, out.Float32s(0))
		}
		if !slices.Equal(results[0], results[1]) {
			t.Errorf("%v: %v; want %v", mode, results[1][:21], results[0][:21])
		}
	}
}

func TestResizeBadInput(t *testing.T) {
	scales := func(v ...float32) []byte { return floats("scales", []int{len(v)}, v...) }
	for name, c := range map[string]struct {
		node, scales []byte
		sizes        []int
		want         string
	}{
		"antialias": {message(5, message(1, "antialias", 3, 1)), scales(1, 1, 2, 2), []int{1, 1, 4, 4}, "antialias is not supported"},
		"too few":   {nil, scales(1, 2, 2), []int{1, 1, 4, 4}, "3 scales"},
		"negative":  {nil, scales(1, 1, -2, 2), []int{1, 1, 4, 4}, "want positive numbers"},
		"huge":      {nil, scales(1, 1, 60000, 1.5), []int{1, 1, 400, 4}, "want 1 to"},
		"nothing":   {nil, scales(1, 1, 0.1, 0.1), []int{1, 1, 4, 4}, "cannot become one of 0"},
		"mode":      {message(5, message(1, "mode", 4, "lanczos")), scales(1, 1, 1.5, 1.5), []int{1, 1, 4, 4}, `the mode "lanczos"`},
		"places":    {message(5, message(1, "coordinate_transformation_mode", 4, "x")), scales(1, 1, 1.5, 1.5), []int{1, 1, 4, 4}, `the coordinate_transformation_mode "x"`},
		"unknown":   {message(5, message(1, "mode", 4, "cubic")), scales(1, 1, 1.5, 1.5), []int{1, 1, -1, 4}, "not known when the graph is built"},
	} {
		m := parsed(t, 1, append(message(1, "x", 1, "", 1, "scales", 2, "y", 4, "Resize"), c.node...), 5, c.scales, 11, input("x", c.sizes...), 12, message(1, "y"))
		if _, err := m.Import(graph.New(graph.Config{}).Scope(), network.Config{}); err == nil || !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("%s: got %v; want %s", name, err, c.want)
		}
	}
}
