package darknet

import (
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/boxes"
)

// Head says what the numbers of a detection layer mean. For each cell of a grid over the image, and each anchor, they are
//
//	x, y, width, height, whether there is a thing, and one for each class
//
// in this order along the channels: Redmon and Farhadi, "YOLO9000" (2016, figure 3) and "YOLOv3" (2018, figure 2).
type Head struct {
	Layer   string       // whose output has the numbers, such as "region15"; see Model.Endpoint
	Anchors [][2]float64 // width and height that a box has where its numbers are 0
	// InCells says that anchors are in cells of the grid, as in [region]; in [yolo] they are in pixels of the
	// input.
	InCells bool
	Classes int
	// Softmax says that classes exclude each other, as with softmax=1 in [region]; otherwise each has a
	// probability of its own.
	Softmax bool
	// ScaleXY widens the range of a box's centre beyond its cell: scale_x_y; default 1.
	ScaleXY float64
}

// Channels is the number of channels of the layer.
func (h Head) Channels() int { return len(h.Anchors) * (5 + h.Classes) }

// Boxes returns the boxes in each image of a batch, of all classes more probable than threshold, as shares of the
// input's width and height. out is what the layer computed, float32 or float64 [batch, rows, columns,
// channels]; height and width are those of the network's input. The boxes are in the order of the grid, row by
// row, and there are many around one thing: boxes.Suppress keeps one.
//
//	x = (column + sigmoid(tx)) / columns    width  = exp(tw) * anchor
//	y = (row + sigmoid(ty)) / rows          height = exp(th) * anchor
//	probability = sigmoid(t) * sigmoid(class), or softmax(classes)
func (h Head) Boxes(out *tensor.Dense, height, width int, threshold float64) ([][]boxes.Box, error) {
	if err := h.check(out, height, width); err != nil {
		return nil, errors.WithMessage(err, "darknet: Boxes")
	}
	at := func(i int) float64 { return 0 }
	switch d := out.Data().(type) {
	case []float32:
		at = func(i int) float64 { return float64(d[i]) }
	case []float64:
		at = func(i int) float64 { return d[i] }
	}
	shape := out.Shape()
	found := make([][]boxes.Box, shape[0])
	cell := make([]float64, 5+h.Classes)
	i := 0
	for n := range found {
		for row := range shape[1] {
			for column := range shape[2] {
				for _, anchor := range h.Anchors {
					for k := range cell {
						cell[k] = at(i + k)
					}
					i += len(cell)
					thing := sigmoid(cell[4])
					if !(thing > threshold) {
						continue
					}
					if h.InCells {
						anchor[0], anchor[1] = anchor[0]/float64(shape[2]), anchor[1]/float64(shape[1])
					} else {
						anchor[0], anchor[1] = anchor[0]/float64(width), anchor[1]/float64(height)
					}
					box := h.place(cell, anchor, row, column, shape[1], shape[2])
					found[n] = h.classify(found[n], box, cell[5:], thing, threshold)
				}
			}
		}
	}
	return found, nil
}

// place finds a box of its four numbers; anchor is in shares of the input.
func (h Head) place(t []float64, anchor [2]float64, row, column, rows, columns int) boxes.Box {
	scale := h.ScaleXY
	if scale == 0 {
		scale = 1
	}
	centre := func(t float64, cell, cells int) float64 {
		return (float64(cell) + scale*sigmoid(t) - (scale-1)/2) / float64(cells)
	}
	x, y := centre(t[0], column, columns), centre(t[1], row, rows)
	w, d := math.Exp(t[2])*anchor[0], math.Exp(t[3])*anchor[1]
	return boxes.Box{Left: x - w/2, Top: y - d/2, Right: x + w/2, Bottom: y + d/2}
}

// classify appends the box once for each class that is probable enough.
func (h Head) classify(found []boxes.Box, box boxes.Box, classes []float64, thing, threshold float64) []boxes.Box {
	top, sum := math.Inf(-1), 0.0
	if h.Softmax {
		for _, t := range classes {
			top = max(top, t)
		}
		for _, t := range classes {
			sum += math.Exp(t - top)
		}
	}
	for class, t := range classes {
		box.Class, box.Probability = class, thing*sigmoid(t)
		if h.Softmax {
			box.Probability = thing * math.Exp(t-top) / sum
		}
		if box.Probability > threshold {
			found = append(found, box)
		}
	}
	return found
}

