package boxes

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// Draw returns a copy of the picture with the boxes drawn into it, each with the name and the probability of
// what it holds, the most probable ones on top. Each class has a colour of its own. Boxes may reach beyond the picture; one that has a NaN
// is not drawn. Without a picture there is none.
func (d *Detections) Draw() *image.RGBA {
	if d == nil || d.Picture == nil {
		return nil
	}
	from := d.Picture.Bounds()
	m := image.NewRGBA(image.Rect(0, 0, from.Dx(), from.Dy()))
	draw.Draw(m, m.Rect, d.Picture, from.Min, draw.Src)
	scale := max(1, min(from.Dx(), from.Dy())/400) // of letters and lines, so that they can be read in large pictures
	for i := len(d.Boxes) - 1; i >= 0; i-- {
		b := d.Boxes[i]
		if at, ok := pixels(b, m.Rect); ok {
			c := colourOf(b.Class)
			frame(m, at, 2*scale, c)
			label(m, at, fmt.Sprintf("%s %.2f", d.Name(b.Class), b.Probability), scale, c)
		}
	}
	return m
}

// pixels rounds a box to pixels of the picture; ok is false where nothing is left.
func pixels(b Box, picture image.Rectangle) (r image.Rectangle, ok bool) {
	if sum := b.Left + b.Top + b.Right + b.Bottom; math.IsNaN(sum) {
		return r, false
	}
	b = b.Clipped(float64(picture.Dx()), float64(picture.Dy()))
	r = image.Rect(int(math.Round(b.Left)), int(math.Round(b.Top)), int(math.Round(b.Right)), int(math.Round(b.Bottom)))
	return r, !r.Empty()
}

// colourOf goes around the circle of hues by the golden angle, so that near numbers have distant colours.
func colourOf(class int) color.RGBA {
	_, turn := math.Modf(float64(class) * 0.6180339887498949)
	var rgb [3]uint8
	for i := range rgb {
		_, phase := math.Modf(turn + 1 + float64(i)/3)
		rgb[i] = uint8(255 * min(max(math.Abs(6*math.Abs(phase)-3)-1, 0), 1))
	}
	return color.RGBA{rgb[0], rgb[1], rgb[2], 255}
}

// frame draws the sides of r inside of it.
func frame(m *image.RGBA, r image.Rectangle, width int, c color.RGBA) {
	for _, side := range []image.Rectangle{
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+width), image.Rect(r.Min.X, r.Max.Y-width, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, r.Min.Y, r.Min.X+width, r.Max.Y), image.Rect(r.Max.X-width, r.Min.Y, r.Max.X, r.Max.Y),
	} {
		draw.Draw(m, side.Intersect(r), image.NewUniform(c), image.Point{}, draw.Src)
	}
}

// label writes text above r, or inside where there is no room, on a ground of colour c.
func label(m *image.RGBA, r image.Rectangle, text string, scale int, c color.RGBA) {
	face := basicfont.Face7x13
	ink := color.Color(color.White)
	if 299*int(c.R)+587*int(c.G)+114*int(c.B) > 128000 { // luma
		ink = color.Black
	}
	size := image.Pt(font.MeasureString(face, text).Ceil()+2, face.Height)
	written := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(written, written.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	(&font.Drawer{Dst: written, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(1, face.Ascent)}).DrawString(text)

	at := image.Pt(min(r.Min.X, m.Rect.Max.X-size.X*scale), r.Min.Y-size.Y*scale)
	at.X = max(at.X, 0)
	if at.Y < 0 {
		at.Y = r.Min.Y
	}
	for y := range size.Y * scale {
		for x := range size.X * scale {
			m.SetRGBA(at.X+x, at.Y+y, written.RGBAAt(x/scale, y/scale)) // beyond the picture it does nothing
		}
	}
}
