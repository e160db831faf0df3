package kernel

import (
	"math"
	"testing"
)

// coins returns n bytes 0 or 1 at the end of their array, so that a read behind
// them would not go unnoticed for long.
func coins(n int) []uint8 {
	mask := make([]uint8, n)
	for i, v := range random[float32](n, 9) {
		if v > 0 {
			mask[i] = 1
		}
	}
	return mask
}

func TestKeep(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, n := range vectorLengths() {
			for offset := 0; offset < 4; offset++ {
				a := ordinary(n, 1)
				mask := coins(n + offset)[offset:]
				x, check := placed(t, a, offset)
				dst, checkDst := placed(t, make([]float32, n), (offset+1)%4)
				Keep(dst, x, mask, 1.25)
				checkDst()
				Keep(x, x, mask, 1.25)
				check()
				for i := range dst {
					want := float32(0)
					if mask[i] == 1 {
						want = a[i] * 1.25
					}
					if !equal(dst[i], want) || !equal(x[i], want) {
						t.Fatalf("length %d, element %d: %v and in place %v, want %v", n, i, dst[i], x[i], want)
					}
				}
			}
		}
	})
	mask := []uint8{0, 1, 0}
	x := []float64{nan, 3, -1}
	Keep(x, x, mask, 0.5)
	if x[0] != 0 || x[1] != 1.5 || x[2] != 0 || math.Signbit(x[2]) {
		t.Errorf("float64: %v", x)
	}
}

func TestOrder(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, n := range vectorLengths() {
			for offset := 0; offset < 4; offset++ {
				for _, limit := range []uint8{0, 1, 77, 127, 128, 129, 200, 255} {
					x, buf := make([]uint8, n), make([]uint8, offset+n+5)
					for i := range x {
						x[i] = uint8(i*37) + limit*uint8(i%2) // every byte, and the limit often
						if i%5 == 0 {
							x[i] = limit + uint8(i%3) - 1
						}
					}
					for i := range buf {
						buf[i] = 99
					}
					dst := buf[offset:][:n]
					equals := uint8(1 + n%2)
					Order(dst, x, limit, equals)
					in := append([]uint8(nil), x...)
					Order(in, in, limit, equals)
					for i, v := range x {
						want := equals
						if v < limit {
							want = 0
						} else if v > limit {
							want = 1
						}
						if dst[i] != want || in[i] != want {
							t.Fatalf("length %d: %d against %d is %d and in place %d, want %d", n, v, limit, dst[i], in[i], want)
						}
					}
					for i, v := range buf {
						if (i < offset || i >= offset+n) && v != 99 {
							t.Fatalf("length %d: wrote outside, at %d", n, i-offset)
						}
					}
				}
			}
		}
	})
}

func TestChoose(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		testChoose(t, 0, func(i int) uint32 { return 0x7fa00000 + uint32(i) }) // signalling NaNs stay what they are
		testChoose(t, 0, func(i int) uint8 { return uint8(i) })
		testChoose(t, 0, func(i int) uint64 { return uint64(i) << 40 })
	})
}

func testChoose[T comparable](t *testing.T, zero T, value func(i int) T) {
	t.Helper()
	for _, n := range vectorLengths() {
		for offset := 0; offset < 4; offset++ {
			cond := make([]bool, n)
			for i, c := range coins(n) {
				cond[i] = c == 1
			}
			a, b, buf := make([]T, n), make([]T, n), make([]T, offset+n+5)
			for i := range a {
				a[i], b[i] = value(2*i+1), value(2*i+2)
			}
			Choose(buf[offset:][:n], cond, a, b)
			for i, got := range buf {
				want := zero
				if k := i - offset; k >= 0 && k < n {
					want = b[k]
					if cond[k] {
						want = a[k]
					}
				}
				if got != want {
					t.Fatalf("length %d at offset %d of %T, element %d: %v, want %v", n, offset, zero, i-offset, got, want)
				}
			}
		}
	}
}

func TestFromBytes(t *testing.T) {
	onEachISA(t, func(t *testing.T) {
		for _, n := range append(vectorLengths(), 256) {
			for offset := 0; offset < 4; offset++ {
				x := make([]uint8, n+offset)[offset:]
				for i := range x {
					x[i] = uint8(255 - i)
				}
				dst, check := placed(t, make([]float32, n), offset)
				FromBytes(dst, x)
				check()
				for i, v := range dst {
					if v != float32(x[i]) {
						t.Fatalf("length %d, element %d: %v, want %d", n, i, v, x[i])
					}
				}
			}
		}
	})
}

func BenchmarkMask(b *testing.B) {
	const n = 16384
	mask, x, y, dst := coins(n), random[float32](n, 1), random[float32](n, 2), make([]float32, n)
	cond := make([]bool, n)
	for i, c := range mask {
		cond[i] = c == 1
	}
	b.Run("Keep", func(b *testing.B) {
		onEachISA(b, func(b *testing.B) {
			b.SetBytes(9 * n)
			for b.Loop() {
				Keep(dst, x, mask, 2)
			}
		})
	})
	b.Run("FromBytes", func(b *testing.B) {
		onEachISA(b, func(b *testing.B) {
			b.SetBytes(5 * n)
			for b.Loop() {
				FromBytes(dst, mask)
			}
		})
	})
	b.Run("Order", func(b *testing.B) {
		onEachISA(b, func(b *testing.B) {
			bytes := make([]uint8, n)
			b.SetBytes(2 * n)
			for b.Loop() {
				Order(bytes, mask, 1, 2)
			}
		})
	})
	b.Run("Choose", func(b *testing.B) {
		onEachISA(b, func(b *testing.B) {
			b.SetBytes(13 * n)
			for b.Loop() {
				Choose(dst, cond, x, y)
			}
		})
	})
}