func sigmoid(t float64) float64 { return 1 / (1 + math.Exp(-t)) }

func (h Head) check(out *tensor.Dense, height, width int) error {
	switch {
	case out == nil:
		return errors.New("wanted the output of a detection layer, came nil")
	case len(h.Anchors) == 0 || h.Classes < 1:
		return errors.Errorf("the head has %d anchors and %d classes; want one of each or more", len(h.Anchors), h.Classes)
	case out.Dtype() != tensor.Float32 && out.Dtype() != tensor.Float64, len(out.Shape()) != 4, out.Shape()[3] != h.Channels():
		return errors.Errorf("wanted the output of a detection layer, float32 or float64 [batch, rows, columns, %d], came %v %v", h.Channels(), out.Dtype(), out.Shape())
	case height < 1 || width < 1:
		return errors.Errorf("wanted the height and width of the network's input, came %d and %d", height, width)
	}
	return nil
}

// detection is [region] or [yolo].
type detection struct{ head Head }

func readRegion(o options) layer {
	o.refuse("background", "tree", "map", "log")
	if coords := o.count("coords", 4, 0); coords != 4 {
		p, _ := o.find("coords")
		o.problems.lacks("coords="+p.Value+" of ["+o.Name+"]", p.Line)
	}
	num := o.count("num", 1, 1)
	h := Head{Classes: o.count("classes", 20, 1), InCells: true, Softmax: o.flag("softmax")}
	h.Anchors = o.anchors(num)
	return detection{h}
}

func readYOLO(o options) layer {
	o.refuse("new_coords")
	h := Head{Classes: o.count("classes", 20, 1), ScaleXY: o.number("scale_x_y", 1)}
	all := o.anchors(o.count("num", 1, 1))
	p, ok := o.find("mask")
	if !ok {
		h.Anchors = all
		return detection{h}
	}
	for _, i := range o.integers("mask") {
		if i < 0 || i >= len(all) {
			o.invalid(p, "numbers of anchors, counted from 0")
			break
		}
		h.Anchors = append(h.Anchors, all[i])
	}
	return detection{h}
}

// anchors are num pairs; those that the file does not give are Darknet's .5.
func (o options) anchors(num int) [][2]float64 {
	given := o.numbers("anchors")
	p, _ := o.find("anchors")
	if len(given) > 0 && len(given) != 2*num {
		o.invalid(p, "two numbers for each of num anchors")
		return nil
	}
	if num > maxAnchors {
		p, _ = o.find("num")
		o.invalid(p, "fewer anchors")
		return nil
	}
	out := make([][2]float64, num)
	for i := range out {
		out[i] = [2]float64{0.5, 0.5}
		if len(given) > 0 {
			out[i] = [2]float64(given[2*i:])
		}
	}
	return out
}

const maxAnchors = 64 // networks have nine

// Heads returns what the numbers of the detection layers mean, in their order, as Model.Heads does of a network that was built.
func (n *Network) Heads() ([]Head, error) {
	layers, err := n.readLayers()
	if err != nil {
		return nil, errors.WithMessage(err, "darknet: Heads")
	}
	var heads []Head
	for i, l := range layers {
		if d, ok := l.(detection); ok {
			d.head.Layer = n.layerName(i)
			heads = append(heads, d.head)
		}
	}
	return heads, nil
}

func (l detection) build(b *builder, s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
	x = b.image(s, x)
	h := l.head
	h.Layer = b.network.layerName(len(b.model.Layers))
	if c := graph.SpecOf(x).Shape[3]; c != h.Channels() {
		return b.fail(s, x, "[%s] with %d anchors and %d classes takes %d channels, but the layer before gives %d; want filters=%d there",
			b.network.Layers[len(b.model.Layers)].Name, len(h.Anchors), h.Classes, h.Channels(), c, h.Channels())
	}
	b.model.Heads = append(b.model.Heads, h)
	return x
}
