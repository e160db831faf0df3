package philox

import (
	"fmt"
	"math"
	"testing"
)

// withEachGroup runs f with every vector code that there is, and without.
func withEachGroup(f func(group int)) {
	before := group
	defer func() { group = before }()
	for _, g := range groups {
		group = g
		f(g)
	}
}

// offsets are where blocks, groups and the words of a counter begin and end. In
// a 32-bit build the greatest lose their upper bits.
var offsets = func() (at []int) {
	for _, o := range []int64{0, 1, 3, 4, 15, 16, 17, 61, 1 << 20, 4<<32 - 40, 16<<32 - 70, 1<<60 + 5} {
		at = append(at, int(o))
	}
	return at
}()

func TestFillBytes(t *testing.T) {
	s := New(Key(3, "bytes"), 1<<40+7)
	withEachGroup(func(group int) {
		for n := 0; n < 1200; n = n + 1 + n/40 {
			for _, offset := range offsets {
				buf := make([]uint8, n+2)
				FillBytes(buf[1:n+1], s, offset)
				if buf[0] != 0 || buf[n+1] != 0 {
					t.Fatalf("groups of %d: length %d at offset %d: wrote outside", group, n, offset)
				}
				for j, got := range buf[1 : n+1] {
					i := uint64(offset + j)
					word := s.Block(i / 16)[i%16/4]
					if want := uint8(word >> (8 * (i % 4))); got != want {
						t.Fatalf("groups of %d: length %d at offset %d: byte %d is %#x, want %#x", group, n, offset, j, got, want)
					}
				}
			}
		}
	})
}

// TestUniformBits holds FillUniform to its definition, whatever computes it.
func TestUniformBits(t *testing.T) {
	s := New(Key(4, "uniform"), 1<<33)
	inf := float32(math.Inf(1))
	ranges := [][2]float32{{0, 1}, {-0.05, 0.05}, {1 << 24, 1<<24 + 2}, {2, -1}, {3, 3}, {0, inf}, {-math.MaxFloat32, math.MaxFloat32},
		{0, math.SmallestNonzeroFloat32}, {float32(math.NaN()), 1}}
	withEachGroup(func(group int) {
		for n := 0; n < 300; n = n + 1 + n/40 {
			for k, offset := range offsets {
				lo, hi := ranges[(n+k)%len(ranges)][0], ranges[(n+k)%len(ranges)][1]
				buf := make([]float32, n+2)
				FillUniform(buf[1:n+1], s, offset, lo, hi)
				if buf[0] != 0 || buf[n+1] != 0 {
					t.Fatalf("groups of %d: length %d at offset %d: wrote outside", group, n, offset)
				}
				for j, got := range buf[1 : n+1] {
					i := uint64(offset + j)
					scaled := float32((hi - lo) * Uniform32(s.Block(i / 4)[i%4])) // rounded, on every processor
					want := lo + scaled
					if lo < hi && want >= hi {
						want = math.Nextafter32(hi, lo)
					}
					if math.Float32bits(got) != math.Float32bits(want) && (got == got || want == want) {
						t.Fatalf("groups of %d: length %d at offset %d: element %d of [%v, %v) is %v, want %v", group, n, offset, j, lo, hi, got, want)
					}
				}
			}
		}
	})
}

func BenchmarkFillBytes(b *testing.B) {
	x := make([]uint8, 16384)
	withEachGroup(func(group int) {
		b.Run(fmt.Sprintf("groups of %d", group), func(b *testing.B) {
			b.SetBytes(int64(len(x)))
			for b.Loop() {
				FillBytes(x, New(Key(0, ""), 0), 0)
			}
		})
	})
}

func BenchmarkFillUniform(b *testing.B) {
	x := make([]float32, 16384)
	withEachGroup(func(group int) {
		b.Run(fmt.Sprintf("groups of %d", group), func(b *testing.B) {
			b.SetBytes(int64(4 * len(x)))
			for b.Loop() {
				FillUniform(x, New(Key(0, ""), 0), 0, -1, 1)
			}
		})
	})
}
