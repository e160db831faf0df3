package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

// images are the sizes of a batch of images; unknown ones are -1.
type images struct{ n, h, w, c int }

// imagesOf reads the sizes of a batch of images in format f.
func (f DataFormat) imagesOf(x graph.Spec) (images, error) {
	if err := f.check(); err != nil {
		return images{}, err
	}
	if x.Rank() != 4 {
		return images{}, errors.Errorf("x is %v; want rank 4, %s (DataFormat is %v; ops.Reshape and ops.ExpandDims add axes)", x, f.layout(4), f)
	}
	d := x.Shape
	if f == ChannelsFirst {
		return images{d[0], d[2], d[3], d[1]}, nil
	}
	return images{d[0], d[1], d[2], d[3]}, nil
}

// shape is the inverse of imagesOf.
func (f DataFormat) shape(m images) tensor.Shape {
	if f == ChannelsFirst {
		return tensor.Shape{m.n, m.c, m.h, m.w}
	}
	return tensor.Shape{m.n, m.h, m.w, m.c}
}

// spatial lists the axes of height and width.
func (f DataFormat) spatial() []int {
	if f == ChannelsFirst {
		return []int{2, 3}
	}
	return []int{1, 2}
}
