package dataset

import (
	"reflect"
	"strings"
	"testing"
)

func TestAllDigits(t *testing.T) {
	s, err := AllDigits()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.String(), "digits: 1797 examples, X float32 (1797, 64), Y int64 (1797), 10 classes"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// The counts of scikit-learn's numpy.bincount(load_digits().target), and its data.sum().
	counts, err := s.ClassCounts()
	if err != nil || !reflect.DeepEqual(counts, []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}) {
		t.Errorf("counts %v, %v", counts, err)
	}
	x, sum, top := s.X.Data().([]float32), 0.0, float32(0)
	for _, v := range x {
		sum += float64(v) * 16
		top = max(top, v)
	}
	if sum != 561718 || top != 1 {
		t.Errorf("sum %v, largest %v", sum, top)
	}
	// The first line of the file begins 0, 0, 5, 13, 9, 1.
	if want := []float32{0, 0, 5. / 16, 13. / 16, 9. / 16, 1. / 16}; !reflect.DeepEqual(x[:6], want) {
		t.Errorf("first pixels %v, want %v", x[:6], want)
	}
}

func TestDigitsParts(t *testing.T) {
	train, validation, test, err := Digits()
	if err != nil {
		t.Fatal(err)
	}
	all, err := AllDigits()
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := all.ClassCounts()
	n := map[string]int{} // pictures by their pixels, of which some occur twice
	key := func(s *Set, i int) string {
		var b strings.Builder
		for _, v := range s.X.Data().([]float32)[i*64 : (i+1)*64] {
			b.WriteByte(byte(v * 16))
		}
		b.WriteByte(byte(s.Y.Data().([]int64)[i]))
		return b.String()
	}
	for i := 0; i < all.Len(); i++ {
		n[key(all, i)]++
	}
	for _, tt := range []struct {
		s    *Set
		name string
		len  int
	}{{train, "digits/train", 1257}, {validation, "digits/validation", 180}, {test, "digits/test", 360}} {
		if tt.s.Len() != tt.len || tt.s.Name != tt.name {
			t.Errorf("%v, want %s with %d", tt.s, tt.name, tt.len)
		}
		counts, _ := tt.s.ClassCounts()
		for c, got := range counts {
			if want := float64(whole[c]*tt.len) / 1797; float64(got) < want-2 || float64(got) > want+2 {
				t.Errorf("%s has %d of class %d, want %.1f", tt.name, got, c, want)
			}
		}
		for i := 0; i < tt.s.Len(); i++ {
			n[key(tt.s, i)]--
		}
	}
	for k, left := range n {
		if left != 0 {
			t.Fatalf("picture %x is in %d parts too few", k, left)
		}
	}
	again, _, _, _ := Digits()
	again.X.Data().([]float32)[0] = 5
	if third, _, _, _ := Digits(); !reflect.DeepEqual(third.X.Data(), train.X.Data()) {
		t.Error("Digits shares memory or differs between calls")
	}
}

func BenchmarkDigits(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if _, _, _, err := Digits(); err != nil {
			b.Fatal(err)
		}
	}
}
