package kernel

import "math"

// log64 is ln x to about 2^-29 relative, for finite x > 0 that is normal in
// float64: x = 2^k c (1 + r) with c of a table, |r| <= 1/128 and ln(1+r) by
// its series to r^4. ln 1 is exactly 0.
func log64(x float64) float64 {
	const from = 0x3fe6000000000000 // bits of 0.6875
	t := math.Float64bits(x) + (1024<<52 - from)
	e := &logTable[t>>45%128]
	r := math.Float64frombits(t&(1<<52-1)+from)*e.invc - 1
	// k is t>>52 - 1024, made a float64 through its bits: the conversion
	// instruction would wait for whoever used its register before.
	return (math.Float64frombits(0x433<<52+t>>52)-(0x1p52+1024))*math.Ln2 + e.logc + (r + r*r*(-1./2+r*(1./3-r*(1./4))))
}

// logSpecial is ln x where log64 does not hold.
func logSpecial(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case x < 0:
		return math.NaN()
	}
	return x // +Inf or NaN
}

// Log is
//
//	for i := range dst { dst[i] = ln x[i] }
//
// With AVX2 and AVX-512 the float32 result is within 1 ulp.
func Log[T Float](dst, x []T) {
	if is32[T]() {
		log32(as32(dst), as32(x))
		return
	}
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = T(math.Log(float64(v)))
	}
}

func log32(dst, x []float32) {
	x = x[:len(dst)]
	if logSIMD(dst, x) {
		return
	}
	for i, v := range x {
		b := math.Float32bits(v)
		if b-minNormal32 < infinity32-minNormal32 {
			dst[i] = float32(log64(widen(b)))
		} else {
			dst[i] = LogScalar(v)
		}
	}
}

// Bits of the least positive normal float32 and of +Inf.
const (
	minNormal32 = 0x00800000
	infinity32  = 0x7f800000
)

// widen converts the bits of a positive normal float32. The conversion
// instruction has a false dependence on its target, which in some loops binds
// each element to the one before and makes them several times slower.
func widen(b uint32) float64 {
	return math.Float64frombits(uint64(b)<<29 + (1023-127)<<52)
}

// LogScalar returns ln x as the portable Log does.
func LogScalar[T Float](x T) T {
	if is32[T]() {
		if x > 0 && x <= math.MaxFloat32 {
			return T(log64(float64(x)))
		}
		return T(logSpecial(float64(x)))
	}
	return T(math.Log(float64(x)))
}
