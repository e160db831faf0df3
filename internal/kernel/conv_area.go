package kernel

// area is a part of the output's pixels: of images [first, end) rows [top, bottom) and
// columns [left, right).
type area struct{ first, end, top, bottom, left, right int }

// areas say how the pixels of all images are cut: into so many sets of images, and
// these into so many rows and columns of areas.
type areas struct{ images, rows, columns int }

// count returns how many areas there are.
func (c areas) count() int { return c.images * c.rows * c.columns }

// area returns area i.
func (p *convPass[T]) area(i int) area {
	c, o := p.areas, &p.out
	x, y, n := i%c.columns, i/c.columns%c.rows, i/c.columns/c.rows
	return area{
		first: share(p.shape.Batch, n, c.images), end: share(p.shape.Batch, n+1, c.images),
		top: share(o.count[0], y, c.rows), bottom: share(o.count[0], y+1, c.rows),
		left: share(o.count[1], x, c.columns), right: share(o.count[1], x+1, c.columns),
	}
}

const (
	// An area of so many pixels, a dozen tiles below each other, repays the kernel's way into
	// the cache, even if its windows and outputs have more than windowElements elements.
	manyPixels = 172
	// Areas of fewer are not worth a task of their own.
	fewPixels = 56
)

// cutAreas cuts the output into areas whose windows stay in the cache and its columns into sections, and
// both further where that makes tasks for all processors. None of it influences the result.
func (p *convPass[T]) cutAreas(tasks int) {
	x, o := &p.images, &p.out
	panels := ceilDiv(p.columns, p.micro.columns)
	p.sections = ceilDiv(panels, maxPanels)
	tasks = ceilDiv(tasks, p.shape.Groups)
	elements := x.channels*x.stepOf(0)*x.stepOf(1) + min(p.columns, maxPanels*p.micro.columns) // of a pixel
	most := max(windowElements/elements, manyPixels)
	image := o.count[0] * o.count[1]
	p.areas = areas{
		images:  ceilDiv(p.shape.Batch, max(1, most/image)),
		rows:    ceilDiv(o.count[0], max(1, min(o.count[0], most/o.count[1]))),
		columns: ceilDiv(o.count[1], min(o.count[1], most)),
	}
	if want := ceilDiv(tasks, p.sections); p.areas.count() < want {
		// Whole images first, then rows of them, as long as that leaves enough pixels.
		p.areas.images = max(p.areas.images, min(want, p.shape.Batch, ceilDiv(p.pixels(), manyPixels)))
		p.areas.rows = max(p.areas.rows, min(want/p.areas.images, o.count[0], image/fewPixels/p.areas.columns))
	}
	// Every section copies the area anew, which should stay a small part of its work.
	least := 2
	if most*elements > 2*windowElements && image > most/2 {
		least = 4
	}
	p.sections = max(p.sections, min(ceilDiv(tasks, p.areas.count()), ceilDiv(panels, least)))
}
