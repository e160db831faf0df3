package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// ShuffleNetV2 convolves half of the channels and shuffles them with the others: Ma, Zhang, Zheng and Sun, "ShuffleNet V2: practical guidelines for efficient
// CNN architecture design" (2018), table 5. It computes what torchvision.models.shufflenet_v2_x1_0 and its sisters compute, and has their names.
//
//	endpoint               layer                                    224 x 224 x 3
//	conv1                  conv 3x3, stride 2, ReLU                 112 x 112 x 24
//	maxpool                max pool 3x3, stride 2                   56 x 56 x 24
//	stage2/0               unit of stride 2                         28 x 28 x 116
//	stage2/1 ... stage2/3  units                                    28 x 28 x 116
//	stage3/0               unit of stride 2                         14 x 14 x 232
//	stage3/1 ... stage3/7  units                                    14 x 14 x 232
//	stage4/0               unit of stride 2                         7 x 7 x 464
//	stage4/1 ... stage4/3  units                                    7 x 7 x 464
//	conv5                  conv 1x1, ReLU                           7 x 7 x 1024
//	avgpool                global average pool                      1024
//	fc                     dense 1000: logits                       1000
//
// A unit has endpoints for its convolutions too, each after its batch norm and, if any, its ReLU, under the number of that module in
// torchvision: stage2/1/branch2/2 (conv 1x1), stage2/1/branch2/4 (depthwise 3x3) and stage2/1/branch2/7 (conv 1x1); of stride 2 also
// stage2/0/branch1/1 (depthwise 3x3) and stage2/0/branch1/4 (conv 1x1). Width is .5, 1, 1.5 or 2; the stages then have 48, 96 and 192 channels;
// 116, 232 and 464; 176, 352 and 704; or 244, 488 and 976. Of width 2, conv5 has 2048.
//
// x is float, [batch, height, width, channels] with channels known, of any size. With NoTop the network ends with conv5. The authors' code
// shuffles before a unit, not behind it, and so has the channels of its weights in another order. Kernels are drawn as PyTorch does by
// default, uniformly within 1/sqrt(fan-in); the bias begins at zero.
func ShuffleNetV2(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	n, h := newNet(s, "ShuffleNet v2", x, cfg, 1000, true, published{Torchvision, Original, torchvisionShuffleNetV2, 0})
	n.norm = ops.BatchNormConfig{Momentum: 0.9, Epsilon: 1e-5}
	channels, ok := map[float64][3]int{0.5: {48, 96, 192}, 1: {116, 232, 464}, 1.5: {176, 352, 704}, 2: {244, 488, 976}}[n.cfg.Width]
	if !ok {
		h = s.Failf("ShuffleNet v2", gorgonia.Nodes{h}, "Width is %v; want 0.5, 1, 1.5 or 2, which are published", n.cfg.Width)
	}
	relu := func(l *graph.Scope, x *gorgonia.Node) *gorgonia.Node { return n.end(l, ops.ReLU(l, x)) }
	conv1 := s.Sub("conv1")
	h = relu(conv1, n.convNorm(conv1.Sub("0"), conv1.Sub("1"), h, 24, square(3), ops.Conv2DConfig{Strides: square(2), Pads: padded(1), Kernel: uniformFanIn()}))
	maxpool := s.Sub("maxpool")
	h = n.end(maxpool, ops.MaxPool2D(maxpool, h, ops.MaxPool2DConfig{Size: square(3), Strides: square(2), Pads: padded(1)}))
	for i, units := range []int{4, 8, 4} {
		stage := s.Sub(fmt.Sprintf("stage%d", i+2))
		h = n.shuffleDown(stage.Sub("0"), h, channels[i]/2)
		for j := 1; j < units; j++ {
			h = n.shuffleUnit(stage.Sub(fmt.Sprint(j)), h, channels[i]/2)
		}
	}
	last := 1024
	if n.cfg.Width == 2 {
		last = 2048
	}
	conv5 := s.Sub("conv5")
	h = relu(conv5, n.convNorm(conv5.Sub("0"), conv5.Sub("1"), h, last, square(1), ops.Conv2DConfig{Kernel: uniformFanIn()}))
	if cfg.NoTop {
		return n.built(h)
	}
	avgpool, fc := s.Sub("avgpool"), s.Sub("fc")
	h = n.end(avgpool, ops.GlobalAvgPool(avgpool, h, ops.GlobalPoolConfig{}))
	return n.built(n.end(fc, n.dense(fc, h, n.cfg.Classes, ops.DenseConfig{Kernel: uniformFanIn()})))
}

// shuffleUnit leaves half of the channels of x as they are.
func (n *net) shuffleUnit(s *graph.Scope, x *gorgonia.Node, half int) *gorgonia.Node {
	parts := ops.Split(s, x, 2, 3)
	return n.end(s, shuffled(s, parts[0], n.shuffleBranch(s.Sub("branch2"), parts[1], half, 1), half))
}

// shuffleDown halves the image: both halves of the result's channels are convolutions of all of x.
func (n *net) shuffleDown(s *graph.Scope, x *gorgonia.Node, half int) *gorgonia.Node {
	branch := s.Sub("branch1")
	h := n.end(branch.Sub("1"), n.shuffleDepthwise(branch.Sub("0"), branch.Sub("1"), x, 2))
	h = n.shufflePointwise(branch, h, half, 2)
	return n.end(s, shuffled(s, h, n.shuffleBranch(s.Sub("branch2"), x, half, 2), half))
}

// shuffleBranch is what the second half of a unit's channels is computed by.
func (n *net) shuffleBranch(s *graph.Scope, x *gorgonia.Node, half, stride int) *gorgonia.Node {
	h := n.shufflePointwise(s, x, half, 0)
	h = n.end(s.Sub("4"), n.shuffleDepthwise(s.Sub("3"), s.Sub("4"), h, stride))
	return n.shufflePointwise(s, h, half, 5)
}

// shufflePointwise is conv 1x1, batch norm and ReLU, as three modules in a row of which the first has that number.
func (n *net) shufflePointwise(s *graph.Scope, x *gorgonia.Node, filters, first int) *gorgonia.Node {
	conv, norm, relu := s.Sub(fmt.Sprint(first)), s.Sub(fmt.Sprint(first+1)), s.Sub(fmt.Sprint(first+2))
	return n.end(relu, ops.ReLU(relu, n.convNorm(conv, norm, x, filters, square(1), ops.Conv2DConfig{Kernel: uniformFanIn()})))
}

// shuffleDepthwise has a fan-in of 9, as each kernel sees one channel.
func (n *net) shuffleDepthwise(conv, norm *graph.Scope, x *gorgonia.Node, stride int) *gorgonia.Node {
	return n.depthwiseNorm(conv, norm, x, ops.DepthwiseConv2DConfig{Strides: square(stride), Pads: padded(1), Kernel: initializers.RandomUniform(-1./3, 1./3)})
}

// shuffled takes the channels of a and b, so many each, by turns.
func shuffled(s *graph.Scope, a, b *gorgonia.Node, half int) *gorgonia.Node {
	joined := ops.Concat(s, 3, a, b)
	pixels := ops.Reshape(s, joined, -1, 2, half)
	return ops.ReshapeLike(s, ops.Transpose(s, pixels, 0, 2, 1), joined)
}
