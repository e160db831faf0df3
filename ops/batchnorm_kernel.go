package ops

import "github.com/plexaura/plexaura/graph"

// The loops of batch normalisation go over x as a matrix [rows, cols], cols
// being the channels. A chunk of rows is what one goroutine takes; in it,
// columns go in strips whose sums stay on the stack, over blocks of rows short
// enough for sums in the element type; blocks and chunks are put together in
// float64, in order. How x is cut depends on its shape only.
const (
	bnStrip = 64
	bnBlock = 64
)

// bnChunk returns the rows of a chunk: whole blocks, at least one, of about
// 16384 elements.
func bnChunk(cols int) int { return (grain/max(1, cols)/bnBlock + 1) * bnBlock }

// bnSize returns rows and cols of an array of that shape.
func bnSize(sp graph.Spec) (rows, cols int) {
	rows = 1
	for _, d := range sp.Shape[:sp.Rank()-1] {
		rows *= d
	}
	return rows, sp.Shape[sp.Rank()-1]
}

// bnMoments sets, for each column of a chunk x of [rows, cols],
//
//	mean[c] = sum over r of x[r*cols+c] / rows
//	m2[c] = sum over r of (x[r*cols+c] - mean[c])^2
//
// A block is taken about its first row, so that a large mean costs no accuracy,
// and blocks are merged as Chan, Golub and LeVeque (1983) do.
func bnMoments[T float](mean, m2 []float64, x []T, rows, cols int) {
	var s, q [bnStrip]T
	clear(mean[:cols])
	clear(m2[:cols])
	for lo := 0; lo < cols; lo += bnStrip {
		n := min(bnStrip, cols-lo)
		mu, dev := mean[lo:lo+n], m2[lo:lo+n]
		for r := 0; r < rows; r += bnBlock {
			nb := min(bnBlock, rows-r)
			at := r*cols + lo
			bnDeviations(s[:n], q[:n], x, at, nb, cols)
			first := x[at:][:n]
			inv := 1 / float64(nb)
			share := float64(nb) / float64(r+nb)
			for i := range mu {
				d := float64(s[i]) * inv
				delta := float64(first[i]) + d - mu[i]
				mu[i] += delta * share
				dev[i] += float64(q[i]) - d*float64(s[i]) + delta*delta*share*float64(r)
			}
		}
	}
}

// bnDeviations sets s[i] and q[i] to the sums over r of d and d^2, where
// d = x[at+r*cols+i] - x[at+i].
func bnDeviations[T float](s, q, x []T, at, rows, cols int) {
	n := len(s)
	q = q[:n]
	clear(s)
	clear(q)
	first := x[at:][:n]
	at += cols
	r := 1
	for ; r+4 <= rows; r += 4 {
		r0 := x[at:][:n]
		r1 := x[at+cols:][:n]
		r2 := x[at+2*cols:][:n]
		r3 := x[at+3*cols:][:n]
		for i := range s {
			k := first[i]
			d0, d1, d2, d3 := r0[i]-k, r1[i]-k, r2[i]-k, r3[i]-k
			s[i] += (d0 + d1) + (d2 + d3)
			q[i] += (d0*d0 + d1*d1) + (d2*d2 + d3*d3)
		}
		at += 4 * cols
	}
	for ; r < rows; r++ {
		row := x[at:][:n]
		for i := range s {
			d := row[i] - first[i]
			s[i] += d
			q[i] += d * d
		}
		at += cols
	}
}

// bnSums sets, for each column of a chunk of [rows, cols],
//
//	s1[c] = sum over r of dy[r*cols+c]
//	s2[c] = sum over r of dy[r*cols+c] * (x[r*cols+c] - mean[c])
func bnSums[T float](s1, s2 []float64, dy, x, mean []T, rows, cols int) {
	var a, b [bnStrip]T
	clear(s1[:cols])
	clear(s2[:cols])
	for lo := 0; lo < cols; lo += bnStrip {
		n := min(bnStrip, cols-lo)
		t1, t2 := s1[lo:lo+n], s2[lo:lo+n]
		for r := 0; r < rows; r += bnBlock {
			bnBlockSums(a[:n], b[:n], dy, x, mean[lo:], r*cols+lo, min(bnBlock, rows-r), cols)
			for i := range t1 {
				t1[i] += float64(a[i])
				t2[i] += float64(b[i])
			}
		}
	}
}

