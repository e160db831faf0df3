package onnx

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
)

// sized builds on images of a known size and on ones whose height and width are unknown.
func sized(name string, channels int, f func(s *graph.Scope, x *gorgonia.Node) nodes) []exportCase {
	return []exportCase{
		{name, []fed{anyOf(2, 7, 8, channels)}, func(s *graph.Scope, x nodes) nodes { return f(s, x[0]) }},
		{name + " of unknown size", []fed{anyOf(2, 7, 8, channels)}, func(s *graph.Scope, x nodes) nodes {
			return f(s, ops.StridedSlice(s, x[0], nil, nil, []int{1, 1, 1}))
		}},
	}
}

// exportLayers are those with windows and norms.
func exportLayers() []exportCase {
	var cases []exportCase
	for _, padding := range []ops.Padding{ops.Valid, ops.Same, ops.SameLower} {
		for _, stride := range [][2]int{{1, 1}, {2, 3}} {
			cases = append(cases, sized("windows "+padding.String(), 4, func(s *graph.Scope, x *gorgonia.Node) nodes {
				return nodes{
					ops.Conv2D(s.Sub("a"), x, 6, [2]int{3, 2}, ops.Conv2DConfig{Strides: stride, Padding: padding}),
					ops.Conv2D(s.Sub("b"), x, 6, [2]int{3, 3}, ops.Conv2DConfig{Strides: stride, Padding: padding, Groups: 2, NoBias: true}),
					ops.Conv2D(s.Sub("c"), x, 6, [2]int{3, 3}, ops.Conv2DConfig{Padding: padding, Dilations: [2]int{2, 1}}),
					ops.DepthwiseConv2D(s.Sub("d"), x, [2]int{3, 3}, ops.DepthwiseConv2DConfig{Strides: stride, Padding: padding}),
					ops.ConvTranspose2D(s.Sub("e"), x, 6, [2]int{3, 2}, ops.ConvTranspose2DConfig{Strides: stride, Padding: padding}),
					ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Size: [2]int{3, 3}, Strides: stride, Padding: padding}),
					ops.AvgPool2D(s, x, ops.AvgPool2DConfig{Size: [2]int{3, 2}, Strides: stride, Padding: padding}),
				}
			})...)
		}
	}
	pads := [2][2]int{{1, 0}, {1, 1}}
	return append(cases,
		exportCase{"explicit pads", []fed{anyOf(2, 7, 8, 4)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{
				ops.Conv2D(s.Sub("a"), x[0], 6, [2]int{3, 3}, ops.Conv2DConfig{Strides: [2]int{2, 2}, Pads: pads}),
				ops.ConvTranspose2D(s.Sub("b"), x[0], 6, [2]int{3, 3}, ops.ConvTranspose2DConfig{Strides: [2]int{2, 2}, Pads: pads, OutputPadding: [2]int{1, 0}, Groups: 2}),
				ops.MaxPool2D(s, x[0], ops.MaxPool2DConfig{Size: [2]int{3, 3}, Strides: [2]int{2, 2}, Pads: pads, CeilMode: true}),
				ops.MaxPool2D(s, x[0], ops.MaxPool2DConfig{Dilations: [2]int{2, 2}}),
				ops.AvgPool2D(s, x[0], ops.AvgPool2DConfig{Size: [2]int{3, 3}, Strides: [2]int{2, 2}, Pads: pads, CountPadding: true}),
				ops.GlobalAvgPool(s, x[0], ops.GlobalPoolConfig{}), ops.GlobalMaxPool(s, x[0], ops.GlobalPoolConfig{KeepDims: true}),
			}
		}},
		exportCase{"AdaptiveAvgPool2D", []fed{anyOf(2, 6, 8, 3)}, func(s *graph.Scope, x nodes) nodes {
			f := ops.ChannelsLast
			return nodes{ops.AdaptiveAvgPool2D(s, x[0], 1, 1, f), ops.AdaptiveAvgPool2D(s, x[0], 3, 2, f), ops.AdaptiveAvgPool2D(s, x[0], 4, 5, f), ops.AdaptiveAvgPool2D(s, x[0], 6, 8, f)}
		}},
		exportCase{"sequences", []fed{anyOf(2, 9, 4)}, func(s *graph.Scope, x nodes) nodes {
			return nodes{ops.Conv1D(s, x[0], 5, 3, ops.Conv1DConfig{}), ops.MaxPool1D(s, x[0], ops.Pool1DConfig{}), ops.AvgPool1D(s, x[0], ops.Pool1DConfig{})}
		}},
		exportCase{"channels first", []fed{anyOf(2, 4, 7, 8)}, func(s *graph.Scope, x nodes) nodes {
			f := ops.ChannelsFirst
			y := ops.Conv2D(s.Sub("a"), x[0], 6, [2]int{3, 3}, ops.Conv2DConfig{DataFormat: f})
			y = ops.BatchNorm(s.Sub("b"), y, nil, ops.BatchNormConfig{DataFormat: f})
			return nodes{y, ops.MaxPool2D(s, ops.ReLU(s, y), ops.MaxPool2DConfig{DataFormat: f}), ops.GroupNorm(s.Sub("c"), x[0], ops.GroupNormConfig{Groups: 2, DataFormat: f}),
				ops.Upsample(s, x[0], ops.UpsampleConfig{DataFormat: f}), ops.DepthToSpace(s, x[0], 2, ops.DepthToSpaceConfig{DataFormat: f})}
		}},
		exportCase{"blocks", []fed{anyOf(2, 4, 6, 8)}, func(s *graph.Scope, x nodes) nodes {
			shuffle := ops.DepthToSpaceConfig{PixelShuffle: true}
			return nodes{ops.DepthToSpace(s, x[0], 2, ops.DepthToSpaceConfig{}), ops.DepthToSpace(s, x[0], 2, shuffle), ops.SpaceToDepth(s, x[0], 2, ops.DepthToSpaceConfig{}),
				ops.SpaceToDepth(s, x[0], 2, shuffle)}
		}},
		exportCase{"resized", []fed{anyOf(2, 4, 6, 3)}, func(s *graph.Scope, x nodes) nodes {
			var out nodes
			for _, cfg := range []ops.ResizeConfig{{}, {AlignCorners: true}, {HalfPixelCenters: true}} {
				out = append(out, ops.ResizeBilinear(s, x[0], 7, 9, cfg), ops.ResizeNearest(s, x[0], 7, 9, cfg), ops.ResizeNearest(s, x[0], 2, 3, cfg))
			}
			return append(out, ops.Upsample(s, x[0], ops.UpsampleConfig{}), ops.Upsample(s, x[0], ops.UpsampleConfig{Scale: [2]int{3, 2}, Bilinear: true}))
		}},
		exportCase{"resized like", []fed{anyOf(2, 4, 6, 3), anyOf(2, 7, 9, 1), anyOf(2, 3, 4, 6), anyOf(2, 1, 7, 9)}, func(s *graph.Scope, x nodes) nodes {
			first := ops.ResizeConfig{DataFormat: ops.ChannelsFirst}
			return nodes{ops.ResizeBilinearLike(s, x[0], x[1], ops.ResizeConfig{HalfPixelCenters: true}), ops.ResizeNearestLike(s, x[0], x[1], ops.ResizeConfig{}),
				ops.ResizeBilinearLike(s, x[2], x[3], first), ops.ResizeNearestLike(s, x[2], x[3], first)}
		}},
		exportCase{"norms", []fed{anyOf(2, 4, 5, 6), anyOf(3, 6), anyOf(2, 5, 6)}, func(s *graph.Scope, x nodes) nodes {
			var out nodes
			for i, v := range x {
				s := s.Sub([]string{"images", "rows", "sequences"}[i])
				out = append(out, ops.BatchNorm(s.Sub("a"), v, nil, ops.BatchNormConfig{}), ops.LayerNorm(s.Sub("b"), v, ops.LayerNormConfig{Epsilon: 1e-5}),
					ops.GroupNorm(s.Sub("c"), v, ops.GroupNormConfig{Groups: 3, Epsilon: 1e-5}), ops.BatchNorm(s.Sub("d"), v, graph.Const(s, true), ops.BatchNormConfig{}))
			}
			return append(out, ops.InstanceNorm(s.Sub("e"), x[0], ops.InstanceNormConfig{}), ops.LayerNorm(s.Sub("f"), x[0], ops.LayerNormConfig{BeginNormAxis: 1, Epsilon: 1e-5}),
				ops.LRN(s, x[0], ops.LRNConfig{DepthRadius: 2, Bias: 1, Alpha: 0.2, Beta: 0.6}))
		}},
		exportCase{"branches", []fed{anyOf(3, 4)}, func(s *graph.Scope, x nodes) nodes {
			training := graph.Placeholder(s, "training", tensor.Bool)
			learning := graph.PlaceholderWithDefault(s, "learning", true)
			y := ops.Dropout(s, x[0], 0.5, training)
			side := func(by float64) func(s *graph.Scope) *gorgonia.Node {
				return func(s *graph.Scope) *gorgonia.Node { return ops.Scale(s, y, by) }
			}
			return nodes{y, ops.Cond(s, learning, side(2), side(3)), ops.Cond(s, ops.Less(s, ops.Mean(s, x[0]), graph.ConstOf(s, x[0].Dtype(), 0.0)), side(2), side(3))}
		}})
}
