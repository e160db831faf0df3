package boxes

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func at(left, top, right, bottom float64) Box {
	return Box{Left: left, Top: top, Right: right, Bottom: bottom}
}

func TestIoU(t *testing.T) {
	for name, c := range map[string]struct {
		a, b Box
		want float64
	}{
		"equal":    {at(1, 2, 4, 6), at(1, 2, 4, 6), 1},
		"half":     {at(0, 0, 2, 2), at(0, 0, 2, 1), 0.5},
		"corner":   {at(0, 0, 2, 2), at(1, 1, 3, 3), 1.0 / 7},
		"inside":   {at(0, 0, 4, 4), at(1, 1, 2, 3), 2.0 / 16},
		"apart":    {at(0, 0, 1, 1), at(2, 0, 3, 1), 0},
		"touching": {at(0, 0, 1, 1), at(1, 0, 2, 1), 0},
		"empty":    {at(1, 1, 1, 1), at(1, 1, 1, 1), 0},
		"inverted": {at(3, 3, 1, 1), at(0, 0, 4, 4), 0},
	} {
		if got := IoU(c.a, c.b); math.Abs(got-c.want) > 1e-15 || got != IoU(c.b, c.a) {
			t.Errorf("%s: got %v; want %v", name, got, c.want)
		}
	}
	if got := IoU(at(0, 0, math.NaN(), 1), at(0, 0, 1, 1)); got > 0 {
		t.Errorf("a NaN overlaps by %v", got)
	}
}

func TestBox(t *testing.T) {
	b := at(0.25, 0.5, 0.75, 1.5).Scaled(40, 20)
	if b != at(10, 10, 30, 30) || b.Area() != 400 {
		t.Errorf("scaled to %v", b)
	}
	if b = b.Clipped(20, 25); b != at(10, 10, 20, 25) {
		t.Errorf("clipped to %v", b)
	}
	if b = at(-5, 30, 3, 40).Clipped(20, 25); b.Area() != 0 {
		t.Errorf("what lies outside is clipped to %v", b)
	}
}

