package show

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// randomDiagram has boxes of different sizes, with circles among the edges.
func randomDiagram(r *rand.Rand) *diagram {
	d := &diagram{}
	n := 1 + r.IntN(40)
	for i := range n {
		d.boxes = append(d.boxes, &box{w: 20 + 100*r.Float64(), h: 10 + 80*r.Float64(), first: i%13 == 12, last: i%17 == 16})
	}
	for range r.IntN(3 * n) {
		e := &edge{from: r.IntN(n), to: r.IntN(n)}
		if e.from == e.to || d.boxes[e.from].last || d.boxes[e.to].first {
			continue
		}
		if r.IntN(2) == 0 {
			e.labelW, e.labelH = 10+50*r.Float64(), 12
		}
		d.edges = append(d.edges, e)
	}
	return d
}

// TestLayOut wants boxes that do not overlap, within the diagram, and edges that lead down.
func TestLayOut(t *testing.T) {
	for seed := range uint64(300) {
		d := randomDiagram(rand.New(rand.NewPCG(seed, 1)))
		d.layOut()
		var all []*box
		for _, row := range d.rows {
			all = append(all, row...)
		}
		const slack = 1e-6
		for i, a := range all {
			if a.x-a.w/2 < -slack || a.x+a.w/2 > d.width+slack || a.y-a.h/2 < -slack || a.y+a.h/2 > d.height+slack {
				t.Fatalf("seed %d: box %+v lies outside of %v x %v", seed, a, d.width, d.height)
			}
			for _, b := range all[:i] {
				if abs(a.x-b.x) < (a.w+b.w)/2-slack && abs(a.y-b.y) < (a.h+b.h)/2-slack {
					t.Fatalf("seed %d: boxes %+v and %+v overlap", seed, a, b)
				}
			}
		}
		for _, e := range d.edges {
			for i := 1; i < len(e.path); i++ {
				if a, b := e.path[i-1], e.path[i]; a.y+a.h/2 > b.y-b.h/2+slack || b.row != a.row+1 {
					t.Fatalf("seed %d: an edge from %+v to %+v", seed, a, b)
				}
			}
			if e.labelW > 0 && len(e.path) > 0 && e.label == nil {
				t.Fatalf("seed %d: no place for the text of an edge", seed)
			}
		}
		again := randomDiagram(rand.New(rand.NewPCG(seed, 1)))
		again.layOut()
		if again.width != d.width || again.height != d.height || !reflect.DeepEqual(places(d), places(again)) {
			t.Fatalf("seed %d: two layouts of one diagram", seed)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

func places(d *diagram) (at [][2]float64) {
	for _, b := range d.boxes {
		at = append(at, [2]float64{b.x, b.y})
	}
	return at
}

// TestCrossings wants no crossing where there need be none: two chains whose boxes come in turns.
func TestCrossings(t *testing.T) {
	d := &diagram{}
	for range 12 {
		d.boxes = append(d.boxes, &box{w: 50, h: 20})
	}
	for i := range 10 {
		d.edges = append(d.edges, &edge{from: i, to: i + 2})
	}
	d.edges[3].from, d.edges[3].to = 2, 5 // the chains change sides
	d.edges[2].from, d.edges[2].to = 3, 4
	d.layOut()
	if n := d.crossings(); n != 0 {
		t.Errorf("%d crossings", n)
	}
}

// TestSpread puts boxes in their order as near as may be to where they want to be.
func TestSpread(t *testing.T) {
	target := func(x float64) *box { return &box{x: x} }
	a, b, c := &box{w: 10}, &box{w: 10}, &box{w: 10}
	a.up, b.up, c.up = []neighbour{{target(0), 1}}, []neighbour{{target(0), 1}}, []neighbour{{target(100), 1}}
	spread([]*box{a, b, c})
	if a.x != -13 || b.x != 13 || c.x != 100 { // the first two are 10 + gapX apart around 0
		t.Errorf("%v, %v, %v", a.x, b.x, c.x)
	}
}
