package kernel

// FromBytes is
//
//	for i := range dst { dst[i] = float32(x[i]) }
//
// It is how images become numbers.
func FromBytes(dst []float32, x []uint8) {
	x = x[:len(dst)]
	if fromBytesSIMD(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = float32(v)
	}
}
