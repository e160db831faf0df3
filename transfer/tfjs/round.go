package tfjs

import (
	"encoding/binary"
	"io"
	"math"
)

// rounded gives the int32 values of quantised ones: the nearest to stored*scale + min, as the
// converter has it, where halves go up as JavaScript's Math.round takes them.
type rounded struct {
	io.ReadCloser
	size       int // bytes of a stored element, 1 or 2
	scale, min float64
	ready      []byte // values that have not been read
	values     [4096]byte
}

func (r *rounded) Read(b []byte) (int, error) {
	if len(r.ready) == 0 {
		var stored [len(r.values) / 4 * 2]byte
		n, err := io.ReadFull(r.ReadCloser, stored[:len(r.values)/4*r.size])
		if n < r.size {
			return 0, err
		}
		for i := 0; i < n/r.size; i++ {
			v := float64(stored[i])
			if r.size == 2 {
				v = float64(binary.LittleEndian.Uint16(stored[2*i:]))
			}
			v = min(math.MaxInt32, max(math.MinInt32, math.Floor(v*r.scale+r.min+0.5)))
			binary.LittleEndian.PutUint32(r.values[4*i:], uint32(int32(v)))
		}
		r.ready = r.values[:n/r.size*4]
	}
	n := copy(b, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}
