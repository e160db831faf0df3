package boxes

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// SSD says what the outputs of a single-shot detector mean, which corrects boxes that are the same in all pictures: Liu et al., "SSD: single shot
// multibox detector" (2016), section 2.
//
// These priors are squares around the middle of each cell of a few grids over the picture. Grid i has a cell for every Strides[i] pixels,
// a last one for the rest too, and in each cell as many priors as Sizes[i] has sides of squares.
type SSD struct {
	Strides []int       // of each grid, in pixels of the network's input
	Sizes   [][]float64 // for each grid the sides of the squares, in pixels of the network's input
	// CenterVariance and SizeVariance scale the corrections of a box's centre and of its sides; 0 for .1 and .2, which are Caffe's.
	CenterVariance, SizeVariance float64
}

// Priors returns the boxes of an input of so many pixels in the order of the outputs: grid by grid, row by row, cell by cell, size by size. They are
// shares of its width and height; the sides of those that are larger than the input are its sides.
func (d SSD) Priors(height, width int) ([]Box, error) {
	if err := d.check(height, width); err != nil {
		return nil, errors.WithMessage(err, "boxes: Priors")
	}
	return d.priors(height, width), nil
}

func (d SSD) priors(height, width int) []Box {
	var all []Box
	for i, stride := range d.Strides {
		rows, columns := (height+stride-1)/stride, (width+stride-1)/stride
		for row := range rows {
			for column := range columns {
				x, y := (float64(column)+0.5)/float64(columns), (float64(row)+0.5)/float64(rows)
				for _, size := range d.Sizes[i] {
					w, h := min(size/float64(width), 1), min(size/float64(height), 1)
					all = append(all, Box{Left: x - w/2, Top: y - h/2, Right: x + w/2, Bottom: y + h/2})
				}
			}
		}
	}
	return all
}

// Boxes returns the boxes in each picture of a batch, of all classes more probable than threshold, as shares of the input's width and
// height. logits, float32 or float64 [batch, priors, classes], have a first class that stands for nothing, the background, of which there are
// no boxes; locations, of the same dtype, [batch, priors, 4], correct the priors; height and width are those of the network's input. The boxes are
// in the order of the priors, and there are many around one thing: Suppress keeps one.
//
//	x = prior.x + CenterVariance * tx * prior.width      width  = prior.width * exp(SizeVariance * tw)
//	y = prior.y + CenterVariance * ty * prior.height     height = prior.height * exp(SizeVariance * th)
//	probability = softmax(logits)
//
// The error says which shapes were wanted.
func (d SSD) Boxes(logits, locations *tensor.Dense, height, width int, threshold float64) ([][]Box, error) {
	if err := d.check(height, width); err != nil {
		return nil, errors.WithMessage(err, "boxes: Boxes")
	}
	priors := d.priors(height, width)
	scores, corrections := numbers(logits, len(priors), 0), numbers(locations, len(priors), 4)
	if scores == nil || corrections == nil || logits.Dtype() != locations.Dtype() || logits.Shape()[0] != locations.Shape()[0] || logits.Shape()[2] < 2 {
		return nil, errors.Errorf("boxes: Boxes: wanted logits [batch, %d, classes] of two classes or more and locations [batch, %[1]d, 4], both float32 or float64, "+
			"for an input of %d x %d; came %s and %s", len(priors), height, width, described(logits), described(locations))
	}
	found := make([][]Box, logits.Shape()[0])
	classes := logits.Shape()[2]
	probabilities := make([]float64, classes)
	for n := range found {
		for i, prior := range priors {
			at := n*len(priors) + i
			softmax(probabilities, scores[at*classes:])
			for class := 1; class < classes; class++ {
				if probabilities[class] > threshold {
					box := d.corrected(prior, corrections[4*at:])
					box.Class, box.Probability = class, probabilities[class]
					found[n] = append(found[n], box)
				}
			}
		}
	}
	return found, nil
}

// corrected moves and stretches a prior.
func (d SSD) corrected(prior Box, t []float64) Box {
	centre, size := d.CenterVariance, d.SizeVariance
	if centre == 0 {
		centre = 0.1
	}
	if size == 0 {
		size = 0.2
	}
	w, h := prior.Width(), prior.Height()
	x, y := (prior.Left+prior.Right)/2+centre*t[0]*w, (prior.Top+prior.Bottom)/2+centre*t[1]*h
	w, h = w*math.Exp(size*t[2]), h*math.Exp(size*t[3])
	return Box{Left: x - w/2, Top: y - h/2, Right: x + w/2, Bottom: y + h/2}
}

// softmax puts the probabilities of logits into p.
func softmax(p, logits []float64) {
	top, sum := math.Inf(-1), 0.0
	for i := range p {
		top = max(top, logits[i])
	}
	for i := range p {
		p[i] = math.Exp(logits[i] - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}

// numbers returns the elements of x, nil unless it is float, [batch, rows, columns], where 0 columns stand for any number.
func numbers(x *tensor.Dense, rows, columns int) []float64 {
	if x == nil || len(x.Shape()) != 3 || x.Shape()[1] != rows || columns != 0 && x.Shape()[2] != columns {
		return nil
	}
	switch data := x.Data().(type) {
	case []float64:
		return data
	case []float32:
		all := make([]float64, len(data))
		for i, v := range data {
			all[i] = float64(v)
		}
		return all
	}
	return nil
}

func described(x *tensor.Dense) string {
	if x == nil {
		return "nil"
	}
	return fmt.Sprintf("%v %v", x.Dtype(), x.Shape())
}

const (
	mostPixels = 1 << 20 // of a side
	mostPriors = 1 << 24 // of an input; the published detectors have some thousands
)

func (d SSD) check(height, width int) error {
	if height < 1 || width < 1 || height > mostPixels || width > mostPixels {
		return errors.Errorf("wanted the height and width of the network's input, came %d and %d", height, width)
	}
	if len(d.Strides) == 0 || len(d.Sizes) != len(d.Strides) {
		return errors.Errorf("the detector has %d Strides and Sizes for %d grids; want as many, and one or more", len(d.Strides), len(d.Sizes))
	}
	if !(d.CenterVariance >= 0) || !(d.SizeVariance >= 0) || math.IsInf(d.CenterVariance+d.SizeVariance, 0) {
		return errors.Errorf("CenterVariance is %v, SizeVariance %v; want positive numbers, or 0 for .1 and .2", d.CenterVariance, d.SizeVariance)
	}
	all := 0
	for i, stride := range d.Strides {
		if stride < 1 || stride > mostPixels {
			return errors.Errorf("Strides has %d; want 1 or more, up to %d", stride, mostPixels)
		}
		for _, size := range d.Sizes[i] {
			if !(size > 0) {
				return errors.Errorf("Sizes has %v; want positive numbers", size)
			}
		}
		if all += ((height + stride - 1) / stride) * ((width + stride - 1) / stride) * len(d.Sizes[i]); all > mostPriors {
			return errors.Errorf("an input of %d x %d has more than %d priors of Strides %v; want a smaller one", height, width, mostPriors, d.Strides)
		}
	}
	return nil
}
