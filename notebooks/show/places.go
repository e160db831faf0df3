package show

import "math"

// placeX moves every box towards its neighbours as far as the others in its row let it.
func (d *diagram) placeX() {
	for _, row := range d.rows {
		x := 0.0
		for _, b := range row {
			b.x = x + b.w/2
			x += b.w + gapX
		}
	}
	for sweep := range 2 * sweeps {
		for i := range d.rows {
			row := d.rows[i]
			if sweep%2 == 1 {
				row = d.rows[len(d.rows)-1-i]
			}
			spread(row)
		}
	}
	left, right := math.Inf(1), math.Inf(-1)
	for _, row := range d.rows {
		for _, b := range row {
			left, right = min(left, b.x-b.w/2), max(right, b.x+b.w/2)
		}
	}
	if len(d.boxes) == 0 {
		left, right = 0, 0
	}
	for _, row := range d.rows {
		for _, b := range row {
			b.x -= left
		}
	}
	d.width = right - left
}

// spread puts the boxes of a row as near to the mean of their neighbours as they can stand without overlapping: least squares under the
// constraint of an order, by pooling adjacent violators (Ayer et al., 1955).
func spread(row []*box) {
	type pool struct {
		sum, weight float64
		n           int
	}
	var pools []pool
	offset := make([]float64, len(row)) // of a box from where it would stand if all stood in one place
	for i, b := range row {
		if i > 0 {
			offset[i] = offset[i-1] + row[i-1].w/2 + gapX + b.w/2
		}
		wanted, weight := 0.0, 0.0
		for _, near := range [][]neighbour{b.up, b.down} {
			for _, n := range near {
				wanted += n.weight * n.box.x
				weight += n.weight
			}
		}
		if weight == 0 {
			wanted, weight = b.x*0.1, 0.1
		}
		pools = append(pools, pool{wanted - offset[i]*weight, weight, 1})
		for k := len(pools) - 1; k > 0 && pools[k-1].sum*pools[k].weight >= pools[k].sum*pools[k-1].weight; k-- {
			pools[k-1] = pool{pools[k-1].sum + pools[k].sum, pools[k-1].weight + pools[k].weight, pools[k-1].n + pools[k].n}
			pools = pools[:k]
		}
	}
	i := 0
	for _, p := range pools {
		for range p.n {
			row[i].x = p.sum/p.weight + offset[i]
			i++
		}
	}
}

// placeY gives each row the height of its highest box.
func (d *diagram) placeY() {
	y := 0.0
	for i, row := range d.rows {
		h := 0.0
		for _, b := range row {
			h = max(h, b.h)
		}
		if i > 0 {
			y += gapY
		}
		for _, b := range row {
			b.y = y + h/2
			if b.bend && b.h == 0 {
				b.h = h // an edge passes straight
			}
			if b.first {
				b.y = y + b.h/2
			}
			if b.last {
				b.y = y + h - b.h/2
			}
		}
		y += h
	}
	d.height = y
}
