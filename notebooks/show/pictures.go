package show

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"strings"

	"golang.org/x/image/draw"

	"github.com/plexaura/plexaura/training/boxes"
)

// maxSide is how many pixels a picture is wide and high at most, beyond which it is made smaller.
const maxSide = 1024

// maxPicturesShown bounds a list of pictures.
const maxPicturesShown = 32

// Pictures shows pictures beside each other; large ones are made smaller.
func Pictures(list []image.Image) (v *View) {
	defer guarded("pictures", &v)
	if len(list) == 0 {
		return plain("no pictures")
	}
	var texts []string
	var b strings.Builder
	b.WriteString(`<div style="display:flex;flex-wrap:wrap;gap:6px">`)
	v = &View{}
	for i, m := range list {
		if i == maxPicturesShown {
			texts = append(texts, fmt.Sprintf("… %d more", len(list)-i))
			fmt.Fprintf(&b, "<div>%s</div>", texts[i])
			break
		}
		data, w, h := encoded(m)
		if data == nil {
			texts = append(texts, "no picture")
			continue
		}
		texts = append(texts, fmt.Sprintf("picture of %d × %d", w, h))
		b.WriteString(embedded("image/png", texts[i], data))
		if len(list) == 1 {
			v.png = data
		}
	}
	b.WriteString("</div>")
	v.text, v.html = strings.Join(texts, "\n"), b.String()
	return v
}

// encoded is a picture as PNG, nil where there is none, and its size before it was made smaller.
func encoded(m image.Image) (data []byte, w, h int) {
	defer func() {
		if recover() != nil { // a nil pointer, or one without its pixels
			data = nil
		}
	}()
	if m == nil {
		return nil, 0, 0
	}
	r := m.Bounds()
	w, h = r.Dx(), r.Dy()
	if w < 1 || h < 1 {
		return nil, w, h
	}
	if side := max(w, h); side > maxSide {
		small := image.NewRGBA(image.Rect(0, 0, max(1, w*maxSide/side), max(1, h*maxSide/side)))
		draw.ApproxBiLinear.Scale(small, small.Rect, m, r, draw.Src, nil)
		m = small
	}
	var b bytes.Buffer
	if png.Encode(&b, m) != nil {
		return nil, w, h
	}
	return b.Bytes(), w, h
}

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
	d := &boxes.Detections{Names: cfg.Names}
	scale := min(1, 700/float64(w), 700/float64(h))
	if scale*float64(min(w, h)) < 64 {
		scale = 64 / float64(min(w, h))
	}
	width, height := float64(w)*scale, float64(h)*scale
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" width="%.1f" height="%.1f" font-family="'Liberation Sans',Arial,Helvetica,sans-serif">`,
		width, height, width, height)
	fmt.Fprintf(&b, `<image width="%.1f" height="%.1f" preserveAspectRatio="none" href="data:image/png;base64,%s"/>`, width, height, base64.StdEncoding.EncodeToString(data))
	rows := [][]string{{"", "class", "probability", "left", "top", "right", "bottom", "IoU"}}
	note := ""
	add := func(what, colour, dashes string, x boxes.Box, text string, cells ...string) {
		c := x.Clipped(float64(w), float64(h)).Scaled(scale, scale)
		if len(rows) > 100 || !(c.Area() > 0) { // NaN too
			note = "\nboxes beyond the first 100, and those with nothing in the picture, are left out"
			return
		}
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="none" stroke="%s" stroke-width="2"%s/>`, c.Left, c.Top, c.Width(), c.Height(), colour, dashes)
		text = fit(clean(text), 11, 200)
		tw := textWidth(text, 11) + 6
		tx, ty := max(0, min(c.Left, width-tw)), c.Top-14
		if what == "true" {
			ty = c.Bottom
		}
		ty = max(0, min(ty, height-14))
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="14" fill="%s"/>`, tx, ty, tw, colour)
		write(&b, tx+3, ty+10.5, 11, "#000000", "start", text)
		rows = append(rows, append([]string{what, shortened(clean(d.Name(x.Class)), 40)}, cells...))
	}
	side := func(x float64) string { return fmt.Sprintf("%.0f", x) }
	for _, x := range cfg.True {
		add("true", trueBox, ` stroke-dasharray="6 4"`, x, d.Name(x.Class), "", side(x.Left), side(x.Top), side(x.Right), side(x.Bottom), "")
	}
	for _, x := range found {
		best := 0.0
		for _, y := range cfg.True {
			if y.Class == x.Class {
				best = max(best, boxes.IoU(x, y))
			}
		}
		colour, what, overlap := rightBox, "found", ""
		if len(cfg.True) > 0 {
			overlap = fmt.Sprintf("%.2f", best)
			if best < threshold {
				colour, what = wrongBox, "found, not true"
			}
		}
		add(what, colour, "", x, fmt.Sprintf("%s %.2f", d.Name(x.Class), x.Probability), number(x.Probability), side(x.Left), side(x.Top), side(x.Right), side(x.Bottom), overlap)
	}
	b.WriteString("</svg>")
	v = &View{svg: b.String(), text: fmt.Sprintf("picture of %d × %d\n%s%s", w, h, textTable(rows, 2), note)}
	v.html = fmt.Sprintf(`<div>%s<details><summary>%s</summary>%s%s</details></div>`, embedded("image/svg+xml", "boxes in a picture", []byte(v.svg)), "as a table", table(rows, 2), escape(note))
	return v
}
