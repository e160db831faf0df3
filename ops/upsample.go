package ops

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// UpsampleConfig configures Upsample. The zero value doubles height and width by
// repeating pixels.
type UpsampleConfig struct {
	Scale [2]int // how many times height and width: default {2, 2}

	// Bilinear interpolates between pixels, as ResizeBilinear with
	// HalfPixelCenters does, or with AlignCorners where that is set.
	Bilinear     bool
	AlignCorners bool // only with Bilinear

	DataFormat DataFormat // default ChannelsLast
}

// Upsample makes images a whole number of times as high and as wide.
//
//	NHWC [batch, h, w, channels] -> [batch, h*scale, w*scale, channels]
//
// x is float32 or float64 of rank 4; sizes may be unknown. The gradient of the
// repeating form is the sum over the repetitions.
//
// TF: tf.keras.layers.UpSampling2D. PyTorch: torch.nn.Upsample. Dtypes: float. Gradient: yes.
func Upsample(s *graph.Scope, x *gorgonia.Node, cfg UpsampleConfig) *gorgonia.Node {
	if cfg.Scale == [2]int{} {
		cfg.Scale = [2]int{2, 2}
	}
	p := resize{name: "Upsample", scale: cfg.Scale, bilinear: cfg.Bilinear}
	p.DataFormat, p.AlignCorners, p.HalfPixelCenters = cfg.DataFormat, cfg.AlignCorners, !cfg.AlignCorners
	switch {
	case x == nil:
		return s.Failf(p.name, nil, "x is nil")
	case cfg.AlignCorners && !cfg.Bilinear:
		return s.Failf(p.name, gorgonia.Nodes{x}, "AlignCorners is set without Bilinear; want both or none")
	case cfg.Scale[0] < 1 || cfg.Scale[1] < 1:
		return s.Failf(p.name, gorgonia.Nodes{x}, "Scale is %v; want positive numbers (ops.ResizeBilinear makes images smaller)", cfg.Scale)
	}
	return p.apply(s, x)
}
