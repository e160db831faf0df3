package zoo

import (
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/transfer/darknet"
)

// TinyYOLOv3 is the small detector of Redmon and Farhadi, "YOLOv3: an incremental improvement" (2018), for the 80 classes of COCO: Darknet's
// yolov3-tiny.cfg, whose layers it names by their numbers.
//
//	endpoint                     layer                                               416 x 416 x 3
//	conv0 ... conv12             those of TinyYOLOv2                                 13 x 13 x 1024
//	conv13                       conv 1x1, 256, batch norm, leaky ReLU               13 x 13 x 256
//	conv14                       conv 3x3, 512, batch norm, leaky ReLU               13 x 13 x 512
//	conv15                       conv 1x1: three large boxes                         13 x 13 x 255
//	conv18                       of conv13: conv 1x1, 128, batch norm, leaky ReLU    13 x 13 x 128
//	upsample19                   twice as large, pixels repeated                     26 x 26 x 128
//	route20                      that and conv8                                      26 x 26 x 384
//	conv21                       conv 3x3, 256, batch norm, leaky ReLU               26 x 26 x 256
//	conv22                       conv 1x1: three small boxes                         26 x 26 x 255
//
// x is float, [batch, height, width, channels] with channels known, values of 0 to 1; sizes are multiples of 32. conv15 and conv22, which is the Output,
// have 3 * (5 + Classes) channels, of which TinyYOLOv3Heads makes boxes. With NoTop it ends with conv13. For the rest see TinyYOLOv2.
func TinyYOLOv3(s *graph.Scope, x *gorgonia.Node, cfg Config) *Model {
	y, h := newTinyYOLO(s, "Tiny-YOLO v3", x, cfg, 80)
	h = y.conv(13, y.backbone(h), 256, 1)
	if cfg.NoTop {
		return y.built(h)
	}
	y.boxes(15, y.conv(14, h, 512, 3), 3)
	h = y.conv(18, h, 128, 1)
	up, route := s.Sub("upsample19"), s.Sub("route20")
	h = y.end(up, ops.Upsample(up, h, ops.UpsampleConfig{}))
	h = y.end(route, ops.Concat(route, 3, h, y.model.Endpoint("conv8")))
	h = y.conv(21, h, 256, 3)
	return y.built(y.boxes(22, h, 3))
}

// TinyYOLOv3Heads says what the endpoints conv15 and conv22 of TinyYOLOv3 mean; classes as Config has them, 0
// for 80.
func TinyYOLOv3Heads(classes int) []darknet.Head {
	if classes == 0 {
		classes = 80
	}
	return []darknet.Head{
		{Layer: "conv15", Anchors: [][2]float64{{81, 82}, {135, 169}, {344, 319}}, Classes: classes},
		{Layer: "conv22", Anchors: [][2]float64{{10, 14}, {23, 27}, {37, 58}}, Classes: classes},
	}
}
