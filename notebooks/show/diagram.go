package show

// A diagram lays boxes out in rows from top to bottom, so that edges lead downwards: the method of Sugiyama, Tagawa and Toda,
// "Methods for Visual Understanding of Hierarchical System Structures", 1981. The result depends on the order of boxes and edges alone.
type diagram struct {
	boxes []*box
	edges []*edge

	rows          [][]*box
	width, height float64
}

// box is what a diagram places: something with an outline, or a bend of an edge that passes a row.
type box struct {
	w, h float64
	x, y float64 // the centre

	first, last bool // stands in the first or the last row, as a place on the border does, from which all its edges lead, or to which
	bend        bool

	row      int
	at       float64 // its place in the row, then that of its neighbours
	up, down []neighbour
}

type neighbour struct {
	box    *box
	weight float64
}

// edge leads from a box to a box below it, unless that would be a circle: then it leads upwards.
type edge struct {
	from, to int
	// What is written on the edge wants so much room; none where labelW is 0.
	labelW, labelH float64

	turned bool
	path   []*box // from the upper box to the lower one, by the bends between them
	label  *box   // the bend that the text stands on
}

const (
	gapX = 16.0 // between boxes
	gapY = 15.0 // between rows
)

// layOut gives all boxes their places, within width and height.
func (d *diagram) layOut() {
	d.breakCircles()
	d.rank()
	d.bend()
	d.order()
	d.placeX()
	d.placeY()
}

// upper and lower are the ends of an edge as it is drawn.
func (d *diagram) upper(e *edge) *box {
	if e.turned {
		return d.boxes[e.to]
	}
	return d.boxes[e.from]
}

func (d *diagram) lower(e *edge) *box {
	if e.turned {
		return d.boxes[e.from]
	}
	return d.boxes[e.to]
}

// breakCircles turns the edges that lead back to where a walk along the edges came from.
func (d *diagram) breakCircles() {
	out := make([][]*edge, len(d.boxes))
	for _, e := range d.edges {
		out[e.from] = append(out[e.from], e)
	}
	const entered, left = 1, 2
	state := make([]int, len(d.boxes))
	var walk func(i int)
	walk = func(i int) {
		state[i] = entered
		for _, e := range out[i] {
			switch state[e.to] {
			case entered:
				e.turned = true
			case 0:
				walk(e.to)
			}
		}
		state[i] = left
	}
	for i := range d.boxes {
		if state[i] == 0 {
			walk(i)
		}
	}
}

// span is how many rows an edge goes down at least: a text on it has a row to itself.
func (e *edge) span() int {
	if e.labelW > 0 {
		return 2
	}
	return 1
}

// rank gives every box the first row that lies beneath all it depends on; what depends on nothing, as variables do, stands just above its
// first reader.
func (d *diagram) rank() {
	last := 0
	for range d.boxes { // a longest path has no more edges than boxes
		moved := false
		for _, e := range d.edges {
			u, l := d.upper(e), d.lower(e)
			if row := u.row + e.span(); row > l.row {
				l.row, moved = row, true
			}
		}
		if !moved {
			break
		}
	}
	for _, b := range d.boxes {
		last = max(last, b.row)
	}
	first := map[*box]int{} // the row of the first reader
	below := map[*box]bool{}
	for _, e := range d.edges {
		u, l := d.upper(e), d.lower(e)
		below[l] = true
		if row, ok := first[u]; !ok || l.row-e.span() < row {
			first[u] = l.row - e.span()
		}
	}
	for _, b := range d.boxes {
		switch row, ok := first[b]; {
		case b.last:
			b.row = last
		case ok && !below[b] && !b.first:
			b.row = row
		}
	}
}

// bend puts a bend into every row that an edge passes, and keeps the neighbours of each box.
func (d *diagram) bend() {
	last := 0
	for _, b := range d.boxes {
		last = max(last, b.row)
	}
	d.rows = make([][]*box, last+1)
	for _, b := range d.boxes {
		d.rows[b.row] = append(d.rows[b.row], b)
	}
	for _, e := range d.edges {
		u, l := d.upper(e), d.lower(e)
		if u.row >= l.row { // two places on the border, or one box
			continue
		}
		e.path = []*box{u}
		for row := u.row + 1; row < l.row; row++ {
			b := &box{w: 2, bend: true, row: row}
			if e.labelW > 0 && row == (u.row+l.row)/2 {
				b.w, b.h = e.labelW, e.labelH
				e.label = b
			}
			d.rows[row] = append(d.rows[row], b)
			e.path = append(e.path, b)
		}
		e.path = append(e.path, l)
		for i := 1; i < len(e.path); i++ {
			a, b := e.path[i-1], e.path[i]
			weight := 1.0
			switch {
			case a.bend && b.bend:
				weight = 6 // long edges want to be straight
			case a.bend || b.bend:
				weight = 2
			}
			a.down = append(a.down, neighbour{b, weight})
			b.up = append(b.up, neighbour{a, weight})
		}
	}
}
