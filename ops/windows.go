package ops

import (
	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/kernel"
)

// windows are those over images of known sizes.
type windows struct {
	images
	rows   []taps
	runs   []run // of the columns
	tops   []int // the rows of an image from tops[i] up to tops[i+1] are touched by window row i last
	counts int   // windows along a row

	rowStep, colStep int  // the dilations
	apart            bool // rows of windows share no row of the image
	chunk            int  // rows of windows for one goroutine
}

// run is a row of windows alike: count of them, from the first-th on.
type run struct {
	taps
	first, count, step int
}

// over plans the windows over x, images with the channels last.
func (p window2D) over(x graph.Spec) (*windows, error) {
	m, err := ChannelsLast.imagesOf(x)
	if err != nil {
		return nil, err
	}
	down, across := p.along(0), p.along(1)
	rows := down.taps(m.h)
	tops := make([]int, len(rows))
	_, before := down.over(m.h)
	for i := range tops {
		tops[i] = min(m.h, max(0, i*down.stride-before))
	}
	v := newWindows(m, rows, tops, across.taps(m.w), down.stride >= down.extent())
	v.rowStep, v.colStep = down.dilation, across.dilation
	return v, nil
}

// newWindows lays windows over images m that take rows and cols, which lie side by side; tops are
// the rows that no later window reaches above, and apart says that no two take the same row.
func newWindows(m images, rows []taps, tops []int, cols []taps, apart bool) *windows {
	v := &windows{images: m, rows: rows, tops: append(tops, m.h), counts: len(cols), rowStep: 1, colStep: 1, apart: apart}
	for i, w := range cols {
		if k := len(v.runs) - 1; k >= 0 {
			r := &v.runs[k]
			if step := w.from - cols[i-1].from; w.n == r.n && w.size == r.size && step >= 0 && (r.count == 1 || step == r.step) {
				r.count, r.step = r.count+1, step
				continue
			}
		}
		v.runs = append(v.runs, run{taps: w, first: i, count: 1})
	}
	high := 1 // the highest window
	for _, r := range rows {
		high = max(high, r.n)
	}
	if len(rows) > 0 {
		v.tops[0] = 0
	}
	v.chunk = max(1, grain/max(1, high*m.w*m.c))
	return v
}

// count is the number of rows of windows.
func (v *windows) count() int { return v.n * len(v.rows) }

// scatterChunk is how many rows of windows one goroutine takes where rows are added to
// the images: where windows overlap, all of an image.
func (v *windows) scatterChunk() int {
	if v.apart {
		return v.chunk
	}
	n := max(1, len(v.rows))
	return (v.chunk + n - 1) / n * n
}

// each calls f for the runs of a row of windows: where they begin among the windows and in
// the images, how they lie, and which elements one has; those without any come as well.
func (v *windows) each(row int, f func(y, x int, w kernel.Windows, rows, cols taps)) {
	image, rows := row/len(v.rows), v.rows[row%len(v.rows)]
	for _, r := range v.runs {
		x := 0
		if rows.n > 0 && r.n > 0 {
			x = ((image*v.h+rows.from)*v.w + r.from) * v.c
		}
		f((row*v.counts+r.first)*v.c, x, kernel.Windows{
			Count: r.count, Channels: v.c, Rows: rows.n, Cols: r.n,
			Step: r.step * v.c, RowStep: v.rowStep * v.w * v.c, ColStep: v.colStep * v.c,
		}, rows, r.taps)
	}
}

// gatherRows returns a kernel that fills the output row by row of windows, and hands it on.
func (v *windows) gatherRows(b *graph.Binding, fill func(c *graph.Call, row int)) graph.Kernel {
	b.Finishes()
	length := v.counts * v.c
	body := func(c *graph.Call, lo, hi int) {
		for r := lo; r < hi; r++ {
			fill(c, r)
			if c.Followed() {
				c.Finish(r*length, (r+1)*length)
			}
		}
	}
	return func(c *graph.Call) error {
		if length > 0 {
			c.Split(v.count(), v.chunk, body)
		}
		return nil
	}
}

// scatterRows returns a kernel whose output has the shape of the images: add adds to it what
// comes from a row of windows. Rows of the image are zeroed before the first windows that
// touch them, and handed on behind the last, while they are in the cache.
func scatterRows[T float](b *graph.Binding, v *windows, add func(c *graph.Call, row int)) graph.Kernel {
	b.Finishes()
	length := v.w * v.c
	body := func(c *graph.Call, lo, hi int) {
		dx := elements[T](c.Out)
		zeroed := 0 // up to which row of the image
		for r := lo; r < hi; r++ {
			image, i := r/len(v.rows)*v.h, r%len(v.rows)
			from, to := v.tops[i], v.tops[i+1]
			if r == lo || i == 0 {
				zeroed = from
			}
			end := to
			if w := v.rows[i]; w.n > 0 {
				end = max(end, w.from+(w.n-1)*v.rowStep+1)
			}
			if end > zeroed {
				clear(dx[(image+zeroed)*length : (image+end)*length])
				zeroed = end
			}
			add(c, r)
			if c.Followed() {
				c.Finish((image+from)*length, (image+to)*length)
			}
		}
	}
	reset := zero[T] // as a value it is allocated: once
	return func(c *graph.Call) error {
		if v.count() == 0 || v.runs == nil || v.c == 0 {
			c.Split(c.Out.Size(), grain, reset)
			c.Finish(0, c.Out.Size())
			return nil
		}
		c.Split(v.count(), v.scatterChunk(), body)
		return nil
	}
}

// zero makes all of the output zero.
func zero[T any](c *graph.Call, lo, hi int) { clear(elements[T](c.Out)[lo:hi]) }
