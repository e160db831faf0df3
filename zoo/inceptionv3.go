package zoo

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
)

// InceptionV3 convolves by several factorised kernels side by side: Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the inception architecture for
// computer vision" (2015), table 1. Layers have the names of TF-slim's inception_v3 and of torchvision.models.inception_v3, variables and branches torchvision's.
//
//	endpoint               layer                                          299 x 299 x 3
//	Conv2d_1a_3x3          conv 3x3, stride 2, 32                         149 x 149 x 32
//	Conv2d_2a_3x3          conv 3x3, 32                                   147 x 147 x 32
//	Conv2d_2b_3x3          conv 3x3, padded, 64                           147 x 147 x 64
//	maxpool1               max pool 3x3, stride 2                         73 x 73 x 64
//	Conv2d_3b_1x1          conv 1x1, 80                                   73 x 73 x 80
//	Conv2d_4a_3x3          conv 3x3, 192                                  71 x 71 x 192
//	maxpool2               max pool 3x3, stride 2                         35 x 35 x 192
//	Mixed_5b               1x1, 5x5, twice 3x3, pool                      35 x 35 x 256
//	Mixed_5c, Mixed_5d     the same, of wider pools                       35 x 35 x 288
//	Mixed_6a               3x3 and twice 3x3, stride 2, pool              17 x 17 x 768
//	Mixed_6b ... Mixed_6e  1x1, 7x7, twice 7x7, pool                      17 x 17 x 768
//	AuxLogits              with Auxiliary: average pool 5x5, stride 3;    1000
//	                       conv 1x1, 128; conv 5x5, 768; dense 1000
//	Mixed_7a               3x3 and 7x7, 3x3, stride 2, pool               8 x 8 x 1280
//	Mixed_7b, Mixed_7c     1x1, 3x3, 3x3 and 3x3, pool                    8 x 8 x 2048
//	avgpool                global average pool                            2048
//	fc                     dropout .5, dense 1000: logits                 1000
//
// Kernels of 7x7 are one of 1x7 and one of 7x1. Batch norm (epsilon .001) and ReLU follow every convolution, and their result is its endpoint, as
// Mixed_5b/branch5x5_2. gamma is 1 in the weights of TF-slim and Keras, which have none.
//
// Auxiliary adds the classifier whose loss, times .4 or .3, is added to that of the output in training; torchvision counts its parameters, but does
// without it in inference. Unlike the rest of the network it wants images of 299 pixels or more.
//
// x is float, [batch, height, width, channels] with channels known; images have 75 pixels or more either way. With NoTop the network ends with Mixed_7c. The
// average pools of the blocks leave the padding out of the mean; so do TF-slim and Keras, which is the same as Original. The port
// Torchvision, as which Timm computes, counts it, as zeros. Kernels are drawn as torchvision's, truncated normals of .1, in AuxLogits/conv1 of .01 and AuxLogits/fc of .001.
func InceptionV3(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	auxiliary := cfg.Auxiliary
	cfg.Auxiliary = false // which newNet refuses
	n, h := newNet(s, "Inception v3", x, cfg, 1000, false,
		published{Keras, Original, kerasInceptionV3, 0.99}, published{Torchvision, Torchvision, torchvisionInceptionV3, 0},
		published{Timm, Torchvision, torchvisionInceptionV3, 0}, published{TFSlim, Original, slimInceptionV3, 0.9997})
	n.norm = ops.BatchNormConfig{Momentum: 0.9, Epsilon: 1e-3}
	n.model.cfg.Auxiliary = auxiliary
	if auxiliary && cfg.NoTop {
		h = s.Failf("Inception v3", gorgonia.Nodes{h}, "Auxiliary is set, but NoTop leaves classifiers out; want one of the two")
	}
	top := inception{n, s}
	h = top.conv("Conv2d_1a_3x3", h, 32, square(3), ops.Conv2DConfig{Strides: square(2)})
	h = top.conv("Conv2d_2a_3x3", h, 32, square(3), ops.Conv2DConfig{})
	h = top.conv("Conv2d_2b_3x3", h, 64, square(3), ops.Conv2DConfig{Padding: ops.Same})
	h = n.end(s.Sub("maxpool1"), maxPool3(s.Sub("maxpool1"), h))
	h = top.conv("Conv2d_3b_1x1", h, 80, square(1), ops.Conv2DConfig{})
	h = top.conv("Conv2d_4a_3x3", h, 192, square(3), ops.Conv2DConfig{})
	h = n.end(s.Sub("maxpool2"), maxPool3(s.Sub("maxpool2"), h))
	mixed := func(name string) inception { return inception{n, s.Sub(name)} }
	h = mixed("Mixed_5b").blockA(h, 32)
	h = mixed("Mixed_5c").blockA(h, 64)
	h = mixed("Mixed_5d").blockA(h, 64)
	h = mixed("Mixed_6a").blockB(h)
	h = mixed("Mixed_6b").blockC(h, 128)
	h = mixed("Mixed_6c").blockC(h, 160)
	h = mixed("Mixed_6d").blockC(h, 160)
	h = mixed("Mixed_6e").blockC(h, 192)
	if auxiliary {
		mixed("AuxLogits").auxiliary(h)
	}
	h = mixed("Mixed_7a").blockD(h)
	h = mixed("Mixed_7b").blockE(h)
	h = mixed("Mixed_7c").blockE(h)
	if cfg.NoTop {
		return n.built(h)
	}
	avgpool, fc := s.Sub("avgpool"), s.Sub("fc")
	h = n.end(avgpool, ops.GlobalAvgPool(avgpool, h, ops.GlobalPoolConfig{}))
	h = ops.Dropout(fc, h, 0.5, cfg.Training)
	return n.built(n.end(fc, n.dense(fc, h, n.cfg.Classes, ops.DenseConfig{Kernel: initializers.TruncatedNormal(0, 0.1)})))
}

