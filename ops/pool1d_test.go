package ops_test

import (
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// The values are those of torch.nn.functional.max_pool1d and avg_pool1d.
func TestPool1D(t *testing.T) {
	x := at([]int{1, 5, 1}, 1, -2, 5, 4, 3)
	for _, c := range []struct {
		name string
		pool func(s *graph.Scope, x *gorgonia.Node, cfg ops.Pool1DConfig) *gorgonia.Node
		cfg  ops.Pool1DConfig
		want []float64
	}{
		{"max", ops.MaxPool1D, ops.Pool1DConfig{}, []float64{1, 5}},
		{"max, ceil", ops.MaxPool1D, ops.Pool1DConfig{CeilMode: true}, []float64{1, 5, 3}},
		{"max, dilated", ops.MaxPool1D, ops.Pool1DConfig{Size: 2, Stride: 1, Dilation: 3}, []float64{4, 3}},
		{"max, SAME", ops.MaxPool1D, ops.Pool1DConfig{Size: 3, Stride: 2, Padding: ops.Same}, []float64{1, 5, 4}},
		{"mean", ops.AvgPool1D, ops.Pool1DConfig{Stride: 1}, []float64{-0.5, 1.5, 4.5, 3.5}},
		{"mean, padded", ops.AvgPool1D, ops.Pool1DConfig{Pads: [2]int{1, 1}, CountPadding: true}, []float64{0.5, 1.5, 3.5}},
		{"mean, padding left out", ops.AvgPool1D, ops.Pool1DConfig{Pads: [2]int{1, 1}}, []float64{1, 1.5, 3.5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := len(c.want)
			last := single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return c.pool(s, x, c.cfg) })
			first := single(func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
				cfg := c.cfg
				cfg.DataFormat = ops.ChannelsFirst
				return c.pool(s, ops.Transpose(s, x, 0, 2, 1), cfg)
			})
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				wantValues(t, eval(t, dtype, last, x), []int{1, n, 1}, c.want...)
				wantValues(t, eval(t, dtype, first, x), []int{1, 1, n}, c.want...)
			}
			checkGradients(t, last, wave(2, 0.3, 2, 5, 2))
		})
	}
}

func TestPool1DBadInput(t *testing.T) {
	layer := func(pool func(s *graph.Scope, x *gorgonia.Node, cfg ops.Pool1DConfig) *gorgonia.Node, cfg ops.Pool1DConfig, shape ...int) func(s *graph.Scope) *gorgonia.Node {
		return func(s *graph.Scope) *gorgonia.Node {
			return pool(s, graph.Placeholder(s, "x", tensor.Float32, shape...), cfg)
		}
	}
	wantLayerError(t, layer(ops.MaxPool1D, ops.Pool1DConfig{}, -1, 4), "MaxPool1D", "want rank 3")
	wantLayerError(t, layer(ops.MaxPool1D, ops.Pool1DConfig{Size: 9}, -1, 4, 1), "width of the window is 9", "the 4 of the image")
	wantLayerError(t, layer(ops.MaxPool1D, ops.Pool1DConfig{CountPadding: true}, -1, 4, 1), "CountPadding")
	wantLayerError(t, layer(ops.AvgPool1D, ops.Pool1DConfig{Dilation: 2}, -1, 4, 1), "Dilation is 2")
	wantLayerError(t, layer(ops.AvgPool1D, ops.Pool1DConfig{DataFormat: 3}, -1, 4, 1), "DataFormat(3)")
	wantLayerError(t, func(s *graph.Scope) *gorgonia.Node { return ops.AvgPool1D(s, nil, ops.Pool1DConfig{}) }, "x is nil")
}
