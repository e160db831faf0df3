package show

import (
	"fmt"
	"math"
	"strings"
)

// statistics describe the values of a tensor.
type statistics struct {
	of, looked    int // elements, and how many of them were looked at
	nan, inf      int
	zeros         int
	low, high     float64 // of the finite ones, as all below
	mean, std     float64
	counts        []int // in bins of equal width from low to high
	finite, every int
}

const (
	maxLooked = 1 << 24
	bins      = 32
)

// statisticsOf looks at all elements, or evenly at some millions where there are more.
func statisticsOf(e *elements) *statistics {
	if !e.numeric() {
		return nil
	}
	s := &statistics{of: e.size, every: 1, low: math.Inf(1), high: math.Inf(-1)}
	if e.size > maxLooked {
		s.every = (e.size+maxLooked-1)/maxLooked | 1 // an odd number does not keep to the columns of an even number
	}
	sum := 0.0
	e.each(s.every, func(v float64) {
		s.looked++
		switch {
		case math.IsNaN(v):
			s.nan++
			return
		case math.IsInf(v, 0):
			s.inf++
			return
		case v == 0:
			s.zeros++
		}
		s.finite++
		s.low, s.high = min(s.low, v), max(s.high, v)
		sum += v
	})
	if s.finite == 0 {
		s.low, s.high, s.mean, s.std = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		return s
	}
	s.mean = sum / float64(s.finite)
	s.counts = make([]int, bins)
	squares, scale := 0.0, max(s.high-s.mean, s.mean-s.low) // their squares may exceed a float64
	if scale == 0 || math.IsInf(scale, 0) {
		scale = 1
	}
	e.each(s.every, func(v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		squares += (v - s.mean) / scale * ((v - s.mean) / scale)
		if width := s.high/bins - s.low/bins; width > 0 {
			s.counts[max(0, min(bins-1, int(v/width-s.low/width)))]++
		} else {
			s.counts[bins/2]++
		}
	})
	s.std = scale * math.Sqrt(squares/float64(s.finite))
	return s
}

// rows are the statistics by name.
func (s *statistics) rows() [][]string {
	rows := [][]string{{"mean", number(s.mean)}, {"std", number(s.std)}, {"min", number(s.low)}, {"max", number(s.high)}, {"zeros", grouped(s.zeros)}}
	if s.nan > 0 {
		rows = append(rows, []string{"NaN", grouped(s.nan)})
	}
	if s.inf > 0 {
		rows = append(rows, []string{"infinite", grouped(s.inf)})
	}
	if s.looked < s.of {
		rows = append(rows, []string{"looked at", grouped(s.looked) + " of " + grouped(s.of)})
	}
	return rows
}

// String is the statistics in a line.
func (s *statistics) String() string {
	if s == nil {
		return ""
	}
	var parts []string
	for _, row := range s.rows() {
		parts = append(parts, row[0]+" "+row[1])
	}
	return strings.Join(parts, ", ")
}

// histogram is a small picture of how the values are distributed, "" where none is finite.
func (s *statistics) histogram() string {
	if s == nil || s.finite == 0 {
		return ""
	}
	const bar = 224.0 / bins
	most := 1
	for _, n := range s.counts {
		most = max(most, n)
	}
	d := &drawing{}
	for i, n := range s.counts {
		if n > 0 {
			height := max(1, 56*float64(n)/float64(most))
			d.rect(8+float64(i)*bar, 64-height, bar-1, height, ` fill="#0072B2"`)
		}
	}
	d.line("M8 64.5H232", "")
	if s.low < 0 && s.high > 0 {
		x := 8 + 224*(-s.low/(s.high-s.low))
		d.line(fmt.Sprintf("M%.1f 64V68", x), "")
		if x > 60 && x < 180 {
			d.text(x, 78, detailSize, inkFaint, "0", centred)
		}
	}
	d.text(8, 78, detailSize, inkFaint, number(s.low), "")
	d.text(232, 78, detailSize, inkFaint, number(s.high), before)
	return d.document(240, 84, 1)
}
