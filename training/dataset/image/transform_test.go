package image

import (
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/plexaura/plexaura/internal/golden"
	"github.com/plexaura/plexaura/training/dataset"
)

// every is each Transform with a config that changes something, for pictures of 9x12 of 3 channels.
var every = map[string]dataset.Transform{
	"Affine":            Affine(AffineConfig{Rotate: 20, ShiftX: 1, ShiftY: 2, MinZoom: 0.8, MaxZoom: 1.2, Shear: 5}),
	"AffineNearest":     Affine(AffineConfig{Rotate: 20, Nearest: true, Padding: PadReflect}),
	"Shift":             Shift(ShiftConfig{X: 2, Y: 1}),
	"ShiftSubpixel":     Shift(ShiftConfig{X: 2.5, Subpixel: true, Padding: PadSymmetric}),
	"FlipHorizontal":    FlipHorizontal(0.5),
	"FlipVertical":      FlipVertical(0.5),
	"RandomCrop":        RandomCrop(RandomCropConfig{Height: 8, Width: 8, Pad: 2, Padding: PadEdge}),
	"RandomResizedCrop": RandomResizedCrop(RandomResizedCropConfig{Height: 8, Width: 6}),
	"Cutout":            Cutout(CutoutConfig{Size: 4, Holes: 2}),
	"RandomErasing":     RandomErasing(RandomErasingConfig{}),
	"ErasingNoise":      RandomErasing(RandomErasingConfig{Noise: true}),
	"ColorJitter":       ColorJitter(ColorJitterConfig{Brightness: 0.2, Contrast: 0.2, Saturation: 0.2, Hue: 0.1, Max: 500}),
	"GaussianNoise":     GaussianNoise(0.1),
	"Normalize":         Normalize(ImageNet),
	"Standardize":       Standardize(),
	"ToCHW":             ToCHW(),
	"ToHWC":             ToHWC(),
	"Rotate90":          Rotate90(1),
	"SwapPatches":       SwapPatches(SwapPatchesConfig{Size: 3, Swaps: 2}),
	"ResizeTo":          ResizeTo(5, 20, Bicubic),
	"Augment":           Augment(AugmentConfig{Shift: 1, Rotate: 10, Zoom: 0.1, CropHeight: 8, CropWidth: 8, FlipHorizontal: true, Brightness: 0.1, Noise: 0.1, Cutout: 3}),
}

// The same numbers drawn give the same bits, in both layouts, and the label stays.
func TestTransformsFollowTheSeed(t *testing.T) {
	for name, change := range every {
		changed := false
		for seed := range uint64(8) {
			var first *Image
			for _, l := range []Layout{HWC, HWC, CHW} {
				m := counting(9, 12, 3, HWC)
				e := exampleOf(m.To(l), seed)
				if err := change(e); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				out := imageFrom(t, e)
				changed = changed || !slices.Equal(out.Pix, m.Pix)
				if e.Label != 3 || e.Index != 0 {
					t.Errorf("%s: label %d, index %d", name, e.Label, e.Index)
				}
				if name != "ToCHW" && name != "ToHWC" && out.Layout != l {
					t.Errorf("%s: layout %v became %v", name, l, out.Layout)
				}
				// What draws a number for each value draws them in the order of memory.
				if l == CHW && (name == "GaussianNoise" || name == "ErasingNoise" || name == "Augment") {
					continue
				}
				out = out.To(HWC)
				if first == nil {
					first = out
				} else if !slices.Equal(out.Pix, first.Pix) && name != "Standardize" && name != "ColorJitter" {
					t.Errorf("%s, seed %d: another picture in %v", name, seed, l)
				} else if (name == "Standardize" || name == "ColorJitter") && !near(out.Pix, first.Pix, 1e-4) { // sums in another order
					t.Errorf("%s, seed %d: a picture far off in %v", name, seed, l)
				}
			}
		}
		if !changed && name != "ToHWC" {
			t.Errorf("%s never changed the picture", name)
		}
	}
}

