package weights

import (
	"github.com/plexaura/plexaura/internal/kernel"
	"github.com/plexaura/plexaura/internal/parallel"
)

// axis is what elements are moved along: how many there are, and the distances of neighbours where they come from and where they go.
type axis struct{ size, from, to int }

// axesOf lists the axes along which the elements of a tensor are put in row-major order, the last first. Neighbours that are one axis in
// memory are one, and those of one index are left out: of the kernels OIHW that become HWIO, three are left.
func axesOf(shape, strides []int) []axis {
	var axes []axis
	to := 1
	for a := len(shape) - 1; a >= 0; a-- {
		switch n := len(axes); {
		case shape[a] == 1:
		case n > 0 && strides[a] == axes[n-1].from*axes[n-1].size:
			axes[n-1].size *= shape[a]
		default:
			axes = append(axes, axis{shape[a], strides[a], to})
		}
		to *= shape[a]
	}
	if len(axes) == 0 {
		return []axis{{1, 1, 1}}
	}
	return axes
}

const (
	// Tiles of so many indices along the last axis, and along another, are moved at once, so that the lines of the cache that one touches are
	// there still when the next one, which lies beside it, needs the rest of them.
	tileColumns, tileRows = 256, 64
	// gatherGrain is how many elements a goroutine moves at least.
	gatherGrain = 1 << 15
)

// mover moves elements tile by tile. It is the body of a parallel loop over all tiles of all planes that two of the axes span.
type mover[T element] struct {
	out, stored []T

	inner axis // the last of the result, where neighbours are neighbours
	row   axis // the other one of a tile
	rest  []axis
	turns bool // whether neighbours along row are neighbours in stored

	across, planes int // tiles along inner; planes
}

// gather moves elements, of which there is at least one.
func gather[T element](out, stored []T, axes []axis) {
	m := &mover[T]{out: out, stored: stored, inner: axes[0], row: axis{1, 0, 0}}
	if len(axes) > 1 {
		other := 1
		for a := 1; a < len(axes) && m.inner.from != 1; a++ {
			if axes[a].from == 1 && m.inner.from >= axes[a].size { // strides of a file may overlap
				other, m.turns = a, true
			}
		}
		m.row = axes[other]
		m.rest = append(append(m.rest, axes[1:other]...), axes[other+1:]...)
	}
	m.across = (m.inner.size-1)/tileColumns + 1
	m.planes = 1
	for _, a := range m.rest {
		m.planes *= a.size
	}
	tiles := m.across * ((m.row.size-1)/tileRows + 1)
	parallel.For(tiles*m.planes, max(1, gatherGrain/(min(tileColumns, m.inner.size)*min(tileRows, m.row.size))), m)
}

// Do implements parallel.Body.
func (m *mover[T]) Do(lo, hi int) {
	for k := lo; k < hi; k++ {
		tile, plane := k/m.planes, k%m.planes
		column, row := tile%m.across*tileColumns, tile/m.across*tileRows
		columns, rows := min(tileColumns, m.inner.size-column), min(tileRows, m.row.size-row)
		from, to := column*m.inner.from+row*m.row.from, column+row*m.row.to
		for _, a := range m.rest {
			i := plane % a.size
			plane /= a.size
			from, to = from+i*a.from, to+i*a.to
		}
		if m.turns {
			kernel.Transpose(m.out[to:], m.stored[from:], columns, rows, m.row.to, m.inner.from)
			continue
		}
		for range rows {
			if m.inner.from == 1 {
				copy(m.out[to:to+columns], m.stored[from:])
			} else {
				at := from
				for i := range m.out[to : to+columns] {
					m.out[to+i] = m.stored[at]
					at += m.inner.from
				}
			}
			from, to = from+m.row.from, to+m.row.to
		}
	}
}
