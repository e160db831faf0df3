package plots

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// linearTicks are at multiples of 1, 2 or 5 times a power of ten, about as many as
// it says.
type linearTicks int

// Ticks implements plot.Ticker.
func (about linearTicks) Ticks(low, high float64) []plot.Tick {
	step := niceStep((high - low) / float64(about))
	if !(step > 0) || math.IsInf(step, 0) {
		return []plot.Tick{{Value: low, Label: number(low)}}
	}
	var ticks []plot.Tick
	const slack = 1e-9 // of a step: an end that is a multiple gets its tick
	for i := math.Ceil(low/step - slack); i <= high/step+slack && len(ticks) < 100; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: tickLabel(i*step, step)})
	}
	return ticks
}

// niceStep is the smallest of 1, 2 and 5 times a power of ten that is at least about.
func niceStep(about float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(about)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= about*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// tickLabel writes a multiple of step with the decimals that step needs.
func tickLabel(v, step float64) string {
	size := math.Max(math.Abs(v), step)
	unit, suffix := 1.0, ""
	switch {
	case math.Abs(v) < step/2:
		return "0"
	case size >= 1e12 || step < 1e-4:
		return number(v)
	case step >= 1e6:
		unit, suffix = 1e6, "M"
	case step >= 1e3 || size >= 1e5:
		unit, suffix = 1e3, "k"
	}
	decimals := int(math.Max(0, math.Ceil(-math.Log10(step/unit)-1e-9)))
	return strconv.FormatFloat(v/unit, 'f', decimals, 64) + suffix
}

// logTicks are at powers of ten, or also at 2 and 5 times those when there are
// few; about as many as it says at most.
type logTicks int

// Ticks implements plot.Ticker.
func (about logTicks) Ticks(low, high float64) []plot.Tick {
	first, last := math.Floor(math.Log10(low)), math.Ceil(math.Log10(high))
	decades := math.Log10(high) - math.Log10(low)
	if decades < 0.7 { // a log scale is nearly linear here
		return linearTicks(about).Ticks(low, high)
	}
	every := math.Max(1, math.Ceil(decades/float64(about)))
	inRange := func(v float64) bool { return v >= low*(1-1e-9) && v <= high*(1+1e-9) }
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		for m := 1.0; m < 10; m++ {
			v := m * math.Pow(10, e)
			switch {
			case !inRange(v):
			case m == 1 && math.Mod(e, every) == 0, decades < 2.5 && (m == 2 || m == 5):
				ticks = append(ticks, plot.Tick{Value: v, Label: number(v)})
			case every == 1 && decades < 6 || m == 1:
				ticks = append(ticks, plot.Tick{Value: v})
			}
		}
	}
	return ticks
}

// noTicks is an axis without marks.
type noTicks struct{}

// Ticks implements plot.Ticker.
func (noTicks) Ticks(_, _ float64) []plot.Tick { return nil }

// number writes a value in three digits: 0.0123, 12.3, 1e-5, 1.23e7.
func number(v float64) string {
	size := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "Inf", "∞", 1)
	case size == 0:
		return "0"
	case size >= 1e-3 && size < 99999.5:
		if size >= 999.5 {
			return strconv.FormatFloat(v, 'f', 0, 64)
		}
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64) // reads what it wrote
		return strconv.FormatFloat(rounded, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', 2, 64), "e")
	mantissa = strings.TrimSuffix(strings.TrimRight(mantissa, "0"), ".")
	e, _ := strconv.Atoi(exponent) // reads what it wrote
	return mantissa + "e" + strconv.Itoa(e)
}
