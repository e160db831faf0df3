package image

import (
	"cmp"

	"github.com/plexaura/plexaura/training/dataset"
)

// ToCHW changes [height, width, channels] to [channels, height, width], PyTorch's layout; [height, width] becomes [1, height, width], and [n] is
// a square of one channel. A picture in that layout stays as it is.
func ToCHW() dataset.Transform { return relayout("ToCHW", CHW) }

// ToHWC changes [channels, height, width] to [height, width, channels], TensorFlow's layout; [height, width] becomes [height, width, 1], and [n]
// is a square of one channel. A picture in that layout stays as it is.
func ToHWC() dataset.Transform { return relayout("ToHWC", HWC) }

func relayout(name string, l Layout) dataset.Transform {
	return transform(name, nil, func(p *picture, s *scratch) {
		if has := p.form == chw; p.c > 1 && has != (l == CHW) {
			p.copyTo(gridOf(p.h, p.w, p.c, l), p.X, s.keep(p.X))
		}
		if l == CHW {
			p.Shape = append(p.Shape[:0], p.c, p.h, p.w)
		} else {
			p.Shape = append(p.Shape[:0], p.h, p.w, p.c)
		}
	})
}

// ResizeTo gives each picture another size, each side stretched by itself. Image.Resize says how; r is the convention.
func ResizeTo(height, width int, r Resampling) dataset.Transform {
	return transform("ResizeTo", cmp.Or(checkSides(height, width), r.check()), func(p *picture, s *scratch) {
		if p.h == height && p.w == width {
			return
		}
		from, src := p.grid, s.keep(p.X)
		p.resizeTo(height, width)
		s.run(r, p.X, p.grid, src, from)
	})
}
