package kernel

// Groups of few channels go the way of single ones once their pixels are spread to lanes.

// depthwiseSource is rows of an image from which results are computed, from the first-th on.
type depthwiseSource[T float32 | float64] struct {
	values []T
	first  int
}

// sourceRows returns the rows of the source, [first, last), that the rows [top, bottom) of the
// result see.
func (d *depthwisePass[T]) sourceRows(top, bottom int) (first, last int) {
	reach := (d.Size[0] - 1) * d.Dilation[0]
	if d.stage == inputRows {
		first = max(0, ceilDiv(max(0, top+d.Before[0]-reach), d.Stride[0]))
		return first, min(d.Out[0], (bottom-1+d.Before[0])/d.Stride[0]+1)
	}
	return max(0, top*d.Stride[0]-d.Before[0]), min(d.In[0], (bottom-1)*d.Stride[0]-d.Before[0]+reach+1)
}

// source returns the rows [first, last) of an image, spread where groups have several channels.
func (d *depthwisePass[T]) source(w *convSpace[T], image, first, last int) depthwiseSource[T] {
	size, channels := d.In, d.InChannels
	if d.stage == inputRows {
		size, channels = d.Out, d.OutChannels
	}
	row := size[1] * channels
	from := d.from[image*size[0]*row:][:size[0]*row]
	if !d.spreads() {
		return depthwiseSource[T]{from, 0}
	}
	pixels := max(0, last-first) * size[1]
	w.windows = grown(w.windows, pixels*d.lanes*d.depth)
	if pixels > 0 {
		spreadGroups(w.windows, from[first*row:], pixels, d.Groups, d.depth, d.lanes/d.Groups)
	}
	return depthwiseSource[T]{w.windows, first}
}

// spreadGroups writes, for each pixel and each of a group's depth channels, that channel of every group,
// each so many times:
//
//	dst[((i*depth+c)*groups+j)*times+k] = src[(i*groups+j)*depth+c]
func spreadGroups[T Float](dst, src []T, pixels, groups, depth, times int) {
	lanes := groups * times
	for i := range pixels {
		x := src[i*groups*depth:][:groups*depth]
		for c := range depth {
			to := dst[(i*depth+c)*lanes:][:lanes]
			at := c
			switch times {
			case 1:
				for j := range to {
					to[j] = x[at]
					at += depth
				}
			case 4:
				for len(to) >= 4 {
					v := x[at]
					to[0], to[1], to[2], to[3] = v, v, v, v
					to = to[4:]
					at += depth
				}
			default:
				for len(to) >= times {
					v := x[at]
					for k := range to[:times] {
						to[k] = v
					}
					to = to[times:]
					at += depth
				}
			}
		}
	}
}

// packGroups copies the kernel for the gradient for the images: for each place of a column
// in a stride, in the order in which the gradient meets them along the columns, and with
// the channels of x as lanes:
//
//	[place][kernel row][kernel column][a group's channel of y][channel of x]
func packGroups[T float32 | float64](g *Conv, packed, kernel []T) {
	in, out := g.channels()
	at := 0
	for b := range g.Stride[1] {
		cols := g.back(1, b)
		for p := range g.Size[0] {
			for k := range cols.taps {
				tap := kernel[(p*g.Size[1]+cols.weight+k*cols.weightStep)*in*g.OutChannels:]
				for o := range out {
					for lane := range g.InChannels {
						packed[at] = tap[lane%in*g.OutChannels+lane/in*out+o]
						at++
					}
				}
			}
		}
	}
}

// packed returns where packGroups has begun with the elements of a walk along the columns, in pixels.
func (d *depthwisePass[T]) packed(cols depthwiseWalk) int {
	at := 0
	for b := range cols.at {
		at += d.Size[0] * d.back(1, b).taps
	}
	return at
}
