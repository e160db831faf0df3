package show

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// View is how a value looks, in the forms that a notebook can choose from. It never changes. A nil View shows that there is nothing.
type View struct {
	text string
	html string
	svg  string
	png  []byte
}

// SimpleRender is what a notebook shows, keyed by MIME type: always "text/plain"; "text/html" and "image/svg+xml" as strings and "image/png"
// as []byte where there are such forms.
func (v *View) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": v.String()}
	if v == nil {
		return shown
	}
	if v.html != "" {
		shown["text/html"] = v.html
	}
	if v.svg != "" {
		shown["image/svg+xml"] = v.svg
	}
	if v.png != nil {
		shown["image/png"] = v.png
	}
	return shown
}

// String is the plain text.
func (v *View) String() string {
	if v == nil {
		return "nothing to show"
	}
	return v.text
}

// page is the view as part of a page: its HTML, which a view with a picture always has, or its text.
func (v *View) page() string {
	if v.html != "" {
		return v.html
	}
	var lines []string
	for _, line := range strings.Split(v.text, "\n") {
		lines = append(lines, escape(line))
	}
	return "<div>" + strings.Join(lines, "<br>") + "</div>"
}

// plain is a view that has text only.
func plain(format string, args ...interface{}) *View {
	return &View{text: fmt.Sprintf(format, args...)}
}

// guarded turns a panic of what draws into a view of its text: a value that is broken must not break the cell that looks at it.
func guarded(what string, v **View) {
	if r := recover(); r != nil {
		*v = plain("%s, which could not be shown: %s", what, clean(fmt.Sprint(r)))
	}
}

// embedded is a picture as part of a page. As an image it cannot run scripts, and its fonts and styles stay apart from the page's; and notebooks
// that are not trusted, which drop inline SVG, keep it.
func embedded(kind, alt string, data []byte) string {
	return fmt.Sprintf(`<img alt="%s" style="max-width:100%%" src="data:%s;base64,%s">`, escape(alt), kind, base64.StdEncoding.EncodeToString(data))
}

// table writes rows, the first of which is the head. Columns from the numeric one on are aligned to the right.
func table(rows [][]string, numeric int) string {
	return rowsOf(rows, numeric, true)
}

// plainTable is a table without a head.
func plainTable(rows [][]string, numeric int) string { return rowsOf(rows, numeric, false) }

func rowsOf(rows [][]string, numeric int, head bool) string {
	var b strings.Builder
	wrap := "normal" // what has no head is names and sentences
	if head {
		wrap = "nowrap"
	}
	fmt.Fprintf(&b, `<table style="border-collapse:collapse;font-size:13px;white-space:%s">`, wrap)
	for i, row := range rows {
		tag, style := "td", ""
		if i == 0 && head {
			tag, style = "th", ";border-bottom:1px solid rgba(128,128,128,.6)"
		}
		b.WriteString("<tr>")
		for k, cell := range row {
			align := "left"
			if k >= numeric {
				align = "right"
			}
			fmt.Fprintf(&b, `<%s style="padding:2px 8px;text-align:%s%s">%s</%s>`, tag, align, style, escape(cell), tag)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return b.String()
}
