package zoo

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// Pretrained describes a network with weights that others have published: which network computes with them, what it wants to see, what its
// outputs mean and where the file lies. What is said was found in the documentation of those who published it; what was not found is empty.
type Pretrained struct {
	Name         string // who published it, and how they call it: "torchvision/resnet18"
	Architecture string // that of Architectures whose weights they are; empty where the network stands in the file
	Task         string // "classification" or "detection"
	// Config is what the network is built with: its Port, Width, Classes, or NoTop where the classifier was not published.
	Config Config
	// Input makes of a picture what the network was trained to see: image.Open(path, entry.Input). Pixels are [height, width, channels]; a
	// batch of them is x. Where Fit is Crop and Shorter is 0, the published code cut the middle square out first and resized that, which may lie half a
	// pixel elsewhere than resizing first, as Fit does: examples/classify cuts first.
	Input image.Config
	// Labels are the names of the classes, in the order of the outputs; nil where there are none.
	Labels []string
	// Probabilities says that the network ends with a softmax: the Output is probabilities, not logits.
	Probabilities bool

	// Files are those that Model.Load needs, the first of which it opens.
	Files []fetch.File
	// Format is "pytorch", "keras", "tensorflow", "tfjs", "darknet" or "onnx".
	Format string

	Licence   string // of the weights, in the words of their publisher
	Citation  string // the paper
	Source    string // the page that says all this
	TrainedOn string
	Scores    []Score // as published
	// Verified says by what the network with these weights was compared with others' results in the tests of this package; empty where the
	// published file was not to be had. Names and shapes of all files are tested.
	Verified string

	// names maps the file where Model.Mapping knows no names of Config.Port.
	names func() transfer.Mapping
}

// Score is a result on a data set.
type Score struct {
	Metric  string  // "top-1", "top-5", "mAP"
	Percent float64 // 0 to 100
	DataSet string  // "ImageNet"
}

// String is as in "top-1 69.76 % on ImageNet".
func (s Score) String() string {
	return fmt.Sprintf("%s %.4g %% on %s", s.Metric, s.Percent, s.DataSet)
}

// String lists what is known, a line each.
func (p Pretrained) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, p.Name)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range p.rows() {
		fmt.Fprintf(w, "  %s\t%s\n", row[0], row[1])
	}
	w.Flush()
	return b.String()
}

// SimpleRender shows the entry in a notebook.
func (p *Pretrained) SimpleRender() map[string]interface{} {
	if p == nil {
		return map[string]interface{}{"text/plain": "no entry\n"}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<table><caption>%s</caption>", html.EscapeString(p.Name))
	for _, row := range p.rows() {
		fmt.Fprintf(&b, `<tr><th style="text-align:left">%s</th><td style="text-align:left">%s</td></tr>`, html.EscapeString(row[0]), html.EscapeString(row[1]))
	}
	b.WriteString("</table>")
	return map[string]interface{}{"text/plain": p.String(), "text/html": b.String()}
}

// rows are what is known, by name.
func (p Pretrained) rows() [][2]string {
	network := p.Architecture
	if p.inFile() {
		network = "the one in the file"
	}
	if p.Config.Width != 0 && p.Config.Width != 1 {
		network += fmt.Sprintf(", width %v", p.Config.Width)
	}
	if p.Config.NoTop {
		network += ", without classifier"
	}
	var scores []string
	for _, s := range p.Scores {
		scores = append(scores, s.String())
	}
	verified := p.Verified
	if verified == "" {
		verified = "not against the published file"
	}
	rows := [][2]string{
		{"network", network}, {"task", p.Task}, {"input", p.seen()}, {"classes", p.classes()}, {"file", p.file()}, {"trained on", p.TrainedOn},
		{"published", strings.Join(scores, ", ")}, {"licence", p.Licence}, {"cite", p.Citation}, {"source", p.Source}, {"verified", verified},
	}
	return slices.DeleteFunc(rows, func(r [2]string) bool { return r[1] == "" })
}

// seen puts Input in words.
func (p Pretrained) seen() string {
	in := p.Input
	var fit string
	switch {
	case in.Height == 0:
		fit = "any size"
	case in.Fit == image.Crop && in.Shorter > 0:
		fit = fmt.Sprintf("shorter side resized to %d, middle %d x %d", in.Shorter, in.Height, in.Width)
	case in.Fit == image.Crop:
		fit = fmt.Sprintf("middle square resized to %d x %d", in.Height, in.Width)
	case in.Fit == image.Letterbox:
		fit = fmt.Sprintf("longer side resized to fit %d x %d, grey around", in.Height, in.Width)
	default:
		fit = fmt.Sprintf("resized to %d x %d", in.Height, in.Width)
	}
	order, n := "RGB", in.Normalize
	switch {
	case p.channels() == 1:
		order = "grey"
	case n.BGR:
		order = "BGR"
	}
	if n.Mean == nil && n.Std == nil {
		return fmt.Sprintf("%s (%v), %s of 0..1", fit, in.Resampling, order)
	}
	return fmt.Sprintf("%s (%v), %s of 0..1, less %s over %s", fit, in.Resampling, order, numbers(n.Mean, "0"), numbers(n.Std, "1"))
}

// numbers writes a normalisation, of which nothing is said where it does nothing.
func numbers(list []float64, missing string) string {
	if list == nil {
		return missing
	}
	var all []string
	for _, v := range list {
		all = append(all, fmt.Sprintf("%.4g", v))
	}
	return strings.Join(all, ", ")
}

// classes counts the labels and gives the first.
func (p Pretrained) classes() string {
	if len(p.Labels) == 0 {
		return ""
	}
	return fmt.Sprintf("%d: %s, ...", len(p.Labels), strings.Join(p.Labels[:min(3, len(p.Labels))], ", "))
}

// file names what is fetched.
func (p Pretrained) file() string {
	if len(p.Files) == 0 {
		return ""
	}
	text := p.Files[0].Name
	if len(p.Files) > 1 {
		text += fmt.Sprintf(" and %d more", len(p.Files)-1)
	}
	if n := p.bytes(); n > 0 {
		text += fmt.Sprintf(", %s bytes", grouped(n))
	}
	if p.unchecked() {
		text += ", without a published checksum (fetch.Config.Unchecked)"
	}
	return text
}

// bytes is the length of all files, 0 where that is not known.
func (p Pretrained) bytes() int64 {
	n := int64(0)
	for _, f := range p.Files {
		if f.Bytes == 0 {
			return 0
		}
		n += f.Bytes
	}
	return n
}

// unchecked tells whether a file has no checksum.
func (p Pretrained) unchecked() bool {
	return slices.ContainsFunc(p.Files, func(f fetch.File) bool { return f.SHA256 == "" && f.MD5 == "" })
}
