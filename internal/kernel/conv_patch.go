package kernel

// imageWindows are what a kernel sees of images [height, width, channels]: tap (p, q) of
// the window of output (i, j) is pixel i*stride[0] + p*dilation[0] - before[0],
// j*stride[1] + q*dilation[1] - before[1].
type imageWindows[T float32 | float64] struct {
	values      []T
	size        [2]int // of an image
	channels    int    // of a group
	allChannels int
	taps        [2]int
	stride      [2]int
	dilation    [2]int
	before      [2]int
}

// patch is a part of images with the pads around it, so that the windows of neighbouring
// outputs are runs of memory that overlap: tap (p, q) of the window of output (i, j) of
// image n begins at
//
//	n*image + (i*step[0]+p)*pitch + (j*step[1]+q)*channels
//
// For a convolution without pads, dilation and groups it is the images themselves.
type patch[T float32 | float64] struct {
	values   []T
	count    [2]int // rows and columns of outputs
	step     [2]int // from an output's window to the next one's, in rows and columns of the patch
	pitch    int    // distance of rows
	image    int    // distance of images
	channels int
}

// whole tells whether the images need no copy: every window lies in the image, its
// rows without gaps.
func (x *imageWindows[T]) whole(count [2]int) bool {
	if x.dilation != [2]int{1, 1} || x.channels != x.allChannels {
		return false
	}
	for a := range 2 {
		if x.before[a] != 0 || (count[a]-1)*x.stride[a]+x.taps[a] > x.size[a] {
			return false
		}
	}
	return true
}

// classes returns into how many sets the outputs along an axis fall that share no pixel
// with each other: with a dilation, every so-manieth.
func (x *imageWindows[T]) classes(axis int) int {
	return x.dilation[axis] / gcd(x.stride[axis], x.dilation[axis])
}

// strideOf is the stride in pixels that are a dilation apart.
func (x *imageWindows[T]) strideOf(axis int) int {
	return x.stride[axis] / gcd(x.stride[axis], x.dilation[axis])
}

// stepOf returns how far the windows of the next outputs of a class lie apart in a patch,
// which has no pixels that no window sees.
func (x *imageWindows[T]) stepOf(axis int) int { return min(x.strideOf(axis), x.taps[axis]) }

// extent returns how many pixels along an axis a patch has for so many outputs.
func (x *imageWindows[T]) extent(axis, outputs int) int {
	return (outputs-1)*x.stepOf(axis) + x.taps[axis]
}

// pixel returns which pixel along an axis of the image is pixel u of a patch that begins
// with the window of output first.
func (x *imageWindows[T]) pixel(axis, first, u int) int {
	stride, step := x.strideOf(axis), x.stepOf(axis)
	if step != stride {
		u = u/step*stride + u%step
	}
	return first*x.stride[axis] - x.before[axis] + u*x.dilation[axis]
}

// inside returns which of so many pixels along an axis of a patch lie inside of the image, [lo, hi).
func (x *imageWindows[T]) inside(axis, first, pixels int) (lo, hi int) {
	for lo < pixels && x.pixel(axis, first, lo) < 0 {
		lo++
	}
	hi = pixels
	for hi > lo && x.pixel(axis, first, hi-1) >= x.size[axis] {
		hi--
	}
	return lo, hi
}

// patchOf returns what the outputs of a block see of a group's channels: of those outputs
// of class (q[0], q[1]), counted from the block's begin. Its count is zero if there are none.
func (x *imageWindows[T]) patchOf(w *convSpace[T], b area, group int, q [2]int) patch[T] {
	t := patch[T]{
		count:    [2]int{ceilDiv(b.bottom-b.top-q[0], x.classes(0)), ceilDiv(b.right-b.left-q[1], x.classes(1))},
		step:     [2]int{x.stepOf(0), x.stepOf(1)},
		channels: x.channels,
	}
	size := x.size[0] * x.size[1] * x.allChannels
	if x.whole([2]int{b.bottom, b.right}) {
		t.pitch, t.image = x.size[1]*x.channels, size
		t.step = x.stride
		t.values = x.values[b.first*size+(b.top*x.stride[0]*x.size[1]+b.left*x.stride[1])*x.channels:]
		return t
	}
	if t.count[0] <= 0 || t.count[1] <= 0 {
		t.count = [2]int{}
		return t
	}
	height, width := x.extent(0, t.count[0]), x.extent(1, t.count[1])
	t.pitch = width * x.channels
	t.image = height * t.pitch
	w.windows = grown(w.windows, (b.end-b.first)*t.image)
	t.values = w.windows
	left := b.left + q[1]
	first, last := x.inside(1, left, width)
	for n := b.first; n < b.end; n++ {
		image := x.values[n*size:][:size]
		for r := range height {
			row := t.values[(n-b.first)*t.image+r*t.pitch:][:t.pitch]
			above := x.pixel(0, b.top+q[0], r)
			if above < 0 || above >= x.size[0] || first == last {
				clear(row)
				continue
			}
			clear(row[:first*x.channels])
			clear(row[last*x.channels:])
			from := image[above*x.size[1]*x.allChannels+group*x.channels:]
			if x.dilation[1] == 1 && x.stepOf(1) == x.stride[1] && x.channels == x.allChannels {
				copy(row[first*x.channels:last*x.channels], from[x.pixel(1, left, first)*x.channels:])
				continue
			}
			for u := first; u < last; u++ {
				copy(row[u*x.channels:(u+1)*x.channels], from[x.pixel(1, left, u)*x.allChannels:])
			}
		}
	}
	return t
}
