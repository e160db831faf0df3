package ops

import (
	"fmt"
	"math"
	"testing"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/philox"
)

// The mask is the same however the elements are cut, and as its definition
// says.
func TestDropoutMaskByDefinition(t *testing.T) {
	for _, rate := range []float64{0, 1e-13, .001, .25, .3, .5, .999, 1 - 1e-13} {
		below := uint64(math.Round(rate * (1 << 40)))
		m := masking{philox.Key(3, "dropout"), uint32(below >> 32), uint32(below)}
		stream := philox.New(m.key, 7)
		const n = 5000
		want := make([]uint8, n)
		settled := 0
		for i := range want {
			b := stream.Block(uint64(i / 16))[i%16/4] >> (8 * (i % 4)) & 0xff
			fraction := uint64(b)<<32 | uint64(stream.Block(1<<63 | uint64(i))[0])
			if fraction >= below {
				want[i] = 1
			}
			if b == m.hi {
				settled++
			}
		}
		if rate < .99 && settled == 0 {
			t.Errorf("rate %v: no element needed the second word", rate)
		}
		for _, step := range []int{n, 1, 3, 16, 17, 1000} {
			got := make([]uint8, n)
			for lo := 0; lo < n; lo += step {
				m.fill(got[lo:min(n, lo+step)], 7, lo)
			}
			for i, v := range got {
				if v != want[i] {
					t.Fatalf("rate %v, in parts of %d: element %d is %d; want %d", rate, step, i, v, want[i])
				}
			}
		}
	}
}

func BenchmarkDropoutMask(b *testing.B) {
	mask := make([]uint8, grain)
	for _, rate := range []float64{0.1, 0.5} {
		m := newMasking(&graph.Binding{Name: "dropout", Seed: 1}, rate)
		b.Run(fmt.Sprintf("rate %v", rate), func(b *testing.B) {
			b.SetBytes(grain)
			for b.Loop() {
				m.fill(mask, 3, 0)
			}
		})
	}
}
