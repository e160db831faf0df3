package training

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"
)

// SimpleRender shows the report in a notebook: an HTML table with the picture beneath it, and text. The picture is part of the HTML since notebooks
// show one form of a result only, and prefer HTML to a picture; as an image, its fonts and styles
// stay apart from the page's.
func (d *Diagnosis) SimpleRender() map[string]interface{} {
	out := map[string]interface{}{"text/plain": d.String()}
	if d == nil {
		return out
	}
	var b strings.Builder
	b.WriteString("<table>\n")
	for i, row := range d.table() {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		b.WriteString("<tr>")
		for k, cell := range row {
			align := "right"
			if k < 2 {
				align = "left"
			}
			fmt.Fprintf(&b, `<%s style="text-align:%s">%s</%s>`, tag, align, html.EscapeString(cell), tag)
		}
		b.WriteString("</tr>\n")
	}
	fmt.Fprintf(&b, "</table>\n<p>%s</p>\n", html.EscapeString(d.lossLine()))
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "<p><b>%s</b> in %s: %s.<br>%s</p>\n", html.EscapeString(f.Trouble.String()), html.EscapeString(listed(f.Layers)),
			html.EscapeString(f.Evidence), html.EscapeString(f.Remedy))
	}
	if d.Healthy() {
		b.WriteString("<p>Nothing was found wrong.</p>\n")
	}
	for _, r := range d.remarks() {
		fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(r))
	}
	if p, err := d.Picture(); err == nil {
		if svg, err := p.SVG(); err == nil {
			fmt.Fprintf(&b, `<img alt="norm of the gradient of each layer" src="data:image/svg+xml;base64,%s">`+"\n", base64.StdEncoding.EncodeToString(svg))
		}
	}
	out["text/html"] = b.String()
	return out
}