// inception is a block of Inception v3 in its scope.
type inception struct {
	*net
	s *graph.Scope
}

// conv is convolution, batch norm, and ReLU.
func (b inception) conv(name string, x *gorgonia.Node, filters int, size [2]int, cfg ops.Conv2DConfig) *gorgonia.Node {
	l := b.s.Sub(name)
	if cfg.Kernel == nil {
		cfg.Kernel = initializers.TruncatedNormal(0, 0.1)
	}
	return b.end(l, ops.ReLU(l, b.convNorm(l.Sub("conv"), l.Sub("bn"), x, filters, size, cfg)))
}

// same is a convolution that keeps the size of the image.
func (b inception) same(name string, x *gorgonia.Node, filters, height, width int) *gorgonia.Node {
	return b.conv(name, x, filters, [2]int{height, width}, ops.Conv2DConfig{Padding: ops.Same})
}

// halving is a convolution of stride 2.
func (b inception) halving(name string, x *gorgonia.Node, filters int) *gorgonia.Node {
	return b.conv(name, x, filters, square(3), ops.Conv2DConfig{Strides: square(2)})
}

// pool takes means over the neighbourhood of each pixel, and a convolution of them.
func (b inception) pool(x *gorgonia.Node, filters int) *gorgonia.Node {
	l := b.s.Sub("branch_pool")
	x = ops.AvgPool2D(l, x, ops.AvgPool2DConfig{Size: square(3), Strides: square(1), Pads: padded(1), CountPadding: b.port.alike == Torchvision})
	return b.same("branch_pool", x, filters, 1, 1)
}

// join ends the block.
func (b inception) join(branches ...*gorgonia.Node) *gorgonia.Node {
	return b.end(b.s, ops.Concat(b.s, 3, branches...))
}

func maxPool3(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	return ops.MaxPool2D(s, x, ops.MaxPool2DConfig{Size: square(3), Strides: square(2)})
}

