package show

import (
	"fmt"
	"sort"
	"strings"

	"github.com/plexaura/plexaura/graph"
)

// svg draws a level as a document.
func (l *level) svg(width float64) string {
	kinds := map[colours]bool{}
	d := &drawing{}
	l.draw(d, padding, padding, kinds)
	w, h := l.width+2*padding, l.height+2*padding
	x := padding
	for _, k := range legendOf(kinds) {
		step := textWidth(k.name, detailSize) + 28
		if x > padding && x+step > max(w, 420) {
			x, h = padding, h+16
		}
		d.rect(x, h, 11, 9, ` rx="2"`+filled(k.fill, k.stroke))
		d.text(x+16, h+8, detailSize, inkFaint, k.name, "")
		x += step
		w = max(w, x)
	}
	return d.document(w, h+16+padding/2, min(1, width/w))
}

// legendOf lists the kinds of boxes that were drawn.
func legendOf(kinds map[colours]bool) (list []colours) {
	for k := range kinds {
		list = append(list, k)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	return list
}

// draw draws a level whose upper left corner is at x, y: unfolded scopes with what is in them, edges over these, and boxes over the edges.
func (l *level) draw(d *drawing, x, y float64, kinds map[colours]bool) {
	for i, p := range l.parts {
		if p.inner != nil {
			l.drawUnfolded(d, p, l.boxes[i], x, y, kinds)
		}
	}
	for i, e := range l.edges {
		l.drawEdge(d, e, l.links[i], x, y)
	}
	for i, e := range l.edges {
		l.drawLabel(d, e, l.links[i], x, y)
	}
	for i, p := range l.parts {
		if p.inner == nil {
			l.drawPart(d, p, l.boxes[i], x, y, kinds)
		}
	}
}

// drawUnfolded draws a scope that is open, and the edges between its border and the places on it.
func (l *level) drawUnfolded(d *drawing, p *part, box *box, x, y float64, kinds map[colours]bool) {
	left, top := x+box.x-box.w/2, y+box.y-box.h/2
	d.rect(left, top, box.w, box.h, ` rx="9" fill-opacity="0.09"`+filled("#8A97A6", "#A5AFBA"))
	d.text(left+9, top+16, nameSize, inkFaint, fit(clean(p.scope.name), nameSize, box.w-18), ` font-weight="bold"`)
	innerLeft := left + (box.w-p.inner.width)/2
	p.inner.draw(d, innerLeft, top+titleRoom, kinds)
	for k, port := range p.inner.parts {
		px, py := innerLeft+p.inner.boxes[k].x, top+titleRoom+p.inner.boxes[k].y
		switch port.side {
		case above:
			d.line(fmt.Sprintf("M%.1f %.1fV%.1f", px, top, py), "")
		case below:
			d.line(fmt.Sprintf("M%.1f %.1fV%.1f", px, py, top+box.h), "")
		}
	}
}

// drawPart draws the box of a node, of a closed scope or of what lies outside, or a place on the border.
func (l *level) drawPart(d *drawing, p *part, box *box, x, y float64, kinds map[colours]bool) {
	left, top := x+box.x-box.w/2, y+box.y-box.h/2
	if p.lines[0] == "" && p.side != inside {
		fmt.Fprintf(d, `<circle cx="%.1f" cy="%.1f" r="2.5" fill="%s"/>`, x+box.x, y+box.y, lineInk)
		return
	}
	look, weight, colour, title := "", "", ink, ""
	switch {
	case p.side != inside || p.more > 0:
		look, colour = ` rx="11" stroke-dasharray="3 2"`+filled("#FFFFFF", "#B8B8B8"), inkFaint
	case p.scope != nil:
		kinds[scopeColours] = true
		look, weight, title = ` rx="6"`+filled(scopeColours.fill, scopeColours.stroke), ` font-weight="bold"`, p.scope.path+"/"
		d.rect(left+3, top+3, box.w, box.h, look) // a stack, as there is more beneath
	default:
		c, radius := p.item.colours(), 11
		kinds[c] = true
		if k := p.item.what.Kind; k == graph.VariableNode || k == graph.ConstNode {
			radius = 2
		}
		look, title = fmt.Sprintf(` rx="%d"%s`, radius, filled(c.fill, c.stroke)), p.item.what.Name+": "+p.item.what.Op+" "+p.item.what.Spec.String()
	}
	d.WriteString("<g>")
	if title != "" {
		fmt.Fprintf(d, "<title>%s</title>", escape(title))
	}
	d.rect(left, top, box.w, box.h, look)
	d.text(x+box.x, top+15, nameSize, colour, p.lines[0], centred+weight)
	if p.lines[1] != "" {
		d.text(x+box.x, top+28, detailSize, inkFaint, p.lines[1], centred)
	}
	d.WriteString("</g>")
}

// drawEdge draws an edge as a curve that is vertical in every row, with an arrow where values arrive.
func (l *level) drawEdge(d *drawing, e *edge, k *link, x, y float64) {
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
	d.line(path.String(), dashes)
	tip, back := stop, -6.0 // the arrow's
	if e.turned {
		end, tip, back = start, y+upper.y+upper.h/2, 6
	}
	fmt.Fprintf(d, `<path d="M%.1f %.1fl-3 %gh6z" fill="%s"/>`, end, tip, back, lineInk)
}

// drawLabel writes what an edge carries, on top of all edges.
func (l *level) drawLabel(d *drawing, e *edge, k *link, x, y float64) {
	if e.label == nil {
		return
	}
	x, y = x+e.label.x, y+e.label.y
	w := textWidth(k.label, labelSize) + 4
	d.rect(x-w/2, y-6, w, 12, ` rx="3" fill="#FFFFFF" fill-opacity="0.9"`)
	d.text(x, y+3.5, labelSize, inkFaint, k.label, centred)
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
