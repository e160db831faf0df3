package zoo

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/initializers"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/darknet"
)

// TinyYOLOv2 is the small detector of Redmon and Farhadi, "YOLO9000: better, faster, stronger" (2016), for the 20 classes of Pascal VOC:
// Darknet's yolov2-tiny-voc.cfg, whose layers it names by their numbers.
//
//	endpoint                     layer                                               416 x 416 x 3
//	conv0, maxpool1              conv 3x3, 16, batch norm, leaky ReLU; pool 2x2/2    208 x 208 x 16
//	conv2, maxpool3              the same with 32                                    104 x 104 x 32
//	conv4, maxpool5              64                                                  52 x 52 x 64
//	conv6, maxpool7              128                                                 26 x 26 x 128
//	conv8, maxpool9              256                                                 13 x 13 x 256
//	conv10, maxpool11            512; pool 2x2/1                                     13 x 13 x 512
//	conv12                       conv 3x3, 1024, batch norm, leaky ReLU              13 x 13 x 1024
//	conv13                       the same                                            13 x 13 x 1024
//	conv14                       conv 1x1: five boxes                                13 x 13 x 125
//
// x is float, [batch, height, width, channels] with channels known, values of 0 to 1; sizes are multiples of 32
// where cells are to be square. The output has 5 * (5 + Classes) channels, of which TinyYOLOv2Heads makes boxes. With NoTop it ends with conv13. darknet.LoadFile gives its Variables
// the values of a .weights file. Kernels are drawn by He's rule. In training Darknet's batch norm divides by the unbiased variance, this one by the biased one.
func TinyYOLOv2(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return tinyYOLOv2(s, "Tiny-YOLO v2", x, cfg, 20, 1024)
}

// TinyYOLOv2COCO is TinyYOLOv2 for the 80 classes of COCO, Darknet's yolov2-tiny.cfg: conv13 has 512 channels,
// conv14 425, and the anchors are others.
func TinyYOLOv2COCO(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	return tinyYOLOv2(s, "Tiny-YOLO v2 COCO", x, cfg, 80, 512)
}

// TinyYOLOv2Heads says what the output of TinyYOLOv2 means; classes as Config has them, 0 for 20.
func TinyYOLOv2Heads(classes int) []darknet.Head {
	return tinyYOLOv2Heads(classes, 20, [][2]float64{{1.08, 1.19}, {3.42, 4.41}, {6.63, 11.38}, {9.42, 5.11}, {16.62, 10.52}})
}

// TinyYOLOv2COCOHeads says what the output of TinyYOLOv2COCO means; classes as Config has them, 0 for 80.
func TinyYOLOv2COCOHeads(classes int) []darknet.Head {
	return tinyYOLOv2Heads(classes, 80, [][2]float64{{0.57273, 0.677385}, {1.87446, 2.06253}, {3.33843, 5.47434}, {7.88282, 3.52778}, {9.77052, 9.16828}})
}

func tinyYOLOv2Heads(classes, published int, anchors [][2]float64) []darknet.Head {
	if classes == 0 {
		classes = published
	}
	return []darknet.Head{{Layer: "conv14", Anchors: anchors, InCells: true, Classes: classes, Softmax: true}}
}

func tinyYOLOv2(s *graph.Scope, name string, x *gorgonia.Node, cfg Config, classes, filters int) *Model {
	y, h := newTinyYOLO(s, name, x, cfg, classes)
	h = y.backbone(h)
	h = y.conv(13, h, filters, 3)
	if cfg.NoTop {
		return y.built(h)
	}
	return y.built(y.boxes(14, h, 5))
}

// tinyYOLO is one of the tiny networks under construction.
type tinyYOLO struct {
	*net
	s *graph.Scope
}

func newTinyYOLO(s *graph.Scope, name string, x *gorgonia.Node, cfg Config, classes int) (tinyYOLO, *gorgonia.Node) {
	n, x := newNet(s, name, x, cfg, classes, false)
	n.norm = ops.BatchNormConfig{Momentum: 0.99, Epsilon: darknet.Epsilon}
	return tinyYOLO{n, s}, x
}

// backbone is layers 0 to 12, which v2 and v3 have in common.
func (y tinyYOLO) backbone(h *gorgonia.Node) *gorgonia.Node {
	for i, filters := range []int{16, 32, 64, 128, 256, 512} {
		h = y.conv(2*i, h, filters, 3)
		l := y.s.Sub(fmt.Sprintf("maxpool%d", 2*i+1))
		pool := ops.MaxPool2DConfig{Pads: [2][2]int{{0, 1}, {0, 1}}} // Darknet's: an odd image has its last row pooled, too
		if i == 5 {
			pool.Strides = [2]int{1, 1}
		}
		h = y.end(l, ops.MaxPool2D(l, h, pool))
	}
	return y.conv(12, h, 1024, 3)
}

// conv is layer number i: a convolution, batch norm and a leaky ReLU.
func (y tinyYOLO) conv(i int, h *gorgonia.Node, filters, size int) *gorgonia.Node {
	l := y.s.Sub(fmt.Sprintf("conv%d", i))
	h = y.net.conv(l, h, filters, square(size), ops.Conv2DConfig{Pads: padded(size / 2), NoBias: true, Kernel: initializers.He()})
	return y.end(l, ops.LeakyReLU(l, y.batchNorm(l, h), 0.1))
}

// boxes is layer number i, which has so many boxes in each cell.
func (y tinyYOLO) boxes(i int, h *gorgonia.Node, each int) *gorgonia.Node {
	l := y.s.Sub(fmt.Sprintf("conv%d", i))
	return y.end(l, y.net.conv(l, h, each*(5+y.cfg.Classes), square(1), ops.Conv2DConfig{Kernel: initializers.He()}))
}
