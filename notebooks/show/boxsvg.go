package show

import (
	"fmt"
	"sort"
	"strings"

	"github.com/plexaura/plexaura/graph"
)

// Sizes in pixels.
const (
	nameSize   = 11.5
	detailSize = 9.5
	labelSize  = 9.5
	textRoom   = 150.0 // for a name
	padding    = 12.0
	titleRoom  = 24.0 // above what an unfolded scope holds
)

// box sizes the box of a part, for the text that it shows.
func (l *level) box(st *structure, i int, alone bool) *box {
	p := l.parts[i]
	b := &box{first: p.side == above, last: p.side == below}
	switch {
	case p.side != inside && !alone:
		b.w, b.h = 5, 5
		return b
	case p.inner != nil:
		b.w = max(p.inner.width+2*padding, textWidth(p.scope.name, nameSize)*1.1+2*padding)
		b.h = p.inner.height + titleRoom + padding
		return b
	case p.more > 0:
		p.lines[0] = fmt.Sprintf("… %s more", grouped(p.more))
	case p.side != inside && p.scope != nil:
		p.lines[0] = p.scope.path + "/"
	case p.side != inside:
		p.lines[0] = p.item.what.Name
	case p.scope != nil:
		p.lines = [2]string{p.scope.name, p.scope.size()}
	default:
		p.lines[0] = p.item.label()
		p.lines[1] = st.detail(p.item)
	}
	p.lines[0], p.lines[1] = fit(clean(p.lines[0]), nameSize, textRoom), fit(clean(p.lines[1]), detailSize, 1.5*textRoom)
	b.w = max(textWidth(p.lines[0], nameSize)*1.05, textWidth(p.lines[1], detailSize)) + 18
	b.h = 23
	if p.lines[1] != "" {
		b.h = 35
	}
	return b
}

// detail is the second line of a node's box.
func (st *structure) detail(it *item) string {
	sp := it.what.Spec
	switch it.what.Kind {
	case graph.ConstNode:
		if sp.Shape.TotalSize() <= 4 && sp.Known() {
			if v := st.g.ValueOf(it.node); v != nil {
				return fmt.Sprint(v.Data())
			}
		}
		return specText(sp, st.dtype)
	case graph.VariableNode, graph.PlaceholderNode:
		return specText(sp, st.dtype)
	}
	var parts []string
	if op, name := it.what.Op, it.what.Name[strings.LastIndexByte(it.what.Name, '/')+1:]; op != strings.TrimRight(name, "_0123456789") {
		parts = append(parts, op)
	}
	if n := len(st.readers[it]); n == 0 && sp.Rank() >= 0 && it.what.Op != "" && !st.noValue(it) {
		parts = append(parts, specText(sp, st.dtype))
	}
	return strings.Join(parts, "  ")
}

func (st *structure) noValue(it *item) bool {
	def, ok := st.g.OpOf(it.node)
	return ok && def.NoValue
}

// svg draws a level as a document.
func (l *level) svg(width float64) string {
	kinds := map[colours]bool{}
	var body strings.Builder
	l.draw(&body, padding, padding, kinds)
	w, h := l.width+2*padding, l.height+2*padding
	var legend strings.Builder
	x := padding
	for _, k := range legendOf(kinds) {
		step := textWidth(k.name, detailSize) + 28
		if x > padding && x+step > max(w, 420) {
			x, h = padding, h+16
		}
		fmt.Fprintf(&legend, `<rect x="%.1f" y="%.1f" width="11" height="9" rx="2" fill="%s" stroke="%s"/>`, x, h, k.fill, k.stroke)
		write(&legend, x+16, h+8, detailSize, inkFaint, "start", k.name)
		x += step
		w = max(w, x)
	}
	h += 16 + padding/2
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.1f %.1f" width="%.1f" height="%.1f" font-family="'Liberation Sans',Arial,Helvetica,sans-serif">`,
		w, h, min(w, width), h*min(1, width/w))
	fmt.Fprintf(&b, `<rect width="%.1f" height="%.1f" rx="6" fill="#FFFFFF"/>`, w, h)
	b.WriteString(body.String())
	b.WriteString(legend.String())
	b.WriteString("</svg>")
	return b.String()
}

