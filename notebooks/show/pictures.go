package show

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"

	"golang.org/x/image/draw"
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
