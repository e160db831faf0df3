package show

import (
	"slices"
	"sort"
)

// sweeps is how often the rows are sorted, and moved sideways.
const sweeps = 12

// order sorts each row by the places of the neighbours, down and up again, and keeps the order with the fewest crossings.
func (d *diagram) order() {
	number := func() {
		for _, row := range d.rows {
			for i, b := range row {
				b.at = float64(i)
			}
		}
	}
	number()
	best, fewest := d.snapshot(), d.crossings()
	for sweep := 0; sweep < sweeps && fewest > 0; sweep++ {
		for i := range d.rows {
			row, from := d.rows[i], func(b *box) []neighbour { return b.up }
			if sweep%2 == 1 {
				row, from = d.rows[len(d.rows)-1-i], func(b *box) []neighbour { return b.down }
			}
			middle := map[*box]float64{}
			for _, b := range row {
				middle[b] = b.at
				if near := from(b); len(near) > 0 {
					sum := 0.0
					for _, n := range near {
						sum += n.box.at
					}
					middle[b] = sum / float64(len(near))
				}
			}
			sort.SliceStable(row, func(i, j int) bool { return middle[row[i]] < middle[row[j]] })
			for k, b := range row {
				b.at = float64(k)
			}
		}
		if n := d.crossings(); n < fewest {
			best, fewest = d.snapshot(), n
		}
	}
	d.rows = best
	number()
}

func (d *diagram) snapshot() [][]*box {
	rows := make([][]*box, len(d.rows))
	for i, row := range d.rows {
		rows[i] = slices.Clone(row)
	}
	return rows
}

// crossings counts the pairs of edges that cross between two rows.
func (d *diagram) crossings() (n int) {
	for _, row := range d.rows {
		var ends [][2]float64
		for _, b := range row {
			for _, below := range b.down {
				ends = append(ends, [2]float64{b.at, below.box.at})
			}
		}
		for i, e := range ends {
			for _, f := range ends[:i] {
				if (e[0]-f[0])*(e[1]-f[1]) < 0 {
					n++
				}
			}
		}
	}
	return n
}
