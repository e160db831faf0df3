package plots

import "github.com/pkg/errors"

// maxSide bounds the sides of a picture in points, so that a PNG fits in memory.
const maxSide = 10000

// sizeOr is the size that a configuration asks for, or the default where it says 0.
func sizeOr(width, height, defaultWidth, defaultHeight int) (w, h int, err error) {
	w, h = width, height
	if w == 0 {
		w = defaultWidth
	}
	if h == 0 {
		h = defaultHeight
	}
	if w < minWidth || h < minHeight || w > maxSide || h > maxSide {
		return 0, 0, errors.Errorf("a size of %d x %d points; the least is %d x %d, the most %d x %d", w, h, minWidth, minHeight, maxSide, maxSide)
	}
	return w, h, nil
}

const minWidth, minHeight = 160, 120
