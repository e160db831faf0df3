package plots

import (
	"math"
	"strings"
	"testing"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		log       bool
		want      string
	}{
		{0, 1, false, "0 0.2 0.4 0.6 0.8 1.0"},
		{0.04, 1.36, false, "0.2 0.4 0.6 0.8 1.0 1.2"},
		{-3, 3, false, "-3 -2 -1 0 1 2 3"},
		{0, 40000, false, "0 5k 10k 15k 20k 25k 30k 35k 40k"},
		{0, 3e7, false, "0 5M 10M 15M 20M 25M 30M"},
		{0, 3e-6, false, "0 5e-7 1e-6 1.5e-6 2e-6 2.5e-6 3e-6"},
		{100000, 100001, false, "100.0000k 100.0002k 100.0004k 100.0006k 100.0008k 100.0010k"},
		{0.01, 100, true, "0.01 0.1 1 10 100"},
		{0.5, 20, true, "0.5 1 2 5 10 20"},
		{1e-30, 1, true, "1e-28 1e-24 1e-20 1e-16 1e-12 1e-8 1e-4 1"},
		{1, 2, true, "1.0 1.2 1.4 1.6 1.8 2.0"},
	} {
		ticks := linearTicks(8).Ticks(c.low, c.high)
		if c.log {
			ticks = logTicks(8).Ticks(c.low, c.high)
		}
		var labels []string
		for _, k := range ticks {
			if !k.IsMinor() {
				labels = append(labels, k.Label)
			}
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("%v to %v, log %v: %s; want %s", c.low, c.high, c.log, got, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -2.5: "-2.5", 0.0123456: "0.0123", 0.5: "0.5", 1234.5: "1234", 99999: "99999", 123456: "1.23e5", 1e-5: "1e-5",
		-0.00012345: "-1.23e-4", 1e100: "1e100", 999.7: "1000", math.Inf(1): "+∞", math.Inf(-1): "-∞", 12.3456: "12.3",
	} {
		if got := number(v); got != want {
			t.Errorf("%v is written %s; want %s", v, got, want)
		}
	}
	if got := number(math.NaN()); got != "NaN" {
		t.Error(got)
	}
}

// TestSmoothed compares with the average written out: weights 1/4, 1/2 and 1 over their sum.
func TestSmoothed(t *testing.T) {
	got := smoothed([]float64{4, math.NaN(), 8, 1}, 0.5, false)
	want := []float64{4, math.NaN(), (4*0.5 + 8) / 1.5, (4*0.25 + 8*0.5 + 1) / 1.75}
	for i := range want {
		if math.IsNaN(want[i]) != math.IsNaN(got[i]) || math.Abs(got[i]-want[i]) > 1e-15 {
			t.Errorf("value %d is %v; want %v", i, got[i], want[i])
		}
	}
}
