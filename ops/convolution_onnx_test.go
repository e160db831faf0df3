package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/ops"
)

// pair reads an attribute of two integers.
func pair(n golden.ONNXNode, name string) [2]int {
	if v := n.Ints[name]; len(v) == 2 {
		return [2]int{v[0], v[1]}
	}
	return [2]int{}
}

// onnxWindow reads how the windows of a node slide. Of what is padded by itself, the
// suite has only cases in which TensorFlow pads alike.
func onnxWindow(n golden.ONNXNode) ops.ConvolutionConfig {
	cfg := ops.ConvolutionConfig{Strides: pair(n, "strides"), Dilations: pair(n, "dilations"), DataFormat: ops.ChannelsFirst}
	if p := n.Ints["pads"]; len(p) == 4 {
		cfg.Pads = [2][2]int{{p[0], p[2]}, {p[1], p[3]}}
	}
	if n.Strings["auto_pad"] != "" {
		cfg.Padding = ops.Same
	}
	return cfg
}

// wantONNX runs a node on the inputs of a test of ONNX's suite.
func wantONNX(t *testing.T, n golden.ONNXNode, build func(s *graph.Scope, x, kernel *gorgonia.Node) *gorgonia.Node) {
	t.Helper()
	g := graph.New(graph.Config{})
	s := g.Scope()
	feeds := graph.Feeds{}
	x := input(s, feeds, "x", tensor.Float32, values{n.Inputs[0].Shape, n.Inputs[0].Data}, false)
	kernel := input(s, feeds, "kernel", tensor.Float32, values{n.Inputs[1].Shape, n.Inputs[1].Data}, false)
	if err := golden.Close(run(t, g, feeds, build(s, x, kernel)).Tensor(0), n.Outputs[0], 2e-6, 2e-6); err != nil {
		t.Error(err)
	}
}

func TestConvolutionONNX(t *testing.T) {
	nodes := golden.ONNXNodes(t, "Conv")
	if len(nodes) < 6 {
		t.Errorf("the suite has %d convolutions; want 6 or more", len(nodes))
	}
	for _, n := range nodes {
		t.Run(n.Name, func(t *testing.T) {
			wantONNX(t, n, func(s *graph.Scope, x, kernel *gorgonia.Node) *gorgonia.Node {
				return ops.Convolution(s, x, ops.Transpose(s, kernel, 2, 3, 1, 0), onnxWindow(n))
			})
		})
	}
}

func TestConvTranspose2DONNX(t *testing.T) {
	ran := 0
	for _, n := range golden.ONNXNodes(t, "ConvTranspose") {
		shape := n.Inputs[1].Shape
		if len(shape) != 4 {
			continue // of sequences and volumes
		}
		ran++
		t.Run(n.Name, func(t *testing.T) {
			wantONNX(t, n, func(s *graph.Scope, x, kernel *gorgonia.Node) *gorgonia.Node {
				w := onnxWindow(n)
				cfg := ops.ConvTranspose2DConfig{Strides: w.Strides, Dilations: w.Dilations, Padding: w.Padding, Pads: w.Pads, DataFormat: w.DataFormat, NoBias: true}
				if w.Padding == ops.Valid {
					cfg.OutputPadding = pair(n, "output_padding")
				}
				if want := n.Ints["output_shape"]; want != nil {
					for a := range want {
						cfg.OutputPadding[a] = want[a] - (n.Inputs[0].Shape[2+a]-1)*max(1, w.Strides[a]) - shape[2+a]
					}
				}
				// ONNX's kernel is [in, out, height, width].
				cfg.Kernel = initializers.Constant(transposedKernel(n.Inputs[1]))
				return ops.ConvTranspose2D(s.Sub("layer"), x, shape[1], [2]int{shape[2], shape[3]}, cfg)
			})
		})
	}
	if ran < 8 {
		t.Errorf("the suite has %d transposed convolutions of images; want 8 or more", ran)
	}
}

// transposedKernel brings a kernel [in, out, height, width] to [height, width, out, in].
func transposedKernel(a golden.Array) []float64 {
	in, out, size := a.Shape[0], a.Shape[1], a.Shape[2]*a.Shape[3]
	k := make([]float64, len(a.Data))
	for i, v := range a.Data {
		k[(i%size*out+i/size%out)*in+i/size/out] = v
	}
	return k
}
