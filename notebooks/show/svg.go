package show

import (
	"fmt"
	"strings"
)

// drawing is the inside of an SVG document. Attributes are what stands behind the place of an element, such as ` fill="#FFFFFF"`.
type drawing struct{ strings.Builder }

func (d *drawing) rect(x, y, w, h float64, attributes string) {
	fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f"%s/>`, x, y, w, h, attributes)
}

// text writes a text; y is that of its base line.
func (d *drawing) text(x, y, size float64, colour, text, attributes string) {
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" font-size="%g" fill="%s"%s>%s</text>`, x, y, size, colour, attributes, escape(text))
}

// Where a text stands from its place.
const (
	centred = ` text-anchor="middle"`
	before  = ` text-anchor="end"`
)

// line draws a path without filling it.
func (d *drawing) line(path, attributes string) {
	fmt.Fprintf(d, `<path d="%s" fill="none" stroke="%s"%s/>`, path, lineInk, attributes)
}

// filled is the look of a shape.
func filled(fill, stroke string) string { return fmt.Sprintf(` fill="%s" stroke="%s"`, fill, stroke) }

// document is the drawing on paper of a size, shown at a scale.
func (d *drawing) document(w, h, scale float64) string {
	const font = `font-family="'Liberation Sans',Arial,Helvetica,sans-serif"`
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" width="%.1f" height="%.1f" %s>`, w, h, w*scale, h*scale, font) +
		fmt.Sprintf(`<rect width="%.1f" height="%.1f" rx="6" fill="#FFFFFF"/>`, w, h) + d.String() + "</svg>"
}
