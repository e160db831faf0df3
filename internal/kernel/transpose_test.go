package kernel

import (
	"fmt"
	"testing"
)

func TestTranspose(t *testing.T) {
	var sizes []int
	for n := 0; n <= 34; n++ {
		sizes = append(sizes, n)
	}
	sizes = append(sizes, 47, 48, 63, 64, 65, 100, 129)
	onEachISA(t, func(t *testing.T) {
		for _, rows := range sizes {
			for _, cols := range sizes {
				testTranspose(t, rows, cols, rows, cols, 0, func(i int) uint32 { return 0x7f800000 + uint32(i) })
				testTranspose(t, rows, cols, rows+3, cols+5, 1+rows%3, func(i int) float32 { return float32(i) })
			}
		}
		for _, rows := range []int{0, 1, 7, 33, 70} {
			for _, cols := range []int{0, 1, 9, 32, 67} {
				testTranspose(t, rows, cols, rows, cols+1, 1, func(i int) uint8 { return uint8(i%255 + 1) })
				testTranspose(t, rows, cols, rows+2, cols, 1, func(i int) float64 { return float64(i) })
			}
		}
		testTranspose(t, 300, 1000, 300, 1000, 0, func(i int) uint32 { return uint32(i) })
	})
}

func testTranspose[T comparable](t *testing.T, rows, cols, ldd, lds, offset int, value func(i int) T) {
	t.Helper()
	src := make([]T, offset+rows*lds)[offset:]
	for i := range src {
		src[i] = value(i + 1)
	}
	if rows > 0 { // as short as it may be
		src = src[:(rows-1)*lds+cols]
	}
	const around = 40
	dst := make([]T, around+offset+cols*ldd+around)
	Transpose(dst[around+offset:], src, rows, cols, ldd, lds)
	for i, got := range dst {
		var want T // between and around the rows
		if k := i - around - offset; k >= 0 && rows > 0 && k < cols*ldd && k%ldd < rows {
			want = value(k%ldd*lds + k/ldd + 1)
		}
		if got != want {
			t.Fatalf("%d x %d (%d, %d) of %T: element %d is %v, want %v", rows, cols, ldd, lds, want, i-around-offset, got, want)
		}
	}
}

func BenchmarkTranspose(b *testing.B) {
	for _, s := range [][2]int{{64, 64}, {784, 300}, {1000, 10}, {10, 1000}, {1024, 1024}, {2048, 2048}, {2000, 2100}} {
		b.Run(fmt.Sprintf("%dx%d", s[0], s[1]), func(b *testing.B) {
			src, dst := random[float32](s[0]*s[1], 1), random[float32](s[0]*s[1], 2)
			onEachISA(b, func(b *testing.B) {
				b.SetBytes(int64(8 * len(src)))
				for b.Loop() {
					Transpose(dst, src, s[0], s[1], s[0], s[1])
				}
			})
		})
	}
	b.Run("float64 1024x1024", func(b *testing.B) {
		src, dst := random[float64](1<<20, 1), random[float64](1<<20, 2)
		b.SetBytes(16 << 20)
		for b.Loop() {
			Transpose(dst, src, 1024, 1024, 1024, 1024)
		}
	})
}
