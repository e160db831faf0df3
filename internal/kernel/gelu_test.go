package kernel

import (
	"math"
	"testing"
)

// What serves float32 is far more accurate than that.
func TestNormalShare32(t *testing.T) {
	for x := -14.0; x <= 14; x += 1. / 128 {
		share, e := normalShare32(x)
		if want := normalShare(x); math.Abs(share/want-1) > 6e-9 {
			t.Fatalf("at %v it is %v; want %v", x, share, want)
		}
		if e != math.Exp(-x*x/2) {
			t.Fatalf("at %v e is %v", x, e)
		}
	}
}
