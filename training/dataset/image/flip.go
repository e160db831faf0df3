package image

// mirrorX exchanges left and right in place.
func (g grid) mirrorX(pix []float32) {
	if g.plane == 1 && g.c > 1 {
		for y := range g.h {
			for i, j := y*g.row, (y+1)*g.row-g.c; i < j; i, j = i+g.c, j-g.c {
				for ch := range g.c {
					pix[i+ch], pix[j+ch] = pix[j+ch], pix[i+ch]
				}
			}
		}
		return
	}
	for row := 0; row < g.len(); row += g.w { // one channel, or planes
		line := pix[row : row+g.w]
		for i, j := 0, g.w-1; i < j; i, j = i+1, j-1 {
			line[i], line[j] = line[j], line[i]
		}
	}
}

// mirrorY exchanges top and bottom in place.
func (g grid) mirrorY(pix []float32) {
	planes, step := g.lines()
	length := g.w * step
	for p := range planes {
		plane := pix[p*g.h*length:]
		for i, j := 0, g.h-1; i < j; i, j = i+1, j-1 {
			a, b := plane[i*length:(i+1)*length], plane[j*length:(j+1)*length]
			for k, v := range a {
				a[k], b[k] = b[k], v
			}
		}
	}
}