func TestSuppress(t *testing.T) {
	box := func(left float64, class int, p float64) Box {
		return Box{Left: left, Top: 0, Right: left + 10, Bottom: 10, Class: class, Probability: p}
	}
	given := []Box{box(0, 0, .5), box(1, 0, .9), box(1, 1, .6), box(100, 0, .3), box(3, 0, .7), box(100, 0, .3), box(0, 0, math.NaN()), {Class: 2, Probability: 1}}
	before := fmt.Sprint(given)
	got := Suppress(given, 0.45)
	if want := []Box{box(1, 0, .9), box(1, 1, .6), box(100, 0, .3)}; !slices.Equal(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
	if fmt.Sprint(given) != before {
		t.Error("what was given has changed")
	}
	if got := Suppress(given, 1); len(got) != 6 {
		t.Errorf("an overlap of 1 keeps %v", got)
	}
	if got := Suppress(nil, 0.5); len(got) != 0 {
		t.Errorf("of none it keeps %v", got)
	}
}

// TestSuppressRule holds what is kept to the definition, for boxes at random.
func TestSuppressRule(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	var given []Box
	for range 200 {
		b := Box{Left: r.Float64() * 20, Top: r.Float64() * 20, Class: r.IntN(3), Probability: float64(r.IntN(50)) / 50}
		b.Right, b.Bottom = b.Left+1+r.Float64()*10, b.Top+1+r.Float64()*10
		given = append(given, b)
	}
	kept := Suppress(given, 0.3)
	for i, a := range kept {
		for _, b := range kept[:i] {
			if a.Class == b.Class && IoU(a, b) > 0.3 {
				t.Errorf("seed %d: %v and %v overlap", seed, a, b)
			}
			if a.Probability > b.Probability {
				t.Errorf("seed %d: %v comes after %v", seed, a, b)
			}
		}
	}
	for _, b := range given {
		if !slices.ContainsFunc(kept, func(k Box) bool {
			return k == b || k.Class == b.Class && k.Probability >= b.Probability && IoU(k, b) > 0.3
		}) {
			t.Errorf("seed %d: nothing stands for %v", seed, b)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		names []string
		n     int
		at    int
		want  string
	}{{COCO(), 80, 16, "dog"}, {COCO(), 80, 79, "toothbrush"}, {VOC(), 20, 11, "dog"}} {
		if len(c.names) != c.n || c.names[c.at] != c.want {
			t.Errorf("%d names, number %d is %s; want %d and %s", len(c.names), c.at, c.names[c.at], c.n, c.want)
		}
	}
}

func TestDetections(t *testing.T) {
	picture := image.NewGray(image.Rect(5, 7, 105, 87))
	d := &Detections{Picture: picture, Names: []string{"cat", "dog"}, Boxes: []Box{
		{20, 30, 60, 70, 1, .875}, {-10, -10, 300, 300, 0, .5}, {10, math.NaN(), 20, 20, 7, .25}, {200, 10, 300, 20, 0, .1},
	}}
	want := `class    probability  left  top  right  bottom
dog      0.875        20    30   60     70
cat      0.500        -10   -10  300    300
class 7  0.250        10    NaN  20     20
cat      0.100        200   10   300    20
`
	if got := d.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	m := d.Draw()
	if m.Rect != image.Rect(0, 0, 100, 80) {
		t.Fatalf("the drawing is %v", m.Rect)
	}
	dog, cat := colourOf(1), colourOf(0)
	for p, c := range map[image.Point]color.RGBA{
		{20, 50}: dog, {59, 69}: dog, {40, 69}: dog, {22, 50}: {A: 255}, {57, 60}: {A: 255}, {19, 50}: {A: 255}, {61, 40}: {A: 255}, {0, 79}: cat, {99, 40}: cat, {50, 79}: cat,
	} {
		if got := m.RGBAAt(p.X, p.Y); got != c {
			t.Errorf("pixel %v is %v; want %v", p, got, c)
		}
	}
	if got := m.RGBAAt(20, 17); got != dog { // the ground of the label, above the box
		t.Errorf("the label's ground is %v", got)
	}
	ink := 0
	for y := 17; y < 30; y++ {
		for x := 20; x < 80; x++ {
			if m.RGBAAt(x, y) != dog {
				ink++
			}
		}
	}
	if ink < 60 || ink > 400 {
		t.Errorf("the label has %d pixels of ink", ink)
	}
	if picture.GrayAt(25, 60).Y != 0 {
		t.Error("the picture itself was drawn on")
	}
	shown := d.SimpleRender()
	decoded, err := png.Decode(bytes.NewReader(shown["image/png"].([]byte)))
	if err != nil || decoded.Bounds() != m.Rect || shown["text/plain"] != want {
		t.Errorf("shown as %v, %v", shown["text/plain"], err)
	}
}

func TestDetectionsOfNothing(t *testing.T) {
	var none *Detections
	for name, d := range map[string]*Detections{"nil": none, "no picture": {Boxes: []Box{at(0, 0, 1, 1)}}, "no pixels": {Picture: image.NewRGBA(image.Rectangle{})}} {
		shown := d.SimpleRender()
		if text, ok := shown["text/plain"].(string); !ok || text == "" || shown["image/png"] != nil {
			t.Errorf("%s is shown as %v", name, shown)
		}
	}
	d := &Detections{Picture: image.NewRGBA(image.Rect(0, 0, 3, 2)), Boxes: []Box{at(0, 0, 3, 2), at(1, 1, 1.2, 1.2)}, Names: []string{strings.Repeat("long", 9)}}
	if m := d.Draw(); m.Rect.Dx() != 3 {
		t.Errorf("a small picture is drawn as %v", m.Rect)
	}
}

// TestColours: near numbers have colours that can be told apart.
func TestColours(t *testing.T) {
	for a := range 12 {
		for b := range a {
			x, y := colourOf(a), colourOf(b)
			d := math.Abs(float64(x.R)-float64(y.R)) + math.Abs(float64(x.G)-float64(y.G)) + math.Abs(float64(x.B)-float64(y.B))
			if d < 60 {
				t.Errorf("classes %d and %d have the colours %v and %v", a, b, x, y)
			}
		}
	}
}
