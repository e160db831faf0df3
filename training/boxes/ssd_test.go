package boxes

import (
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// single has two grids over 30 x 40 pixels: 2 x 3 cells of two priors, 1 x 1 of one.
var single = SSD{Strides: []int{16, 64}, Sizes: [][]float64{{6, 12}, {60}}}

// The priors of the published detectors, by the formula of generate_priors in pytorch-ssd: (i+.5)/cells, side/pixels, clamped to 1.
func TestPriors(t *testing.T) {
	all, err := single.Priors(30, 40)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2*3*2+1 {
		t.Fatalf("there are %d priors; want 13", len(all))
	}
	for i, want := range map[int][4]float64{ // centre, width, height
		0:  {0.5 / 3, 0.25, 6. / 40, 6. / 30},
		1:  {0.5 / 3, 0.25, 12. / 40, 12. / 30},
		2:  {1.5 / 3, 0.25, 6. / 40, 6. / 30},
		7:  {0.5 / 3, 0.75, 12. / 40, 12. / 30},
		12: {0.5, 0.5, 1, 1},
	} {
		b := all[i]
		for k, got := range [4]float64{(b.Left + b.Right) / 2, (b.Top + b.Bottom) / 2, b.Width(), b.Height()} {
			if math.Abs(got-want[k]) > 1e-15 {
				t.Errorf("prior %d is %+v; want %v", i, b, want)
			}
		}
	}
}

func TestSSDBoxes(t *testing.T) {
	logits, locations := make([]float32, 2*13*3), make([]float32, 2*13*4)
	// Of the second picture, prior 2: class 2 with probability 2/4, class 1 with 1/4.
	copy(logits[(13+2)*3:], []float32{0, 0, float32(math.Log(2))})
	copy(locations[(13+2)*4:], []float32{2, -1, float32(math.Log(2) / 0.2), 0})
	for i := range 26 {
		if i != 13+2 {
			logits[3*i] = 20 // the background
		}
	}
	of := func(d SSD, x, y interface{}) [][]Box {
		t.Helper()
		got, err := d.Boxes(tensor.New(tensor.WithShape(2, 13, 3), tensor.WithBacking(x)), tensor.New(tensor.WithShape(2, 13, 4), tensor.WithBacking(y)), 30, 40, 0.2)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	wide := func(x []float32) []float64 {
		all := make([]float64, len(x))
		for i, v := range x {
			all[i] = float64(v)
		}
		return all
	}
	w, h := 6./40, 6./30
	x, y := 0.5+0.1*2*w, 0.25-0.1*h
	want := Box{Left: x - w, Top: y - h/2, Right: x + w, Bottom: y + h/2}
	for _, got := range [][][]Box{of(single, logits, locations), of(single, wide(logits), wide(locations))} {
		if len(got) != 2 || len(got[0]) != 0 || len(got[1]) != 2 {
			t.Fatalf("got %v", got)
		}
		for i, b := range got[1] {
			if IoU(b, want) < 1-1e-6 || b.Class != i+1 || math.Abs(b.Probability-[]float64{0.25, 0.5}[i]) > 1e-6 {
				t.Errorf("got %+v; want class %d in %+v", b, i+1, want)
			}
		}
	}
	other := single
	other.CenterVariance, other.SizeVariance = 0.5, 0.1
	b := of(other, logits, locations)[1][0]
	if math.Abs((b.Left+b.Right)/2-(0.5+0.5*2*w)) > 1e-7 || math.Abs(b.Width()-w*math.Sqrt2) > 1e-7 {
		t.Errorf("with other variances: %+v", b)
	}
	logits[(13+2)*3] = float32(math.NaN())
	if got := of(single, logits, locations); len(got[1]) != 0 {
		t.Errorf("of NaN: %v", got)
	}
}

func TestSSDBadInput(t *testing.T) {
	zeros := func(shape ...int) *tensor.Dense {
		return tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))
	}
	for _, c := range []struct {
		logits, locations *tensor.Dense
		want              string
	}{
		{nil, zeros(1, 13, 4), "came nil and float32 (1, 13, 4)"},
		{zeros(1, 13, 2), nil, "float32 (1, 13, 2) and nil"},
		{zeros(1, 12, 2), zeros(1, 12, 4), "logits [batch, 13, classes]"},
		{zeros(1, 13, 2), zeros(1, 13, 5), "locations [batch, 13, 4]"},
		{zeros(1, 13, 1), zeros(1, 13, 4), "two classes or more"},
		{zeros(2, 13, 2), zeros(1, 13, 4), "wanted logits"},
		{zeros(13, 2), zeros(13, 4), "wanted logits"},
		{tensor.New(tensor.WithShape(1, 13, 2), tensor.Of(tensor.Int)), zeros(1, 13, 4), "both float32 or float64"},
		{tensor.New(tensor.WithShape(1, 13, 2), tensor.Of(tensor.Float64)), zeros(1, 13, 4), "both float32 or float64"},
	} {
		if _, err := single.Boxes(c.logits, c.locations, 30, 40, 0.5); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v; want %s", err, c.want)
		}
	}
	for _, c := range []struct {
		detector      SSD
		height, width int
		want          string
	}{
		{single, 0, 40, "came 0 and 40"},
		{single, 30, math.MaxInt, "wanted the height and width"},
		{SSD{}, 30, 40, "0 Strides and Sizes for 0 grids"},
		{SSD{Strides: []int{8}}, 30, 40, "want as many"},
		{SSD{Strides: []int{0}, Sizes: [][]float64{{1}}}, 30, 40, "Strides has 0"},
		{SSD{Strides: []int{8}, Sizes: [][]float64{{math.NaN()}}}, 30, 40, "Sizes has NaN"},
		{SSD{Strides: []int{1}, Sizes: [][]float64{{1}}}, 1 << 20, 1 << 20, "more than 16777216 priors"},
		{SSD{Strides: []int{8}, Sizes: [][]float64{{1}}, CenterVariance: -1}, 30, 40, "CenterVariance is -1"},
		{SSD{Strides: []int{8}, Sizes: [][]float64{{1}}, SizeVariance: math.NaN()}, 30, 40, "SizeVariance NaN"},
	} {
		if _, err := c.detector.Priors(c.height, c.width); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v; want %s", err, c.want)
		}
		if _, err := c.detector.Boxes(zeros(1, 1, 2), zeros(1, 1, 4), c.height, c.width, 0); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v; want %s", err, c.want)
		}
	}
}