// blockA is figure 5 of the paper.
func (b inception) blockA(x *gorgonia.Node, pooled int) *gorgonia.Node {
	one := b.same("branch1x1", x, 64, 1, 1)
	five := b.same("branch5x5_1", x, 48, 1, 1)
	five = b.same("branch5x5_2", five, 64, 5, 5)
	three := b.same("branch3x3dbl_1", x, 64, 1, 1)
	three = b.same("branch3x3dbl_2", three, 96, 3, 3)
	three = b.same("branch3x3dbl_3", three, 96, 3, 3)
	return b.join(one, five, three, b.pool(x, pooled))
}

// blockB is figure 10, for smaller images.
func (b inception) blockB(x *gorgonia.Node) *gorgonia.Node {
	once := b.halving("branch3x3", x, 384)
	twice := b.same("branch3x3dbl_1", x, 64, 1, 1)
	twice = b.same("branch3x3dbl_2", twice, 96, 3, 3)
	twice = b.halving("branch3x3dbl_3", twice, 96)
	return b.join(once, twice, maxPool3(b.s, x))
}

// blockC is figure 6, with so many channels between the kernels.
func (b inception) blockC(x *gorgonia.Node, between int) *gorgonia.Node {
	one := b.same("branch1x1", x, 192, 1, 1)
	once := b.same("branch7x7_1", x, between, 1, 1)
	once = b.same("branch7x7_2", once, between, 1, 7)
	once = b.same("branch7x7_3", once, 192, 7, 1)
	twice := b.same("branch7x7dbl_1", x, between, 1, 1)
	twice = b.same("branch7x7dbl_2", twice, between, 7, 1)
	twice = b.same("branch7x7dbl_3", twice, between, 1, 7)
	twice = b.same("branch7x7dbl_4", twice, between, 7, 1)
	twice = b.same("branch7x7dbl_5", twice, 192, 1, 7)
	return b.join(one, once, twice, b.pool(x, 192))
}

// blockD is blockB with the kernels of blockC in one branch.
func (b inception) blockD(x *gorgonia.Node) *gorgonia.Node {
	three := b.same("branch3x3_1", x, 192, 1, 1)
	three = b.halving("branch3x3_2", three, 320)
	seven := b.same("branch7x7x3_1", x, 192, 1, 1)
	seven = b.same("branch7x7x3_2", seven, 192, 1, 7)
	seven = b.same("branch7x7x3_3", seven, 192, 7, 1)
	seven = b.halving("branch7x7x3_4", seven, 192)
	return b.join(three, seven, maxPool3(b.s, x))
}

// blockE is figure 7: its last kernels are side by side, too.
func (b inception) blockE(x *gorgonia.Node) *gorgonia.Node {
	one := b.same("branch1x1", x, 320, 1, 1)
	once := b.same("branch3x3_1", x, 384, 1, 1)
	across, down := b.same("branch3x3_2a", once, 384, 1, 3), b.same("branch3x3_2b", once, 384, 3, 1)
	twice := b.same("branch3x3dbl_1", x, 448, 1, 1)
	twice = b.same("branch3x3dbl_2", twice, 384, 3, 3)
	across2, down2 := b.same("branch3x3dbl_3a", twice, 384, 1, 3), b.same("branch3x3dbl_3b", twice, 384, 3, 1)
	return b.join(one, across, down, across2, down2, b.pool(x, 192))
}

// auxiliary classifies by the maps x in the middle of the network.
func (b inception) auxiliary(x *gorgonia.Node) {
	x = ops.AvgPool2D(b.s, x, ops.AvgPool2DConfig{Size: square(5), Strides: square(3)})
	x = b.same("conv0", x, 128, 1, 1)
	x = b.conv("conv1", x, 768, square(5), ops.Conv2DConfig{Kernel: initializers.TruncatedNormal(0, 0.01)})
	x = ops.GlobalAvgPool(b.s, x, ops.GlobalPoolConfig{})
	b.end(b.s, b.dense(b.s.Sub("fc"), x, b.net.cfg.Classes, ops.DenseConfig{Kernel: initializers.TruncatedNormal(0, 0.001)}))
}
