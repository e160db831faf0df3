package plots

import (
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	margin     vg.Length = 12 // around the page
	titleSize  vg.Length = 13
	labelSize  vg.Length = 10
	tickSize   vg.Length = 9
	keyHeight  vg.Length = 15 // a line of the legend
	belowKeys  vg.Length = 6
	swatch     vg.Length = 18 // its sample of a line
	keyPadding vg.Length = 16 // between its entries
)

// page is what stands around the panels: a title, and a legend above the data
// rather than over it.
type page struct {
	title string
	keys  []key
}

// key is an entry of the legend: a sample of a line, of a point, or of both.
type key struct {
	name  string
	style draw.LineStyle
	glyph draw.GlyphDrawer // of points; nil for a line alone
	dots  bool             // points alone
}

// height is what the page takes away at the top, in points.
func (p page) height(width vg.Length) vg.Length {
	h := margin
	if p.title != "" {
		h += titleSize + 9
	}
	if rows := len(p.rows(width - 2*margin)); rows > 0 {
		h += keyHeight*vg.Length(rows) + belowKeys
	}
	return h
}

// draw draws the page and returns the part of the canvas that is left.
func (p page) draw(c draw.Canvas) draw.Canvas {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	left, y := c.Min.X+margin, c.Max.Y-margin
	if p.title != "" {
		s := bold(sans(titleSize, ink))
		s.YAlign = text.YTop
		c.FillText(s, vg.Point{X: left, Y: y + 2}, fit(s, p.title, c.Max.X-c.Min.X-2*margin))
		y -= titleSize + 9
	}
	s := sans(labelSize, ink)
	for _, row := range p.rows(c.Max.X - c.Min.X - 2*margin) {
		x := left
		for _, k := range row {
			mid := y - keyHeight/2
			if !k.dots {
				c.StrokeLine2(k.style, x, mid, x+swatch, mid)
			}
			if k.glyph != nil {
				c.DrawGlyph(dotStyle(k.style, k.glyph), vg.Point{X: x + swatch/2, Y: mid})
			}
			write(c, s, x+swatch+5, mid, k.name)
			x += k.width(s)
		}
		y -= keyHeight
	}
	if len(p.keys) > 0 {
		y -= belowKeys
	}
	return draw.Crop(c, margin, -margin, margin, -(c.Max.Y - y))
}

// rows breaks the legend into lines.
func (p page) rows(width vg.Length) (rows [][]key) {
	s := sans(labelSize, ink)
	var used vg.Length
	for _, k := range p.keys {
		k.name = fit(s, k.name, width-swatch-keyPadding-5)
		w := k.width(s)
		if len(rows) == 0 || used+w-keyPadding > width {
			rows, used = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], k)
		used += w
	}
	return rows
}

func (k key) width(s text.Style) vg.Length { return swatch + 5 + s.Width(k.name) + keyPadding }

// write draws a text whose digits and capitals are centred on y. (gonum/plot centres the
// line, with what hangs below it.)
func write(c draw.Canvas, s text.Style, x, y vg.Length, t string) {
	s.YAlign = text.YCenter
	c.FillText(s, vg.Point{X: x, Y: y + s.Font.Size/10}, t)
}
