package plots_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

// must returns the picture of a call that has to work.
func must(t *testing.T) func(*plots.Picture, error) *plots.Picture {
	return func(p *plots.Picture, err error) *plots.Picture {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

// gallery is one picture of each kind.
func gallery(t *testing.T) map[string]*plots.Picture {
	ok := must(t)
	wave := func(n int) (x []float32) {
		for i := 0; i < n; i++ {
			x = append(x, float32(math.Sin(float64(i))))
		}
		return x
	}
	return map[string]*plots.Picture{
		"curves":    ok(plots.LearningCurves([]plots.Series{{Name: "a", Values: []float64{3, math.NaN(), 2, 1}}, {Name: "b & <c>", Values: []float64{1, 2}}}, plots.CurvesConfig{Title: "Loss", Smoothing: 0.5})),
		"schedule":  ok(plots.Schedule(nil, []float64{0, 1, 0.5}, plots.ScheduleConfig{})),
		"histogram": ok(plots.Histograms([]plots.Distribution{{Name: "w", Values: wave(100)}, {Name: "v", Edges: []float64{0, 1, 3}, Counts: []float64{1, 2}}}, plots.HistogramsConfig{Title: "Weights", XLabel: "value"})),
		"confusion": ok(plots.ConfusionMatrix([][]int{{5, 1}, {0, 7}}, []string{"cat", "dog"}, plots.ConfusionConfig{})),
		"bars":      ok(plots.Bars([]string{"hidden1", "hidden2"}, []float64{0.1, math.NaN()}, plots.BarsConfig{LogScale: true, Marks: []float64{1}})),
		"scatter":   ok(plots.Scatter([]plots.Points{{Name: "a", X: []float64{0, 1}, Y: []float64{1, 0}, Joined: true}}, plots.ScatterConfig{Landscape: func(x, y float64) float64 { return x * y }})),
		"images":    ok(plots.ImageGrid([][]float32{wave(12), wave(12)}, plots.ImageGridConfig{Height: 3, Width: 4, Captions: []string{"one", "two"}})),
	}
}

// decode reads a PNG and checks its size.
func decode(t *testing.T, p *plots.Picture) image.Image {
	t.Helper()
	b, err := p.PNG()
	if err != nil {
		t.Fatal(err)
	}
	im, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if w, h := p.Size(); im.Bounds().Dx() != w || im.Bounds().Dy() != h {
		t.Errorf("the PNG is %v; Size says %d x %d", im.Bounds(), w, h)
	}
	return im
}

// texts parses an SVG, whatever is in it, and returns what is written in it.
func texts(t *testing.T, p *plots.Picture) []string {
	t.Helper()
	b, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"NaN,", ",NaN", "Inf,", ",Inf", "+Inf", "image/jpg"} {
		if bytes.Contains(b, []byte(bad)) {
			t.Errorf("the SVG contains %q", bad)
		}
	}
	var found []string
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatalf("the SVG is not valid XML: %v\n%s", err, b)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "text" {
			var s string
			if err := d.DecodeElement(&s, &e); err != nil {
				t.Fatal(err)
			}
			found = append(found, s)
		}
	}
}

