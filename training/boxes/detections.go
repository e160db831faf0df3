package boxes

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"text/tabwriter"
)

// Detections are the boxes that a detector found in a picture.
type Detections struct {
	Picture image.Image
	Boxes   []Box    // in pixels of the picture
	Names   []string // of the classes
}

// Name is the name of a class, or its number where it has no name.
func (d *Detections) Name(class int) string {
	if d != nil && class >= 0 && class < len(d.Names) {
		return d.Names[class]
	}
	return fmt.Sprintf("class %d", class)
}

// String lists the boxes, one a line.
func (d *Detections) String() string {
	if d == nil || len(d.Boxes) == 0 {
		return "nothing found\n"
	}
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "class\tprobability\tleft\ttop\tright\tbottom")
	for _, x := range d.Boxes {
		fmt.Fprintf(tw, "%s\t%.3f\t%.0f\t%.0f\t%.0f\t%.0f\n", d.Name(x.Class), x.Probability, x.Left, x.Top, x.Right, x.Bottom)
	}
	tw.Flush()
	return b.String()
}

// SimpleRender shows the picture with its boxes in a notebook.
func (d *Detections) SimpleRender() map[string]interface{} {
	shown := map[string]interface{}{"text/plain": d.String()}
	if m := d.Draw(); m != nil {
		var b bytes.Buffer
		if png.Encode(&b, m) == nil { // a picture without pixels cannot be encoded
			shown["image/png"] = b.Bytes()
		}
	}
	return shown
}
