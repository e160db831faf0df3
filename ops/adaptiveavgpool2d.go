package ops

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// AdaptiveAvgPool2D is the mean of height x width windows that together cover each channel of each image,
// whatever its size:
//
//	y[n, i, j, c] = mean of x[n, k, l, c] over floor(i*h/height) <= k < ceil((i+1)*h/height), and l likewise
//
// x is float32 or float64, [batch, h, w, channels], or [batch, channels, h, w] with ChannelsFirst; sizes may
// be unknown. Windows overlap where the sizes do not divide, and repeat elements of images smaller than the
// result. So a dense layer that has learned from maps of one size can follow maps of others. Of images that already
// are height x width, it is x. An image without pixels is an error. The gradient spreads grad evenly over each window.
//
// TF: none. PyTorch: torch.nn.AdaptiveAvgPool2d. Dtypes: float. Gradient: yes.
func AdaptiveAvgPool2D(s *graph.Scope, x *gorgonia.Node, height, width int, format DataFormat) *gorgonia.Node {
	p := adaptive{height, width}
	return pool(s, x, format, "AdaptiveAvgPool", p, nil, meanOfWindows{"AdaptiveAvgPool", p, false}.apply)
}

// adaptive lays so many windows over images.
type adaptive struct{ height, width int }

func (p adaptive) attrs() map[string]interface{} {
	return map[string]interface{}{"output_size": [2]int{p.height, p.width}}
}

func (p adaptive) inferIn(x graph.Spec, f DataFormat) (graph.Spec, error) {
	out := graph.Spec{Dtype: x.Dtype, Shape: x.Shape}
	m, err := f.imagesOf(x)
	switch {
	case err != nil:
		return out, err
	case !x.IsFloat():
		return out, errors.Errorf("x is %v; want float32 or float64 (ops.Cast converts)", x)
	case min(p.height, p.width) < 1:
		return out, errors.Errorf("the result is to be %d x %d; want positive numbers", p.height, p.width)
	case m.h == 0 || m.w == 0:
		return out, errors.Errorf("x is %v; want images of at least one pixel", x)
	}
	m.h, m.w = p.height, p.width
	out.Shape = f.shape(m)
	return out, nil
}

func (p adaptive) over(x graph.Spec) (*windows, error) {
	m, err := ChannelsLast.imagesOf(x)
	if err != nil {
		return nil, err
	}
	rows := covering(m.h, p.height)
	tops := make([]int, len(rows))
	for i, r := range rows {
		tops[i] = r.from
	}
	return newWindows(m, rows, tops, covering(m.w, p.width), m.h%p.height == 0), nil
}

// covering lists windows that together cover n elements.
func covering(n, windows int) []taps {
	all := make([]taps, windows)
	for o := range all {
		from, to := o*n/windows, ((o+1)*n+windows-1)/windows
		all[o] = taps{from, to - from, to - from}
	}
	return all
}