// hasText checks that all of these are written in a picture.
func hasText(t *testing.T, p *plots.Picture, want ...string) {
	t.Helper()
	found := texts(t, p)
	for _, w := range want {
		if !contains(found, w) {
			t.Errorf("%q is not written in the picture; there is %q", w, found)
		}
	}
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// countColour counts the pixels of exactly one colour.
func countColour(im image.Image, c color.NRGBA) (n int) {
	for y := im.Bounds().Min.Y; y < im.Bounds().Max.Y; y++ {
		for x := im.Bounds().Min.X; x < im.Bounds().Max.X; x++ {
			if color.NRGBAModel.Convert(im.At(x, y)) == color.Color(c) {
				n++
			}
		}
	}
	return n
}

var (
	blue      = color.NRGBA{R: 0x00, G: 0x72, B: 0xB2, A: 0xFF}
	vermilion = color.NRGBA{R: 0xD5, G: 0x5E, B: 0x00, A: 0xFF}
)

func TestPicture(t *testing.T) {
	for name, p := range gallery(t) {
		im := decode(t, p)
		if white := countColour(im, color.NRGBA{R: 255, G: 255, B: 255, A: 255}); white == 0 || white == im.Bounds().Dx()*im.Bounds().Dy() {
			t.Errorf("%s: %d white pixels of %v", name, white, im.Bounds())
		}
		texts(t, p)
		shown := p.SimpleRender()
		if shown["text/plain"] != p.String() || p.String() == "" {
			t.Errorf("%s: text/plain is %q", name, shown["text/plain"])
		}
		svg, _ := p.SVG()
		pixels, _ := p.PNG()
		s, isSVG := shown["image/svg+xml"].(string)
		b, isPNG := shown["image/png"].([]byte)
		if isPNG != (name == "images") || isSVG == isPNG || isSVG && s != string(svg) || isPNG && !bytes.Equal(b, pixels) {
			t.Errorf("%s: SimpleRender gives SVG %v, PNG %v", name, isSVG, isPNG)
		}
		page, isHTML := shown["text/html"].(string)
		if isHTML != isSVG || isHTML && !strings.Contains(page, `src="data:image/svg+xml;base64,`+base64.StdEncoding.EncodeToString(svg)+`"`) {
			t.Errorf("%s: HTML %.100q", name, page)
		}
	}
}

// TestSameBytes draws the same data in several goroutines at once.
func TestSameBytes(t *testing.T) {
	first := gallery(t)
	var wait sync.WaitGroup
	for name, p := range gallery(t) {
		svg, _ := first[name].SVG()
		pixels, _ := first[name].PNG()
		for i := 0; i < 4; i++ {
			wait.Add(1)
			go func(name string, p *plots.Picture) {
				defer wait.Done()
				if b, err := p.SVG(); err != nil || !bytes.Equal(b, svg) {
					t.Errorf("%s: another SVG, error %v", name, err)
				}
				if b, err := p.PNG(); err != nil || !bytes.Equal(b, pixels) {
					t.Errorf("%s: another PNG, error %v", name, err)
				}
			}(name, p)
		}
	}
	wait.Wait()
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	p := gallery(t)["schedule"]
	for file, start := range map[string]string{"new/folder/a.svg": "<?xml", "b.PNG": "\x89PNG"} {
		path := filepath.Join(dir, file)
		if err := p.Save(path); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(b, []byte(start)) {
			t.Errorf("%s: %v, starts with %.10q", file, err, b)
		}
	}
	blocked := filepath.Join(dir, "b.PNG", "c.svg")
	for path, want := range map[string]string{"a": "no extension", "a.pdf": "cannot write", "": "no extension", blocked: "making the folder"} {
		if err := p.Save(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Save(%q): %v; want %q", path, err, want)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "d.svg"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := p.Save(filepath.Join(dir, "d.svg")); err == nil {
		t.Error("saved over a folder")
	}
}

func TestNilPicture(t *testing.T) {
	for name, p := range map[string]*plots.Picture{"nil": nil, "zero": {}} {
		if _, err := p.SVG(); err == nil {
			t.Errorf("%s: an SVG", name)
		}
		if _, err := p.PNG(); err == nil {
			t.Errorf("%s: a PNG", name)
		}
		if err := p.Save(filepath.Join(t.TempDir(), "a.svg")); err == nil {
			t.Errorf("%s: saved", name)
		}
		if w, h := p.Size(); w != 0 || h != 0 {
			t.Errorf("%s: size %d x %d", name, w, h)
		}
		if shown := p.SimpleRender(); len(shown) != 1 || shown["text/plain"] != p.String() {
			t.Errorf("%s: shows %v", name, shown)
		}
	}
}

// TestHostileText has in every text what XML does not allow, what it gives a meaning, and what the
// font does not have.
func TestHostileText(t *testing.T) {
	ok := must(t)
	bad := "a\x00\x1b[31m<b>&amp;\"'\xff\u202e\ufffe漢字\n" + strings.Repeat("long ", 100)
	for _, p := range []*plots.Picture{
		ok(plots.LearningCurves([]plots.Series{{Name: bad, Values: []float64{1}}}, plots.CurvesConfig{Title: bad, XLabel: bad, YLabel: bad})),
		ok(plots.Schedule(nil, []float64{1}, plots.ScheduleConfig{Title: bad, XLabel: bad})),
		ok(plots.Histograms([]plots.Distribution{{Name: bad, Values: []float32{1}}}, plots.HistogramsConfig{Title: bad, XLabel: bad})),
		ok(plots.ConfusionMatrix([][]int{{1}}, []string{bad}, plots.ConfusionConfig{Title: bad})),
		ok(plots.Bars([]string{bad, ""}, []float64{1, 0}, plots.BarsConfig{Title: bad, XLabel: bad})),
		ok(plots.ImageGrid([][]float32{{1}}, plots.ImageGridConfig{Height: 1, Width: 1, Captions: []string{bad}, Title: bad})),
	} {
		texts(t, p)
		decode(t, p)
		if strings.ContainsAny(p.String(), "\x00\x1b") {
			t.Errorf("control characters in %q", p.String())
		}
	}
}
