package show

import (
	"fmt"
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