func bnBlockSums[T float](a, b, dy, x, mean []T, at, rows, cols int) {
	n := len(a)
	b, mean = b[:n], mean[:n]
	clear(a)
	clear(b)
	r := 0
	for ; r+2 <= rows; r += 2 { // more rows at once would not fit the registers
		g0, x0 := dy[at:][:n], x[at:][:n]
		g1, x1 := dy[at+cols:][:n], x[at+cols:][:n]
		for i := range a {
			m := mean[i]
			a[i] += g0[i] + g1[i]
			b[i] += g0[i]*(x0[i]-m) + g1[i]*(x1[i]-m)
		}
		at += 2 * cols
	}
	for ; r < rows; r++ {
		g, row := dy[at:][:n], x[at:][:n]
		for i := range a {
			a[i] += g[i]
			b[i] += g[i] * (row[i] - mean[i])
		}
		at += cols
	}
}

// bnNormalise is y[r*cols+c] = (x[r*cols+c]-mean[c])*scale[c] + shift[c]. The
// subtraction comes first so that a large mean cancels exactly.
func bnNormalise[T float](y, x, mean, scale, shift []T, cols int) {
	mean, scale, shift = mean[:cols], scale[:cols], shift[:cols]
	for len(x) >= 2*cols && len(y) >= 2*cols && cols > 0 { // two rows share the loads of a column
		y0, x0 := y[:cols], x[:cols]
		y1, x1 := y[cols:][:cols], x[cols:][:cols]
		for i := range mean {
			m, a, b := mean[i], scale[i], shift[i]
			y0[i] = (x0[i]-m)*a + b
			y1[i] = (x1[i]-m)*a + b
		}
		y, x = y[2*cols:], x[2*cols:]
	}
	if len(x) >= cols && len(y) >= cols {
		y, x = y[:cols], x[:cols]
		for i := range mean {
			y[i] = (x[i]-mean[i])*scale[i] + shift[i]
		}
	}
}

// bnBackward is dx[r*cols+c] = a[c]*dy[r*cols+c] + (b[c]*(x[r*cols+c]-mean[c]) + k[c]).
func bnBackward[T float](dx, dy, x, mean, a, b, k []T, cols int) {
	mean, a, b, k = mean[:cols], a[:cols], b[:cols], k[:cols]
	for len(dx) >= 2*cols && len(dy) >= 2*cols && len(x) >= 2*cols && cols > 0 {
		d0, g0, x0 := dx[:cols], dy[:cols], x[:cols]
		d1, g1, x1 := dx[cols:][:cols], dy[cols:][:cols], x[cols:][:cols]
		for i := range mean {
			m, p, q, o := mean[i], a[i], b[i], k[i]
			d0[i] = p*g0[i] + (q*(x0[i]-m) + o)
			d1[i] = p*g1[i] + (q*(x1[i]-m) + o)
		}
		dx, dy, x = dx[2*cols:], dy[2*cols:], x[2*cols:]
	}
	if len(dx) >= cols && len(dy) >= cols && len(x) >= cols {
		dx, dy, x = dx[:cols], dy[:cols], x[:cols]
		for i := range mean {
			dx[i] = a[i]*dy[i] + (b[i]*(x[i]-mean[i]) + k[i])
		}
	}
}

// bnScaleRows is dx[r*cols+c] = dy[r*cols+c] * scale[c].
func bnScaleRows[T float](dx, dy, scale []T, cols int) {
	scale = scale[:cols]
	for len(dx) >= cols && len(dy) >= cols && cols > 0 {
		out, g := dx[:cols], dy[:cols]
		for i, k := range scale {
			out[i] = g[i] * k
		}
		dx, dy = dx[cols:], dy[cols:]
	}
}
