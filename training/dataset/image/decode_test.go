package image

import (
	"bytes"
	"fmt"
	stdimage "image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/golden"
)

// Files of every kind have PIL's pixels: to the bit, but for JPEG, where the decoders round differently.
func TestDecodeAgainstPIL(t *testing.T) {
	for _, c := range golden.Cases(t, "images", "Decode") {
		name := strings.TrimPrefix(c.Name, "Decode/")
		for output, channels := range map[string]int{"l": 1, "rgb": 3, "rgba": 4} {
			if !c.Has(output) {
				continue
			}
			for _, l := range layouts {
				t.Run(fmt.Sprint(name, output, l), func(t *testing.T) {
					m, err := Open(filepath.Join("testdata", name), Config{Channels: channels, Layout: l, Normalize: Bytes})
					if err != nil {
						t.Fatal(err)
					}
					tolerance := 0.0
					switch {
					case strings.HasSuffix(name, ".jpg"), strings.HasPrefix(name, "lossy"):
						tolerance = 2
					case name == "grey16.png":
						tolerance = 1e-4
					}
					if got := m.Shape(); len(m.Pix) != got[0]*got[1]*got[2] || m.Layout != l {
						t.Fatalf("shape %v, layout %v, %d values", got, m.Layout, len(m.Pix))
					}
					if err := golden.Close(m.To(HWC).Pix, c.Out(output), 0, tolerance); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

func TestIgnoreOrientation(t *testing.T) {
	plain, err := Open("testdata/orientation1.jpg", Config{})
	if err != nil {
		t.Fatal(err)
	}
	for n := 2; n <= 8; n++ {
		m, err := Open(fmt.Sprintf("testdata/orientation%d.jpg", n), Config{IgnoreOrientation: true})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(m.Pix, plain.Pix) {
			t.Errorf("orientation %d: the picture was turned", n)
		}
	}
}

// Metadata that is damaged does not turn a picture, and does not refuse it.
func TestDamagedExif(t *testing.T) {
	file, err := os.ReadFile("testdata/orientation6.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if o := exifOrientation(file); o != 6 {
		t.Fatalf("orientation %d, want 6", o)
	}
	at := bytes.Index(file, []byte("Exif\x00\x00")) + 6
	turned := 0
	for i := at; i < at+26; i++ {
		for _, v := range []byte{0, 1, 9, 0x7f, 0xff} {
			damaged := slices.Clone(file)
			damaged[i] = v
			if o := exifOrientation(damaged); o < 1 || o > 8 {
				t.Errorf("byte %d is %d: orientation %d", i, v, o)
			} else if o == 6 {
				turned++
			}
		}
	}
	if turned == 26*5 {
		t.Error("no byte of the directory matters")
	}
	for n := range file[:at+40] {
		if o := exifOrientation(file[:n]); o != upright && o != 6 {
			t.Errorf("%d bytes: orientation %d", n, o)
		}
	}
}

func TestAlpha(t *testing.T) {
	src := stdimage.NewNRGBA(stdimage.Rect(5, 7, 7, 8)) // bounds that do not begin at 0
	src.SetNRGBA(5, 7, color.NRGBA{R: 100, G: 200, B: 50, A: 51})
	src.SetNRGBA(6, 7, color.NRGBA{R: 1, G: 2, B: 3, A: 255})
	for _, c := range []struct {
		cfg  Config
		want []float32
	}{
		{Config{}, []float32{100, 200, 50, 1, 2, 3}},
		{Config{Channels: 4}, []float32{100, 200, 50, 51, 1, 2, 3, 255}},
		{Config{Background: color.White}, []float32{224, 244, 214, 1, 2, 3}},
		{Config{Background: color.Black, Channels: 4}, []float32{20, 40, 10, 255, 1, 2, 3, 255}},
		{Config{Channels: 4, Layout: CHW}, []float32{100, 1, 200, 2, 50, 3, 51, 255}},
	} {
		c.cfg.Normalize = Bytes
		m, err := From(src, c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range m.Pix {
			if d := v - c.want[i]; d > 1e-4 || d < -1e-4 {
				t.Errorf("%+v: %v, want %v", c.cfg, m.Pix, c.want)
				break
			}
		}
	}
}

// The slow way through At agrees with the fast one for every kind of picture.
func TestRowReaders(t *testing.T) {
	bounds := stdimage.Rect(-3, 2, 4, 7)
	palette := color.Palette{color.NRGBA{1, 2, 3, 255}, color.NRGBA{200, 100, 50, 255}, color.NRGBA{9, 8, 7, 0}}
	for _, src := range []stdimage.Image{stdimage.NewGray(bounds), stdimage.NewGray16(bounds), stdimage.NewRGBA(bounds), stdimage.NewNRGBA(bounds),
		stdimage.NewRGBA64(bounds), stdimage.NewNRGBA64(bounds), stdimage.NewCMYK(bounds), stdimage.NewPaletted(bounds, palette), stdimage.NewAlpha(bounds)} {
		if set, ok := src.(interface{ Set(x, y int, c color.Color) }); ok {
			for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
				for x := bounds.Min.X; x < bounds.Max.X; x++ {
					set.Set(x, y, color.NRGBA{uint8(30 * (x + 3)), uint8(40 * y), uint8(x * y), 255})
				}
			}
		}
		m, err := From(src, Config{Channels: 4, Normalize: Bytes})
		if err != nil {
			t.Fatal(err)
		}
		tolerance := float32(1e-3)
		if _, ok := src.(*stdimage.CMYK); ok {
			tolerance = 1 // eight bits, from sixteen
		}
		for y := range m.Height {
			for x := range m.Width {
				want := color.NRGBA64Model.Convert(src.At(bounds.Min.X+x, bounds.Min.Y+y)).(color.NRGBA64)
				for ch, v := range []uint16{want.R, want.G, want.B, want.A} {
					if d := m.At(y, x, ch) - float32(v)/257; d > tolerance || d < -tolerance {
						t.Fatalf("%T: pixel (%d, %d), channel %d is %v, want %v", src, y, x, ch, m.At(y, x, ch), float32(v)/257)
					}
				}
			}
		}
	}
}

// A GIF's first frame may cover a part of the picture only.
func TestPartialFrame(t *testing.T) {
	palette := color.Palette{color.RGBA{10, 20, 30, 255}, color.RGBA{200, 100, 50, 255}}
	first, second := stdimage.NewPaletted(stdimage.Rect(1, 2, 3, 3), palette), stdimage.NewPaletted(stdimage.Rect(0, 0, 4, 5), palette)
	first.SetColorIndex(2, 2, 1)
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, &gif.GIF{Image: []*stdimage.Paletted{first, second}, Delay: []int{1, 1}, Config: stdimage.Config{Width: 4, Height: 5, ColorModel: palette}}); err != nil {
		t.Fatal(err)
	}
	m, err := Decode(&file, Config{Channels: 4, Normalize: Bytes})
	if err != nil {
		t.Fatal(err)
	}
	if m.Height != 5 || m.Width != 4 || m.At(2, 1, 0) != 10 || m.At(2, 2, 0) != 200 || m.At(0, 0, 3) != 0 || m.At(2, 1, 3) != 255 {
		t.Errorf("shape %v, values %v", m.Shape(), m.Pix)
	}
}

// Bytes gives whole numbers, and 0..1 what dividing by 255 gives.
func TestRange(t *testing.T) {
	src := stdimage.NewGray(stdimage.Rect(0, 0, 256, 1))
	for i := range src.Pix {
		src.Pix[i] = byte(i)
	}
	whole, err := From(src, Config{Channels: 1, Normalize: Bytes})
	if err != nil {
		t.Fatal(err)
	}
	unit, err := From(src, Config{Channels: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 256 {
		if whole.Pix[i] != float32(i) || unit.Pix[i] != float32(i)/255 {
			t.Errorf("byte %d is %v of 0..255, %v of 0..1", i, whole.Pix[i], unit.Pix[i])
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	var large bytes.Buffer
	if err := png.Encode(&large, stdimage.NewGray(stdimage.Rect(0, 0, 100, 50))); err != nil {
		t.Fatal(err)
	}
	// A header that promises 65535x65535 pixels, without the data.
	huge := append([]byte("BM"), make([]byte, 52)...)
	huge[10], huge[14], huge[18], huge[19], huge[22], huge[23], huge[26], huge[28] = 54, 40, 0xff, 0xff, 0xff, 0xff, 1, 24
	for _, c := range []struct {
		file []byte
		cfg  Config
		want []string
	}{
		{nil, Config{}, []string{"empty"}},
		{[]byte("hello, world and others"), Config{}, []string{"wanted PNG, JPEG, GIF, BMP, WebP or TIFF", "hello, world"}},
		{large.Bytes()[:20], Config{}, []string{"damaged png header"}},
		{large.Bytes()[:large.Len()-20], Config{}, []string{"damaged or truncated png"}},
		{large.Bytes(), Config{MaxPixels: 4999}, []string{"100x50", "MaxPixels, 4999"}},
		{large.Bytes(), Config{MaxFileLength: 30}, []string{"MaxFileLength, 30"}},
		{huge, Config{}, []string{"65535x65535", "MaxPixels, 67108864"}},
		{large.Bytes(), Config{Height: 3}, []string{"Height and Width", "3 and 0"}},
		{large.Bytes(), Config{Height: 1 << 40, Width: 1 << 40}, []string{"Height and Width", "MaxPixels"}},
		{large.Bytes(), Config{Height: 90, Width: 10, Fit: Crop, MaxPixels: 5000}, []string{"100x50", "180x90", "MaxPixels, 5000"}},
		{large.Bytes(), Config{Height: -3, Width: -3}, []string{"Height and Width"}},
		{large.Bytes(), Config{Channels: 2}, []string{"Channels", "came 2"}},
		{large.Bytes(), Config{Layout: 7}, []string{"Layout", "came 7"}},
		{large.Bytes(), Config{Fit: 9}, []string{"Fit", "came 9"}},
		{large.Bytes(), Config{Fit: Crop}, []string{"Height and Width"}},
		{large.Bytes(), Config{Height: 8, Width: 8, Shorter: 9}, []string{"Shorter", "Fit Crop"}},
		{large.Bytes(), Config{Height: 8, Width: 8, Fit: Crop, Shorter: 7}, []string{"Shorter", "came 7"}},
		{large.Bytes(), Config{Resampling: 99}, []string{"Resampling", "came 99"}},
		{large.Bytes(), Config{MaxPixels: -1}, []string{"MaxPixels", "came -1"}},
		{large.Bytes(), Config{MaxFileLength: -1}, []string{"MaxFileLength", "came -1"}},
		{large.Bytes(), Config{Channels: 1, Normalize: ImageNet}, []string{"Normalization.Mean", "came 3"}},
		{large.Bytes(), Config{Normalize: Normalization{Std: []float64{0}}}, []string{"Normalization.Std[0]", "came 0"}},
		{large.Bytes(), Config{Channels: 1, Normalize: Normalization{BGR: true}}, []string{"BGR", "1"}},
	} {
		m, err := Decode(bytes.NewReader(c.file), c.cfg)
		if m != nil {
			t.Errorf("%+v: a picture", c.cfg)
		}
		wantError(t, err, append(c.want, "image: Decode: ")...)
	}
	_, err := Open("testdata/none.png", Config{})
	wantError(t, err, "image: Open", "testdata/none.png")
	_, err = Open("decode_test.go", Config{})
	wantError(t, err, "image: Open decode_test.go", "package imag")
	_, err = Decode(nil, Config{})
	wantError(t, err, "image: Decode", "wanted a reader, came nil")
	_, err = From(nil, Config{})
	wantError(t, err, "image: From", "nil")
	_, err = From(stdimage.NewGray(stdimage.Rect(0, 0, 0, 3)), Config{})
	wantError(t, err, "image: From", "0x3")
}

// Every file cut short, and with bytes changed, gives an error or a picture of the promised size, and no panic.
func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.*")
	if len(files) < 20 {
		f.Fatalf("%d files in testdata", len(files))
	}
	for _, path := range files {
		file, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
		f.Add(file[:len(file)/2])
		f.Add(file[:len(file)*9/10])
		for i := 10; i < len(file); i += len(file)/5 + 1 {
			changed := slices.Clone(file)
			changed[i] ^= 0x55
			f.Add(changed)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := Decode(bytes.NewReader(file), Config{MaxPixels: 1 << 16, Channels: 4})
		if (m == nil) == (err == nil) {
			t.Fatalf("picture %v, error %v", m, err)
		}
		if err == nil && (len(m.Pix) != m.Height*m.Width*4 || m.Height*m.Width > 1<<16) {
			t.Errorf("%d values for %dx%d pixels", len(m.Pix), m.Height, m.Width)
		}
	})
}
