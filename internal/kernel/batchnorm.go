package kernel

// BatchNorm normalises the columns of a row-major x of shape [rows, cols], cols
// being len(mean) and coefs [2, cols]:
//
//	for r := range rows { for c := range cols {
//		y[r*cols+c] = (x[r*cols+c]-mean[c])*coefs[c] + coefs[cols+c]
//	} }
//
// The subtraction comes first so that a large mean cancels exactly. y may be x.
func BatchNorm[T Float](y, x, mean, coefs []T, rows int) {
	cols := len(mean)
	y, x = y[:rows*cols], x[:rows*cols]
	scale, shift := coefs[:cols], coefs[cols:2*cols]
	if is32[T]() && batchNormSIMD(as32(y), as32(x), as32(mean), as32(coefs), rows) {
		return
	}
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

// BatchNormGrad is the last step of batch norm's gradient for row-major dx, dy
// and x of shape [rows, cols], cols being len(mean) and coefs [3, cols]:
//
//	for r := range rows { for c := range cols {
//		i := r*cols + c
//		dx[i] = coefs[c]*dy[i] + (coefs[cols+c]*(x[i]-mean[c]) + coefs[2*cols+c])
//	} }
//
// dx may be dy or x.
func BatchNormGrad[T Float](dx, dy, x, mean, coefs []T, rows int) {
	cols := len(mean)
	dx, dy, x = dx[:rows*cols], dy[:rows*cols], x[:rows*cols]
	a, b, k := coefs[:cols], coefs[cols:2*cols], coefs[2*cols:3*cols]
	if is32[T]() && batchNormGradSIMD(as32(dx), as32(dy), as32(x), as32(mean), as32(coefs), rows) {
		return
	}
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

// ScaleColumns multiplies each row of a row-major x of shape [rows, cols] by
// scale, cols being len(scale):
//
//	for r := range rows { for c := range cols { y[r*cols+c] = x[r*cols+c] * scale[c] } }
//
// y may be x.
func ScaleColumns[T Float](y, x, scale []T, rows int) {
	cols := len(scale)
	y, x = y[:rows*cols], x[:rows*cols]
	if is32[T]() && scaleColumnsSIMD(as32(y), as32(x), as32(scale), rows) {
		return
	}
	for len(y) >= cols && len(x) >= cols && cols > 0 {
		out, in := y[:cols], x[:cols]
		for i, k := range scale {
			out[i] = in[i] * k
		}
		y, x = y[cols:], x[cols:]
	}
}
