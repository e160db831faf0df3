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
		{slide{size: 3, stride: 2, dilation: 1}, -1, -1, 0},
	} {
		out, before, err := c.slide.over(c.n)
		if err != nil || out != c.out || before != c.before {
			t.Errorf("%+v over %d: %d windows, %d before, error %v; want %d and %d", c.slide, c.n, out, before, err, c.out, c.before)
		}
	}
}

func TestSlideRefuses(t *testing.T) {
	for _, c := range []struct {
		slide slide
		n     int
		word  string
	}{
		{slide{size: 3, stride: 1, dilation: 1}, 2, "window of 3 elements does not fit into 2"},
		{slide{size: 2, stride: 1, dilation: 3}, 3, "window of 4 elements does not fit into 3"},
		{slide{size: 1, stride: 1, dilation: 1}, 0, "does not fit into 0"},
		{slide{size: 0, stride: 1, dilation: 1}, 2, "size 0"},
		{slide{size: 2, stride: 0, dilation: 1}, 2, "stride is 0"},
		{slide{size: 2, stride: 1, dilation: -1}, 2, "dilation is -1"},
		{slide{size: 2, stride: 1, dilation: 1, pads: [2]int{0, -1}}, 2, "Pads are [0 -1]"},
		{slide{size: 2, stride: 1, dilation: 1, padding: Same, pads: [2]int{1, 1}}, 2, "Padding Same"},
		{slide{size: 2, stride: 1, dilation: 1, padding: Same, ceil: true}, 2, "CeilMode"},
		{slide{size: 2, stride: 1, dilation: 1, padding: 7}, 2, "Padding(7)"},
	} {
		if _, _, err := c.slide.over(c.n); err == nil || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%+v over %d: error %v; want one with %q", c.slide, c.n, err, c.word)
		}
	}
}
