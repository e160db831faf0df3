package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// ResNet20 is the residual network of 20 layers for CIFAR-10 of He, Zhang, Ren and Sun, "Deep residual learning for image
// recognition" (2015), section 4.2, as the repository akamaster/pytorch_resnet_cifar10 has it.
//
//	endpoint                layer                                          32 x 32 x 3
//	conv1                   conv 3x3, 16, pad 1, batch norm, ReLU          32 x 32 x 16
//	layer1/0 to layer1/2    blocks of 16                                   32 x 32 x 16
//	layer2/0 to layer2/2    blocks of 32, the first with stride 2          16 x 16 x 32
//	layer3/0 to layer3/2    blocks of 64, the first with stride 2          8 x 8 x 64
//	avgpool                 global average pool                            64
//	linear                  dense 10: logits                               10
//
// Blocks are those of ResNet18, but for the shortcut where the shape changes, the paper's option A, which learns nothing: every
// second pixel of every second row, between as many channels of zeros before as behind (endpoint layer2/0/shortcut). The end of a
// stage is called layer1 to layer3 as well. Batch norm has epsilon 1e-5 and momentum .9; convolutions have no bias.
//
// x is float, [batch, height, width, channels] with channels known, of any size. NoTop ends with layer3. All kernels are drawn by
// He's rule.
func ResNet20(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model { return resNetCIFAR(s, x, cfg, 3) }

// ResNet32 is ResNet20 with five blocks in each stage.
func ResNet32(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model { return resNetCIFAR(s, x, cfg, 5) }

// ResNet44 is ResNet20 with seven blocks in each stage.
func ResNet44(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model { return resNetCIFAR(s, x, cfg, 7) }

// ResNet56 is ResNet20 with nine blocks in each stage.
func ResNet56(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model { return resNetCIFAR(s, x, cfg, 9) }

// ResNet110 is ResNet20 with 18 blocks in each stage.
func ResNet110(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return resNetCIFAR(s, x, cfg, 18)
}

// resNetCIFAR has so many blocks in each stage.
func resNetCIFAR(s *graph.Scope, x *gorgonia.Node, cfg Config, blocks int) *Model {
	n, h := newNet(s, fmt.Sprintf("ResNet-%d", 6*blocks+2), x, cfg, 10, false)
	n.norm = ops.BatchNormConfig{Momentum: 0.9, Epsilon: 1e-5}
	he := initializers.VarianceScaling(initializers.VarianceScalingConfig{Scale: 2, Distribution: initializers.NormalDistribution})
	r := &residual{net: n, in: 16, kernel: he}
	r.block, r.shortcut = r.basic, r.subsample
	h = r.convNorm(s, "1", h, r.in, 3, ops.Conv2DConfig{}, ops.ReLU)
	for i := range 3 {
		h = r.stage(i+1, h, blocks, 16<<i, min(i+1, 2))
	}
	if cfg.NoTop {
		return n.built(h)
	}
	l := s.Sub("avgpool")
	h = n.end(l, ops.GlobalAvgPool(l, h, ops.GlobalPoolConfig{}))
	l = s.Sub("linear")
	return n.built(n.end(l, n.dense(l, h, n.cfg.Classes, ops.DenseConfig{Kernel: he})))
}

// subsample takes pixels a stride apart and adds channels of zeros.
func (r *residual) subsample(s *graph.Scope, x *gorgonia.Node, out, stride int) *gorgonia.Node {
	l := s.Sub("shortcut")
	h := ops.StridedSlice(l, x, nil, nil, []int{1, stride, stride})
	zeros := (out - r.in) / 2
	return r.end(l, ops.Pad(l, h, [][2]int{{}, {}, {}, {zeros, zeros}}, 0))
}
