package show

import (
	"encoding/base64"
	"fmt"
	"image"

	"github.com/plexaura/plexaura/training/boxes"
)

// BoxesConfig configures Boxes. The zero value shows what was found alone.
type BoxesConfig struct {
	True  []boxes.Box // what is in the picture, in its pixels
	Names []string    // of the classes; a class without a name has its number
	// IoU is the overlap from which a box that was found is taken for a true one of its class; default 0.5.
	IoU float64
}

// The colours of boxes.
const (
	trueBox  = "#009E73"
	rightBox = "#56B4E9"
	wrongBox = "#D55E00"
)

// Boxes shows a picture with the boxes that were found in it, in its pixels, and the true ones: the true ones in green and dashed; those found in
// blue where they lie on a true one of their class, in red where they lie on none. Without true boxes, all are blue.
func Boxes(picture image.Image, found []boxes.Box, cfg BoxesConfig) (v *View) {
	defer guarded("boxes", &v)
	data, w, h := encoded(picture)
	if data == nil {
		return plain("no picture")
	}
	threshold := cfg.IoU
	if threshold <= 0 {
		threshold = 0.5
	}
	p := &annotated{w: float64(w), h: float64(h), scale: min(1, 700/float64(w), 700/float64(h)), names: boxes.Detections{Names: cfg.Names}}
	if least := p.scale * min(p.w, p.h); least < 64 {
		p.scale *= 64 / least
	}
	p.rows = [][]string{{"", "class", "probability", "left", "top", "right", "bottom", "IoU"}}
	fmt.Fprintf(p, `<image width="%.1f" height="%.1f" preserveAspectRatio="none" href="data:image/png;base64,%s"/>`,
		p.w*p.scale, p.h*p.scale, base64.StdEncoding.EncodeToString(data))
	for _, x := range cfg.True {
		p.add("true", trueBox, x, "")
	}
	for _, x := range found {
		best := 0.0
		for _, y := range cfg.True {
			if y.Class == x.Class {
				best = max(best, boxes.IoU(x, y))
			}
		}
		switch {
		case len(cfg.True) == 0:
			p.add("found", rightBox, x, "")
		case best < threshold:
			p.add("found, not true", wrongBox, x, fmt.Sprintf("%.2f", best))
		default:
			p.add("found", rightBox, x, fmt.Sprintf("%.2f", best))
		}
	}
	note := ""
	if p.left > 0 {
		note = fmt.Sprintf("%d more, beyond the first 100 or with nothing in the picture", p.left)
	}
	v = &View{svg: p.document(p.w*p.scale, p.h*p.scale, 1), text: fmt.Sprintf("picture of %d × %d\n%s", w, h, textTable(p.rows, 2))}
	if note != "" {
		v.text += "\n" + note
	}
	v.html = fmt.Sprintf(`<div>%s<details><summary>as a table</summary>%s%s</details></div>`,
		embedded("image/svg+xml", "boxes in a picture", []byte(v.svg)), table(p.rows, 2), escape(note))
	return v
}

// annotated is a picture with boxes, and a table of them.
type annotated struct {
	drawing
	w, h, scale float64 // of the picture
	names       boxes.Detections
	rows        [][]string
	left        int // boxes that are not drawn
}

// add draws a box with a name at its corner: above it, and of a true one below.
func (p *annotated) add(what, colour string, x boxes.Box, overlap string) {
	c := x.Clipped(p.w, p.h).Scaled(p.scale, p.scale)
	if len(p.rows) > 100 || !(c.Area() > 0) { // NaN too
		p.left++
		return
	}
	name := shortened(clean(p.names.Name(x.Class)), 40)
	text, probability, look, y := name, "", ` stroke-dasharray="6 4"`, c.Bottom
	if what != "true" {
		probability, look, y = number(x.Probability), "", c.Top-14
		text += fmt.Sprintf(" %.2f", x.Probability)
	}
	p.rect(c.Left, c.Top, c.Width(), c.Height(), ` stroke-width="2"`+filled("none", colour)+look)
	text = fit(text, nameSize, 200)
	w := textWidth(text, nameSize) + 6
	at, y := max(0, min(c.Left, p.w*p.scale-w)), max(0, min(y, p.h*p.scale-14))
	p.rect(at, y, w, 14, filled(colour, "none"))
	p.text(at+3, y+10.5, nameSize, "#000000", text, "")
	side := func(x float64) string { return fmt.Sprintf("%.0f", x) }
	p.rows = append(p.rows, []string{what, name, probability, side(x.Left), side(x.Top), side(x.Right), side(x.Bottom), overlap})
}