// legendOf lists the kinds of boxes that were drawn.
func legendOf(kinds map[colours]bool) (list []colours) {
	for k := range kinds {
		list = append(list, k)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	return list
}

// write writes a text; y is that of its base line.
func write(b *strings.Builder, x, y, size float64, colour, anchor, text string) {
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-size="%g" fill="%s" text-anchor="%s">%s</text>`, x, y, size, colour, anchor, escape(text))
}

// draw draws a level whose upper left corner is at x, y.
func (l *level) draw(b *strings.Builder, x, y float64, kinds map[colours]bool) {
	for i, p := range l.parts {
		if p.inner != nil {
			box := l.boxes[i]
			left, top := x+box.x-box.w/2, y+box.y-box.h/2
			fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="9" fill="#8A97A6" fill-opacity="0.09" stroke="#A5AFBA"/>`, left, top, box.w, box.h)
			fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-size="%g" font-weight="bold" fill="%s">%s</text>`, left+9, top+16, nameSize, inkFaint, escape(fit(clean(p.scope.name), nameSize, box.w-18)))
			p.inner.draw(b, left+(box.w-p.inner.width)/2, top+titleRoom, kinds)
			for k, port := range p.inner.parts { // on to the border
				px, py := left+(box.w-p.inner.width)/2+p.inner.boxes[k].x, top+titleRoom+p.inner.boxes[k].y
				switch port.side {
				case above:
					fmt.Fprintf(b, `<path d="M%.1f %.1fV%.1f" stroke="%s"/>`, px, top, py, lineInk)
				case below:
					fmt.Fprintf(b, `<path d="M%.1f %.1fV%.1f" stroke="%s"/>`, px, py, top+box.h, lineInk)
				}
			}
		}
	}
	for i, e := range l.edges {
		l.drawEdge(b, e, l.links[i], x, y)
	}
	for i, e := range l.edges {
		l.drawLabel(b, e, l.links[i], x, y)
	}
	for i, p := range l.parts {
		l.drawPart(b, p, l.boxes[i], x, y, kinds)
	}
}

// drawPart draws a box, unless it is an unfolded scope.
func (l *level) drawPart(b *strings.Builder, p *part, box *box, x, y float64, kinds map[colours]bool) {
	if p.inner != nil {
		return
	}
	cx, top := x+box.x, y+box.y-box.h/2
	if p.lines[0] == "" && p.side != inside {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="2.5" fill="%s"/>`, cx, y+box.y, lineInk)
		return
	}
	var c colours
	radius, dashes, weight, title := 11.0, "", "", ""
	switch {
	case p.side != inside || p.more > 0:
		c, dashes = colours{"", "#FFFFFF", "#B8B8B8"}, ` stroke-dasharray="3 2"`
	case p.scope != nil:
		c, radius, weight = scopeColours, 6, ` font-weight="bold"`
		kinds[c] = true
		title = p.scope.path + "/"
	default:
		c = p.item.colours()
		kinds[c] = true
		title = p.item.what.Name + ": " + p.item.what.Op + " " + p.item.what.Spec.String()
		switch p.item.what.Kind {
		case graph.VariableNode, graph.ConstNode:
			radius = 2
		}
	}
	b.WriteString("<g>")
	if title != "" {
		fmt.Fprintf(b, "<title>%s</title>", escape(title))
	}
	if p.scope != nil && p.side == inside { // a stack, as there is more beneath
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%g" fill="%s" stroke="%s"/>`, cx-box.w/2+3, top+3, box.w, box.h, radius, c.fill, c.stroke)
	}
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%g" fill="%s" stroke="%s"%s/>`, cx-box.w/2, top, box.w, box.h, radius, c.fill, c.stroke, dashes)
	colour := ink
	if p.side != inside || p.more > 0 {
		colour = inkFaint
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-size="%g" fill="%s" text-anchor="middle"%s>%s</text>`, cx, top+15, nameSize, colour, weight, escape(p.lines[0]))
	if p.lines[1] != "" {
		write(b, cx, top+28, detailSize, inkFaint, "middle", p.lines[1])
	}
	b.WriteString("</g>")
}

// drawEdge draws an edge as a curve that is vertical in every row, with an arrow where values arrive.
func (l *level) drawEdge(b *strings.Builder, e *edge, k *link, x, y float64) {
	if len(e.path) == 0 {
		return
	}
	upper, lower := e.path[0], e.path[len(e.path)-1]
	start := x + l.end(e, upper, e.path[1])
	end := x + l.end(e, lower, e.path[len(e.path)-2])
	px, py := start, y+upper.y+upper.h/2
	stop := y + lower.y - lower.h/2
	var path strings.Builder
	fmt.Fprintf(&path, "M%.1f %.1f", px, py)
	to := func(qx, qy float64) {
		mid := (py + qy) / 2
		fmt.Fprintf(&path, "C%.1f %.1f %.1f %.1f %.1f %.1f", px, mid, qx, mid, qx, qy)
		px, py = qx, qy
	}
	for _, bend := range e.path[1 : len(e.path)-1] {
		to(x+bend.x, y+bend.y-bend.h/2)
		if bend.h > 0 {
			py = y + bend.y + bend.h/2
			fmt.Fprintf(&path, "L%.1f %.1f", px, py)
		}
	}
	to(end, stop)
	dashes := ""
	if k.control {
		dashes = ` stroke-dasharray="4 3"`
	}
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s"%s/>`, path.String(), lineInk, dashes)
	if e.turned {
		tip := y + upper.y + upper.h/2
		fmt.Fprintf(b, `<path d="M%.1f %.1fl-3 6h6z" fill="%s"/>`, start, tip, lineInk)
	} else {
		fmt.Fprintf(b, `<path d="M%.1f %.1fl-3 -6h6z" fill="%s"/>`, end, stop, lineInk)
	}
}

// drawLabel writes what an edge carries, on top of all edges.
func (l *level) drawLabel(b *strings.Builder, e *edge, k *link, x, y float64) {
	if e.label == nil {
		return
	}
	x, y = x+e.label.x, y+e.label.y
	w := textWidth(k.label, labelSize) + 4
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="3" fill="#FFFFFF" fill-opacity="0.9"/>`, x-w/2, y-6, w, 12.0)
	write(b, x, y+3.5, labelSize, inkFaint, "middle", k.label)
}

// end is where an edge meets a box, seen from the level's left: the place on the border of an unfolded scope; else the middle, a little towards
// where the edge comes from.
func (l *level) end(e *edge, at, next *box) float64 {
	other, here := e.to, e.from
	if l.boxes[e.to] == at {
		other, here = e.from, e.to
	}
	if p := l.parts[here]; p.inner != nil {
		u := l.parts[other].unit
		u.side = below
		if here == e.to {
			u.side = above
		}
		if i, ok := p.inner.index[u]; ok {
			return at.x - p.inner.width/2 + p.inner.boxes[i].x
		}
	}
	return at.x + max(-at.w*0.3, min(at.w*0.3, (next.x-at.x)*0.25))
}
