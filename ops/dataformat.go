package ops

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// DataFormat says where a batch of images has its channels; the names are
// TensorFlow's.
type DataFormat int

const (
	// NHWC is [batch, height, width, channels], TensorFlow's default and ours.
	NHWC DataFormat = iota
	// NCHW is [batch, channels, height, width], PyTorch's layout.
	NCHW
)

// String returns "NHWC" or "NCHW".
func (f DataFormat) String() string {
	switch f {
	case NHWC:
		return "NHWC"
	case NCHW:
		return "NCHW"
	}
	return fmt.Sprintf("DataFormat(%d)", int(f))
}

// images are the sizes of a batch of images; unknown ones are -1.
type images struct{ n, h, w, c int }

// imagesOf reads the sizes of a batch of images in format f.
func (f DataFormat) imagesOf(x graph.Spec) (images, error) {
	if f != NHWC && f != NCHW {
		return images{}, errors.Errorf("DataFormat is %v; want ops.NHWC or ops.NCHW", f)
	}
	if x.Rank() != 4 {
		layout := "batch, height, width, channels"
		if f == NCHW {
			layout = "batch, channels, height, width"
		}
		return images{}, errors.Errorf("x is %v; want rank 4, [%s] (DataFormat is %v)", x, layout, f)
	}
	d := x.Shape
	if f == NCHW {
		return images{d[0], d[2], d[3], d[1]}, nil
	}
	return images{d[0], d[1], d[2], d[3]}, nil
}

// shape is the inverse of imagesOf.
func (f DataFormat) shape(m images) tensor.Shape {
	if f == NCHW {
		return tensor.Shape{m.n, m.c, m.h, m.w}
	}
	return tensor.Shape{m.n, m.h, m.w, m.c}
}

// spatial lists the axes of height and width.
func (f DataFormat) spatial() []int {
	if f == NCHW {
		return []int{2, 3}
	}
	return []int{1, 2}
}

// channels is the axis of the channels in a tensor of that rank, 2 or more:
// [batch, ..., channels] or [batch, channels, ...].
func (f DataFormat) channels(rank int) int {
	if f == NCHW {
		return 1
	}
	return rank - 1
}
