package kernel

// windows are what a kernel sees of images [height, width, channels]: tap (p, q) of
// the window of output (i, j) is pixel i*stride[0] + p*dilation[0] - before[0],
// j*stride[1] + q*dilation[1] - before[1].
type windows[T float32 | float64] struct {
	values      []T
	size        [2]int // of an image
	channels    int    // of a group
	allChannels int
	taps        [2]int
	stride      [2]int
	dilation    [2]int
	before      [2]int
}

// residues returns into how many sets the rows of outputs fall that share no row of
// the image with each other: with a dilation, every so-manieth.
func (x *windows[T]) residues() int { return x.dilation[0] / gcd(x.stride[0], x.dilation[0]) }

// rowStep returns how many rows of a column of windows lie between the windows of
// outputs below each other, which overlap unless the stride is longer than they are.
func (x *windows[T]) rowStep() int { return min(x.step(), x.taps[0]) }

// step is the stride in rows that are a dilation apart.
func (x *windows[T]) step() int { return x.stride[0] / gcd(x.stride[0], x.dilation[0]) }

// height returns how many rows a column of windows for so many outputs has.
func (x *windows[T]) height(outputs int) int { return (outputs-1)*x.rowStep() + x.taps[0] }

// copyBlock copies what the outputs of a block see of a group's channels, of those in
// row top + residue and every residues() below. It returns how many rows of outputs
// that are.
//
// For every column of outputs the copy has a column of runs [taps[1], channels], one
// for each row of the image, so that a whole window is a run of the copy, and the
// windows of the outputs in a column overlap.
func (x *windows[T]) copyBlock(w *convSpace[T], b block, group, residue int) int {
	top := b.top + residue
	rows := max(0, ceilDiv(b.bottom-top, x.residues()))
	if rows == 0 {
		return 0
	}
	height, line := x.height(rows), x.taps[1]*x.channels
	w.windows = grown(w.windows, (b.right-b.left)*height*line)
	step, rowStep := x.step(), x.rowStep()
	image := x.values[b.image*x.size[0]*x.size[1]*x.allChannels:][:x.size[0]*x.size[1]*x.allChannels]
	for column := b.left; column < b.right; column++ {
		// Taps [first, last) lie inside of the image.
		left := column*x.stride[1] - x.before[1]
		first := min(x.taps[1], ceilDiv(max(0, -left), x.dilation[1]))
		last := max(first, min(x.taps[1], ceilDiv(max(0, x.size[1]-left), x.dilation[1])))
		to := w.windows[(column-b.left)*height*line:][:height*line]
		for r := range height {
			above := top*x.stride[0] - x.before[0]
			if rowStep == step {
				above += r * x.dilation[0]
			} else {
				above += (r/rowStep*step + r%rowStep) * x.dilation[0]
			}
			row := to[r*line:][:line]
			if above < 0 || above >= x.size[0] {
				clear(row)
				continue
			}
			clear(row[:first*x.channels])
			clear(row[last*x.channels:])
			if first == last { // the window lies in the pads, perhaps before the image
				continue
			}
			from := (above*x.size[1]+left)*x.allChannels + group*x.channels
			if x.dilation[1] == 1 && x.channels == x.allChannels {
				copy(row[first*x.channels:last*x.channels], image[from+first*x.channels:])
				continue
			}
			for q := first; q < last; q++ {
				copy(row[q*x.channels:(q+1)*x.channels], image[from+q*x.dilation[1]*x.allChannels:])
			}
		}
	}
	return rows
}
