package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Pool1DConfig configures MaxPool1D and AvgPool1D. Fields and defaults are those of
// MaxPool2DConfig and AvgPool2DConfig, along one axis.
type Pool1DConfig struct {
	Size     int // of a window: default 2
	Stride   int // from one window to the next: default Size
	Dilation int // from one element of a window to the next, of MaxPool1D only: default 1

	Padding      Padding // default Valid
	Pads         [2]int  // before and behind, with Valid padding
	CeilMode     bool
	CountPadding bool // of AvgPool1D only

	// DataFormat is ChannelsLast by default, [batch, length, channels]; ChannelsFirst stands for
	// [batch, channels, length].
	DataFormat DataFormat
}

// MaxPool1D is the greatest element of each window of each channel of sequences:
// MaxPool2D with a height of 1.
//
//	NHWC [batch, length, channels] -> [batch, windows, channels]
//
// x is float32 or float64 of rank 3; sizes may be unknown.
//
// TF: tf.layers.max_pooling1d. PyTorch: torch.nn.functional.max_pool1d. Dtypes: float. Gradient: yes.
func MaxPool1D(s *graph.Scope, x *gorgonia.Node, cfg Pool1DConfig) *gorgonia.Node {
	cfg = cfg.filled()
	if cfg.CountPadding {
		return s.Failf("MaxPool1D", gorgonia.Nodes{x}, "CountPadding is set; padding is never a maximum")
	}
	return cfg.pool(s, x, "MaxPool1D", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return MaxPool2D(s, x, MaxPool2DConfig{Size: [2]int{1, cfg.Size}, Strides: [2]int{1, cfg.Stride}, Dilations: [2]int{1, cfg.Dilation},
			Padding: cfg.Padding, Pads: [2][2]int{1: cfg.Pads}, CeilMode: cfg.CeilMode, DataFormat: cfg.DataFormat})
	})
}

// AvgPool1D is the mean of each window of each channel of sequences: AvgPool2D with
// a height of 1.
//
//	NHWC [batch, length, channels] -> [batch, windows, channels]
//
// x is float32 or float64 of rank 3; sizes may be unknown.
//
// TF: tf.layers.average_pooling1d. PyTorch: torch.nn.functional.avg_pool1d. Dtypes: float. Gradient: yes.
func AvgPool1D(s *graph.Scope, x *gorgonia.Node, cfg Pool1DConfig) *gorgonia.Node {
	cfg = cfg.filled()
	if cfg.Dilation != 1 {
		return s.Failf("AvgPool1D", gorgonia.Nodes{x}, "Dilation is %d; want none, which only MaxPool1D has", cfg.Dilation)
	}
	return cfg.pool(s, x, "AvgPool1D", func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return AvgPool2D(s, x, AvgPool2DConfig{Size: [2]int{1, cfg.Size}, Strides: [2]int{1, cfg.Stride},
			Padding: cfg.Padding, Pads: [2][2]int{1: cfg.Pads}, CeilMode: cfg.CeilMode, CountPadding: cfg.CountPadding, DataFormat: cfg.DataFormat})
	})
}

// filled has the defaults in it.
func (cfg Pool1DConfig) filled() Pool1DConfig {
	if cfg.Size == 0 {
		cfg.Size = 2
	}
	if cfg.Stride == 0 {
		cfg.Stride = cfg.Size
	}
	if cfg.Dilation == 0 {
		cfg.Dilation = 1
	}
	return cfg
}

// pool gives sequences a height of 1 while pool2D sees them.
func (cfg Pool1DConfig) pool(s *graph.Scope, x *gorgonia.Node, name string, pool2D func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node) *gorgonia.Node {
	if x == nil {
		return s.Failf(name, nil, "x is nil")
	}
	sp := graph.SpecOf(x)
	var err error
	switch {
	case graph.IsBad(x):
		err = errors.New("x could not be built")
	case !cfg.DataFormat.valid():
		err = cfg.DataFormat.check()
	case sp.Rank() != 3:
		err = errors.Errorf("x is %v; want rank 3, [batch, length, channels], or [batch, channels, length] with ChannelsFirst", sp)
	}
	if err != nil {
		return s.Fail(name, gorgonia.Nodes{x}, sp, err)
	}
	height := cfg.DataFormat.spatial()[0]
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		return Squeeze(s, pool2D(s, ExpandDims(s, x, height)), height)
	})
}
