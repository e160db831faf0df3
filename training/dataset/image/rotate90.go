package image

import "github.com/plexaura/plexaura/training/dataset"

// Rotate90 turns a picture by so many quarters of a full turn, counterclockwise; negative ones turn clockwise. No value is lost or
// changed: height and width are exchanged by an odd number. tf.image.rot90; numpy.rot90. Package transfer/corrupt makes a task of telling by how many a
// picture was turned.
func Rotate90(quarters int) dataset.Transform {
	k := quarters & 3
	return transform("Rotate90", nil, func(p *picture, s *scratch) {
		if k == 0 {
			return
		}
		from, src := p.grid, s.keep(p.X)
		if k != 2 {
			p.resizeTo(from.w, from.h)
		}
		for y := range p.h {
			for x := range p.w {
				at := y*p.row + x*p.col
				var of int
				switch k {
				case 1:
					of = x*from.row + (from.w-1-y)*from.col
				case 2:
					of = (from.h-1-y)*from.row + (from.w-1-x)*from.col
				default:
					of = (from.h-1-x)*from.row + y*from.col
				}
				for ch := range p.c {
					p.X[at+ch*p.plane] = src[of+ch*from.plane]
				}
			}
		}
	})
}
