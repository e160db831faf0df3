package half

import (
	"math"
	"testing"
)

// The values are those of IEEE 754-2008's binary16, and NumPy's float16.
func TestFloat16(t *testing.T) {
	for bits, want := range map[uint16]float32{
		0x0000: 0, 0x0001: 0x1p-24, 0x03ff: 0x1.ff8p-15, 0x0400: 0x1p-14, 0x3555: 0.33325195, 0x3c00: 1, 0x3c01: 1.0009766,
		0x7bff: 65504, 0x7c00: float32(math.Inf(1)), 0xfc00: float32(math.Inf(-1)), 0xc000: -2, 0x8001: -0x1p-24,
	} {
		if got := Float16(bits); got != want {
			t.Errorf("%04x is %v; want %v", bits, got, want)
		}
	}
	if v := Float16(0x8000); v != 0 || !math.Signbit(float64(v)) {
		t.Errorf("8000 is %v; want -0", v)
	}
	if v := Float16(0x7e01); v == v {
		t.Errorf("7e01 is %v; want NaN", v)
	}
}

func TestBFloat16(t *testing.T) {
	for bits, want := range map[uint16]float32{0x0000: 0, 0x3f80: 1, 0xc0a0: -5, 0x7f7f: 3.3895314e38, 0x7f80: float32(math.Inf(1))} {
		if got := BFloat16(bits); got != want {
			t.Errorf("%04x is %v; want %v", bits, got, want)
		}
	}
}

// Every binary16 is what its value narrows to, and so is everything nearer to it than to its neighbours.
func TestFromFloat32(t *testing.T) {
	for h := range 0x7c00 { // the finite ones that are not negative
		f, next := Float16(uint16(h)), Float16(uint16(h+1))
		if h+1 == 0x7c00 {
			next = 65536 // which infinity stands for in rounding (IEEE 754-2008, 4.3.1)
		}
		middle := float32((float64(f) + float64(next)) / 2) // exact
		even := uint16(h + h&1)
		for in, want := range map[float32]uint16{
			f:                           uint16(h),
			middle:                      even,
			math.Nextafter32(middle, 0): uint16(h),
			math.Nextafter32(middle, float32(math.Inf(1))): uint16(h + 1),
			math.Nextafter32(f, float32(math.Inf(1))):      uint16(h),
			math.Nextafter32(next, float32(math.Inf(-1))):  uint16(h + 1),
		} {
			if got := FromFloat32(in); got != want {
				t.Fatalf("%v narrows to %#04x, want %#04x", in, got, want)
			}
			if got := FromFloat32(-in); got != want|0x8000 {
				t.Fatalf("%v narrows to %#04x, want %#04x", -in, got, want|0x8000)
			}
		}
	}
	for in, want := range map[float32]uint16{
		float32(math.Inf(1)): 0x7c00, float32(math.Inf(-1)): 0xfc00, math.MaxFloat32: 0x7c00, math.SmallestNonzeroFloat32: 0,
	} {
		if got := FromFloat32(in); got != want {
			t.Errorf("%v narrows to %#04x, want %#04x", in, got, want)
		}
	}
	for _, bits := range []uint32{0x7f800001, 0x7fc00000, 0x7fffffff, 0xff800001} {
		if got := Float16(FromFloat32(math.Float32frombits(bits))); got == got {
			t.Errorf("NaN %#x narrows to %v", bits, got)
		}
	}
}

// Every binary16 has the value of its definition: (1 + fraction/2^10) * 2^(exponent-15), or fraction * 2^-24.
func TestEveryFloat16(t *testing.T) {
	for h := range 1 << 16 {
		exponent, fraction := h>>10&0x1f, float64(h&0x3ff)
		want := math.Ldexp(1+fraction/1024, exponent-15)
		if exponent == 0 {
			want = math.Ldexp(fraction, -24)
		} else if exponent == 0x1f {
			want = math.Inf(1)
		}
		if h>>15 == 1 {
			want = -want
		}
		got := Float16(uint16(h))
		if exponent == 0x1f && fraction != 0 {
			if bits := math.Float32bits(got); got == got || bits>>31 != uint32(h>>15) || bits>>13&0x3ff != uint32(fraction) {
				t.Fatalf("%04x is %#x; want a NaN with its payload", h, bits)
			}
		} else if float64(got) != want || math.Signbit(float64(got)) != (h>>15 == 1) {
			t.Fatalf("%04x is %v; want %v", h, got, want)
		}
	}
}
