package ops

import (
	"strings"
	"testing"
)

// The sizes are those of tf.nn.max_pool and torch.nn.functional.max_pool1d.
func TestSlideOver(t *testing.T) {
	for _, c := range []struct {
		slide          slide
		n, out, before int
	}{
		{slide{size: 2, stride: 2, dilation: 1}, 5, 2, 0},
		{slide{size: 2, stride: 2, dilation: 1, ceil: true}, 5, 3, 0},
		{slide{size: 2, stride: 2, dilation: 1, ceil: true, pads: [2]int{1, 1}}, 4, 3, 1},
		{slide{size: 3, stride: 2, dilation: 1, pads: [2]int{1, 1}}, 7, 4, 1},
		{slide{size: 3, stride: 1, dilation: 2}, 7, 3, 0},
		{slide{size: 2, stride: 3, dilation: 1, ceil: true, pads: [2]int{1, 1}}, 5, 2, 1}, // a third would begin at 6 of 1+5
		{slide{size: 3, stride: 2, dilation: 1, padding: Same}, 7, 4, 1},
		{slide{size: 3, stride: 2, dilation: 1, padding: Same}, 8, 4, 0},
		{slide{size: 2, stride: 1, dilation: 1, padding: Same}, 13, 13, 0},
		{slide{size: 3, stride: 1, dilation: 2, padding: Same}, 5, 5, 2},
		{slide{size: 1, stride: 3, dilation: 1, padding: Same}, 7, 3, 0},
		{slide{size: 3, stride: 2, dilation: 1, padding: Same}, 0, 0, 0},
		{slide{size: 3, stride: 2, dilation: 1, padding: SameLower}, 8, 4, 1},
		{slide{size: 2, stride: 1, dilation: 1, padding: SameLower}, 13, 13, 1},
		{slide{size: 3, stride: 2, dilation: 1, padding: SameLower}, 7, 4, 1},
		{slide{size: 1, stride: 3, dilation: 1, padding: SameLower}, 7, 3, 0},
		{slide{size: 3, stride: 1, dilation: 1}, 2, 0, 0},
		{slide{size: 2, stride: 1, dilation: 3}, 3, 0, 0},
		{slide{size: 1, stride: 1, dilation: 1}, 0, 0, 0},
	} {
		if out, before := c.slide.over(c.n); out != c.out || before != c.before {
			t.Errorf("%+v over %d: %d windows, %d before; want %d and %d", c.slide, c.n, out, before, c.out, c.before)
		}
	}
}

func TestWindow2DRefuses(t *testing.T) {
	one := [2]int{1, 1}
	for _, c := range []struct {
		size, strides, dilations [2]int
		padding                  Padding
		pads                     [2][2]int
		ceil                     bool
		word                     string
	}{
		{size: [2]int{-1, 1}, word: "Size is [-1 1]"},
		{size: [2]int{1, 1 << 62}, word: "16777216"},
		{size: one, strides: [2]int{1, -2}, word: "Strides is [1 -2]"},
		{size: one, strides: [2]int{1 << 62, 1}, word: "16777216"},
		{size: one, dilations: [2]int{-1, 1}, word: "Dilations is [-1 1]"},
		{size: [2]int{2, 2}, pads: [2][2]int{{0, -1}}, word: "Pads is [[0 -1] [0 0]]"},
		{size: [2]int{2, 2}, pads: [2][2]int{{}, {0, 2}}, word: "smaller pads"},
		{size: [2]int{2, 2}, pads: [2][2]int{{1, 1}}, padding: Same, word: "Padding SAME"},
		{size: [2]int{2, 2}, pads: [2][2]int{{1, 1}}, padding: SameLower, word: "Padding SAME_LOWER"},
		{size: [2]int{2, 2}, ceil: true, padding: Same, word: "CeilMode"},
		{size: one, padding: 7, word: "Padding(7)"},
	} {
		if _, err := newWindow2D(c.size, c.strides, c.dilations, c.padding, c.pads, c.ceil); err == nil || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%+v: error %v; want one with %q", c, err, c.word)
		}
	}
}
