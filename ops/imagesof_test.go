package ops

import (
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

func TestDataFormat(t *testing.T) {
	x := graph.Spec{Dtype: tensor.Float32, Shape: tensor.Shape{-1, 5, 6, 3}}
	for f, want := range map[DataFormat]images{ChannelsLast: {-1, 5, 6, 3}, ChannelsFirst: {-1, 6, 3, 5}} {
		m, err := f.imagesOf(x)
		if err != nil || m != want {
			t.Errorf("%v of %v: %v, %v; want %v", f, x, m, err, want)
		}
		if !f.shape(m).Eq(x.Shape) {
			t.Errorf("%v: the shape of %v is %v; want %v", f, m, f.shape(m), x.Shape)
		}
		for i, a := range f.spatial() {
			if d := []int{m.h, m.w}[i]; x.Shape[a] != d {
				t.Errorf("%v: axis %d is spatial, of size %d; want size %d", f, a, x.Shape[a], d)
			}
		}
	}
	x.Shape = x.Shape[:3]
	for f, word := range map[DataFormat]string{ChannelsLast: "[batch, height, width, channels]", ChannelsFirst: "[batch, channels, height, width]", 2: "DataFormat(2)"} {
		if _, err := f.imagesOf(x); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%v of rank 3: error %v; want one with %q", f, err, word)
		}
	}
}
