// Package boxes holds boxes around things in pictures, which is what a detector gives:
// how much two overlap, which of many around one thing to keep, how they look.
package boxes

// Box is an upright rectangle around a thing, and what the thing is.
type Box struct {
	// The sides, x growing to the right and y downwards: pixels of a picture, whose first one reaches from 0 to
	// 1, or shares of its width and height.
	Left, Top, Right, Bottom float64

	Class       int     // of the thing
	Probability float64 // that there is such a thing
}

// Width is the length along x, 0 of a box whose right side is left of its left one.
func (b Box) Width() float64 { return max(0, b.Right-b.Left) }

// Height is the length along y, 0 of a box whose bottom is above its top.
func (b Box) Height() float64 { return max(0, b.Bottom-b.Top) }

// Area is Width times Height.
func (b Box) Area() float64 { return b.Width() * b.Height() }

// Scaled returns the box with x multiplied by width and y by height, as from shares of a picture to its pixels.
func (b Box) Scaled(width, height float64) Box {
	b.Left, b.Right = b.Left*width, b.Right*width
	b.Top, b.Bottom = b.Top*height, b.Bottom*height
	return b
}

// Clipped returns the part of the box that lies within a picture of that size.
func (b Box) Clipped(width, height float64) Box {
	b.Left, b.Right = within(b.Left, width), within(b.Right, width)
	b.Top, b.Bottom = within(b.Top, height), within(b.Bottom, height)
	return b
}

func within(v, most float64) float64 { return min(max(v, 0), most) }

// IoU is the intersection of two boxes over their union, the Jaccard index: 1 where they are equal, 0 where they
// do not meet, or both are empty. torchvision.ops.box_iou.
func IoU(a, b Box) float64 {
	shared := Box{Left: max(a.Left, b.Left), Top: max(a.Top, b.Top), Right: min(a.Right, b.Right), Bottom: min(a.Bottom, b.Bottom)}.Area()
	if shared == 0 {
		return 0
	}
	return shared / (a.Area() + b.Area() - shared)
}
