package plots

import (
	"bytes"
	"fmt"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// drawSVG draws on an SVG canvas and returns the document, with what gonum/plot leaves out: fonts
// for machines that lack Liberation Sans, and the width a text must have in them, the right type of
// an embedded image, and sharp pixels when it is enlarged.
func drawSVG(width, height vg.Length, drawing func(draw.Canvas)) ([]byte, error) {
	c := &svgCanvas{Canvas: vgsvg.New(width, height)}
	drawing(draw.New(c))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return nil, err
	}
	return replaceAll(c.fixTextWidths(b.Bytes()),
		"font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;",
		"data:image/jpg;base64,", "data:image/png;base64,",
		"<image x=", `<image style="image-rendering:pixelated" preserveAspectRatio="none" x=`), nil
}

// svgCanvas remembers the width of each text that is drawn.
type svgCanvas struct {
	*vgsvg.Canvas
	widths []vg.Length
}

// FillString implements vg.Canvas.
func (c *svgCanvas) FillString(f font.Face, pt vg.Point, text string) {
	c.widths = append(c.widths, f.Width(text))
	c.Canvas.FillString(f, pt, text)
}

// fixTextWidths gives every text element, of which there is one for each text drawn, its width. A
// "<" in a text is escaped, so that the elements can be found.
func (c *svgCanvas) fixTextWidths(document []byte) []byte {
	parts := bytes.Split(document, []byte("<text "))
	out := parts[0]
	for i, part := range parts[1:] {
		out = fmt.Appendf(out, `<text textLength="%.2f" lengthAdjust="spacingAndGlyphs" `, c.widths[i])
		out = append(out, part...)
	}
	return out
}

// replaceAll replaces texts, given as pairs of old and new.
func replaceAll(b []byte, pairs ...string) []byte {
	for i := 0; i < len(pairs); i += 2 {
		b = bytes.ReplaceAll(b, []byte(pairs[i]), []byte(pairs[i+1]))
	}
	return b
}