func near(a, b []float32, tolerance float64) bool {
	for i := range b {
		if math.Abs(float64(a[i]-b[i])) > tolerance*max(1, math.Abs(float64(b[i]))) {
			return false
		}
	}
	return len(a) == len(b)
}

func TestTransformsDoNotAllocate(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties the pool
	for name, change := range every {
		e := exampleOf(counting(9, 12, 3, HWC), 1)
		run := func() {
			e.Resize(9, 12, 3)
			for i := range e.X {
				e.X[i] = float32(i)
			}
			if err := change(e); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			run()
		}
		if n := testing.AllocsPerRun(50, run); n > 0 && !raceDetector {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// [h, w] and MNIST's [n] are pictures of one channel, and stay what they are.
func TestForms(t *testing.T) {
	for _, shape := range [][]int{{6, 6, 1}, {1, 6, 6}, {6, 6}, {36}} {
		e := &dataset.Example{X: counting(6, 6, 1, HWC).Pix, Shape: slices.Clone(shape)}
		if err := ResizeTo(3, 2, Nearest)(e); err != nil {
			t.Fatal(err)
		}
		want := map[int][]int{3: {3, 2, 1}, 2: {3, 2}, 1: {6}}[len(shape)]
		if shape[0] == 1 {
			want = []int{1, 3, 2}
		}
		if !slices.Equal(e.Shape, want) || !slices.Equal(e.X, []float32{7, 10, 19, 22, 31, 34}) {
			t.Errorf("%v becomes %v: %v", shape, e.Shape, e.X)
		}
	}
	e := exampleOf(counting(2, 2, 3, HWC), 0)
	if err := ToCHW()(e); err != nil || !slices.Equal(e.Shape, []int{3, 2, 2}) || !slices.Equal(e.X, counting(2, 2, 3, CHW).Pix) {
		t.Errorf("%v, %v, %v", e.Shape, e.X, err)
	}
	if err := ToHWC()(e); err != nil || !slices.Equal(e.X, counting(2, 2, 3, CHW).Pix) || !slices.Equal(e.Shape, []int{3, 2, 2}) {
		// [3, 2, 2] reads as height 3, width 2 and 2 channels: the package comment's rule, which needs more than 4 columns to tell.
		t.Errorf("%v, %v, %v", e.Shape, e.X, err)
	}
	e = exampleOf(counting(5, 6, 3, CHW), 0)
	if err := ToHWC()(e); err != nil || !slices.Equal(e.X, counting(5, 6, 3, HWC).Pix) || !slices.Equal(e.Shape, []int{5, 6, 3}) {
		t.Errorf("%v, %v, %v", e.Shape, e.X, err)
	}
}

func TestExamplesRefused(t *testing.T) {
	for _, e := range []*dataset.Example{
		nil,
		{Index: 7, X: make([]float32, 35), Shape: []int{35}},
		{Index: 7, X: make([]float32, 6*6*6), Shape: []int{6, 6, 6}},
		{Index: 7, X: make([]float32, 36), Shape: []int{1, 1, 6, 6}},
		{Index: 7, X: make([]float32, 35), Shape: []int{6, 6, 1}},
		{Index: 7, Shape: []int{0, 6, 1}},
		{Index: 7},
	} {
		err := Standardize()(e)
		wantError(t, err, "image: Standardize")
		if e != nil {
			wantError(t, err, "example 7")
		}
	}
	for name, change := range every {
		e := &dataset.Example{Index: 5, X: make([]float32, 9*12*3), Shape: []int{9, 12, 3}}
		switch err := change(e); name {
		case "Normalize", "Standardize", "ToCHW", "ToHWC", "ResizeTo", "Rotate90":
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		default:
			wantError(t, err, "image: ", "example 5", "Rand")
		}
	}
	e := exampleOf(counting(4, 4, 1, HWC), 0)
	wantError(t, ColorJitter(ColorJitterConfig{Hue: 0.1})(e), "image: ColorJitter", "3 or 4 channels", "came 1")
	wantError(t, Normalize(ImageNet)(e), "image: Normalize", "came 3")
	wantError(t, RandomCrop(RandomCropConfig{Height: 5, Width: 5})(e), "image: RandomCrop", "4x4", "Pad")
}

func TestConfigsRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for want, change := range map[string]dataset.Transform{
		"Affine: Rotate: wanted 0 to 180, came 200": Affine(AffineConfig{Rotate: 200}),
		"Affine: Rotate: wanted 0 to 180, came NaN": Affine(AffineConfig{Rotate: nan}),
		"Affine: ShiftX":                  Affine(AffineConfig{ShiftX: inf}),
		"Affine: MinZoom":                 Affine(AffineConfig{MinZoom: -1}),
		"Affine: MaxZoom":                 Affine(AffineConfig{MinZoom: 0.9, MaxZoom: 0.5}),
		"Affine: Shear":                   Affine(AffineConfig{Shear: 90}),
		"Affine: Padding":                 Affine(AffineConfig{Padding: 4}),
		"Shift: X and Y: wanted how many": Shift(ShiftConfig{}),
		"Shift: X and Y: wanted whole":    Shift(ShiftConfig{X: 1.5}),
		"Shift: X: wanted":                Shift(ShiftConfig{X: -1}),
		"FlipHorizontal: probability: wanted 0 to 1, came 1.5":  FlipHorizontal(1.5),
		"FlipVertical: probability":                             FlipVertical(nan),
		"RandomCrop: Height, Width and Pad are all 0":           RandomCrop(RandomCropConfig{}),
		"RandomCrop: Height and Width":                          RandomCrop(RandomCropConfig{Height: 3}),
		"RandomCrop: Pad":                                       RandomCrop(RandomCropConfig{Pad: -1}),
		"RandomResizedCrop: wanted a height and width":          RandomResizedCrop(RandomResizedCropConfig{}),
		"RandomResizedCrop: MinArea":                            RandomResizedCrop(RandomResizedCropConfig{Height: 1, Width: 1, MinArea: 0.5, MaxArea: 0.2}),
		"RandomResizedCrop: MinAspect":                          RandomResizedCrop(RandomResizedCropConfig{Height: 1, Width: 1, MinAspect: -2}),
		"RandomResizedCrop: Resampling":                         RandomResizedCrop(RandomResizedCropConfig{Height: 1, Width: 1, Resampling: -1}),
		"Cutout: Size: wanted 1 or more pixels, came 0":         Cutout(CutoutConfig{}),
		"Cutout: Holes":                                         Cutout(CutoutConfig{Size: 1, Holes: -1}),
		"SwapPatches: Size: wanted 1 or more pixels, came 0":    SwapPatches(SwapPatchesConfig{}),
		"SwapPatches: Swaps":                                    SwapPatches(SwapPatchesConfig{Size: 1, Swaps: -1}),
		"SwapPatches: example 0: a picture":                     SwapPatches(SwapPatchesConfig{Size: 9}),
		"RandomErasing: Probability":                            RandomErasing(RandomErasingConfig{Probability: 2}),
		"RandomErasing: MaxArea":                                RandomErasing(RandomErasingConfig{MaxArea: 2}),
		"ColorJitter: Hue: wanted 0 to 0.5":                     ColorJitter(ColorJitterConfig{Hue: 0.6}),
		"ColorJitter: Brightness":                               ColorJitter(ColorJitterConfig{Brightness: -0.6}),
		"GaussianNoise: std":                                    GaussianNoise(-1),
		"Normalize: Normalization.Std[1]":                       Normalize(Normalization{Std: []float64{1, -1}}),
		"Normalize: Normalization.Mean[0]":                      Normalize(Normalization{Mean: []float64{nan}}),
		"ResizeTo: wanted a height and width":                   ResizeTo(0, 5, Bilinear),
		"ResizeTo: Resampling":                                  ResizeTo(5, 5, 99),
		"Augment: Zoom":                                         Augment(AugmentConfig{Zoom: 1}),
		"Augment: Cutout":                                       Augment(AugmentConfig{Cutout: -1}),
		"Augment: Shift":                                        Augment(AugmentConfig{Shift: -1}),
		"Augment: image: Affine: Rotate: wanted 0 to 180, came": Augment(AugmentConfig{Rotate: 181}),
	} {
		e := exampleOf(counting(9, 12, 3, HWC), 0)
		wantError(t, change(e), "image: "+want)
		if !slices.Equal(e.X, counting(9, 12, 3, HWC).Pix) {
			t.Errorf("%s: the example was changed", want)
		}
	}
}

func TestColoursAgainstTorchvision(t *testing.T) {
	for _, op := range []string{"Brightness", "Contrast", "Saturation", "Hue"} {
		for _, c := range golden.Cases(t, "images", op) {
			for _, l := range layouts {
				m := imageOf(c.In("x"), l)
				f := float32(c.Param("factor"))
				g := m.grid()
				switch op {
				case "Brightness":
					g.brightness(m.Pix, f, 1)
				case "Contrast":
					g.contrast(m.Pix, f, 1)
				case "Saturation":
					g.saturation(m.Pix, f, 1)
				case "Hue":
					g.hue(m.Pix, f, 1)
				}
				if err := golden.Close(m.To(HWC).Pix, c.Out("y"), 1e-5, 1e-6); err != nil {
					t.Errorf("%s %v: %v", c.Name, l, err)
				}
			}
		}
	}
	// Alpha stays.
	m := counting(2, 2, 4, HWC)
	g := m.grid()
	g.brightness(m.Pix, 0.5, 20)
	g.contrast(m.Pix, 0.5, 20)
	g.saturation(m.Pix, 0.5, 20)
	g.hue(m.Pix, 0.5, 20)
	for i := 3; i < 16; i += 4 {
		if m.Pix[i] != float32(i) {
			t.Errorf("alpha %d became %v", i, m.Pix[i])
		}
	}
}

func TestStandardizeAgainstTensorFlow(t *testing.T) {
	for _, c := range golden.Cases(t, "images", "Standardize") {
		e := exampleOf(imageOf(c.In("x"), HWC), 0)
		if err := Standardize()(e); err != nil {
			t.Fatal(err)
		}
		if err := golden.Close(e.X, c.Out("y"), 1e-6, 1e-6); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

func BenchmarkTransforms(b *testing.B) {
	for _, size := range [][3]int{{28, 28, 1}, {32, 32, 3}, {224, 224, 3}} {
		for _, name := range []string{"Affine", "Shift", "FlipHorizontal", "RandomCrop", "RandomResizedCrop", "Cutout", "RandomErasing", "ColorJitter", "GaussianNoise",
			"Standardize", "chapter"} {
			change := every[name]
			switch name {
			case "RandomCrop":
				change = RandomCrop(RandomCropConfig{Pad: 4})
			case "RandomResizedCrop":
				change = RandomResizedCrop(RandomResizedCropConfig{Height: size[0], Width: size[1]})
			case "chapter":
				change = Augment(AugmentConfig{Shift: 2, Rotate: 10, FlipHorizontal: true, Cutout: 8})
			case "ColorJitter":
				if size[2] == 1 {
					continue
				}
			}
			b.Run(fmt.Sprintf("%dx%dx%d/%s", size[0], size[1], size[2], name), func(b *testing.B) {
				e := exampleOf(counting(size[0], size[1], size[2], HWC), 1)
				b.ReportAllocs()
				for b.Loop() {
					if err := change(e); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
