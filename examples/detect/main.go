// Detect finds things in a picture with Tiny-YOLO v2 or v3, and draws boxes around them.
//
//	go run ./examples/detect
//	go run ./examples/detect -model v3 -o boxes.png street.jpg
//
// The networks and their weights, trained by the authors of Darknet on the 80 classes of COCO, lie in the examples of
// Gorgonia's module; -cfg and -weights take others.
package main

import (
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training/boxes"
	"github.com/plexaura/plexaura/training/dataset/image"
	"github.com/plexaura/plexaura/transfer/darknet"
)

// options are what the flags set.
type options struct {
	model, cfg, weights string
	threshold, overlap  float64
	picture, out        string
}

func main() {
	var o options
	flag.StringVar(&o.model, "model", "v2", "v2 or v3: the Tiny-YOLO of Gorgonia's module")
	flag.StringVar(&o.cfg, "cfg", "", "Darknet's .cfg file of another network for the classes of COCO or VOC (default: that of -model)")
	flag.StringVar(&o.weights, "weights", "", "Darknet's .weights file (default: that of -model)")
	flag.Float64Var(&o.threshold, "threshold", 0.3, "least probability of a box that is shown")
	flag.Float64Var(&o.overlap, "overlap", 0.45, "of boxes of one class that share more (intersection over union), the most probable is shown")
	flag.StringVar(&o.out, "o", "", "PNG file for the picture with its boxes (default: none is written)")
	dir := flag.String("out", "", "folder for that file, as detect.png")
	flag.Bool("short", false, "as always: it takes seconds")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: detect [flags] [PICTURE]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if o.out == "" && *dir != "" {
		o.out = filepath.Join(*dir, "detect.png")
	}
	o.picture = flag.Arg(0)
	if flag.NArg() > 1 {
		fmt.Fprintf(os.Stderr, "detect: want one picture, behind the flags, came %q\n", flag.Args())
		os.Exit(1)
	}
	if _, err := detect(o); err != nil {
		fmt.Fprintln(os.Stderr, "detect:", err)
		os.Exit(1)
	}
}

// detect finds things in a picture, and prints and draws them.
func detect(o options) (*boxes.Detections, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	picture, err := image.Open(o.picture, image.Config{})
	if err != nil {
		return nil, err
	}
	start := time.Now()
	d, err := load(o)
	if err != nil {
		return nil, err
	}
	defer d.sess.Close()
	fmt.Printf("%s: %d layers, loaded in %.2f s\n", filepath.Base(o.cfg), len(d.Layers), time.Since(start).Seconds())

	start = time.Now()
	found, err := d.find(picture, o)
	if err != nil {
		return nil, err
	}
	fmt.Printf("%s: %d x %d pixels, searched in %.3f s (the next one of a session is faster: its plan is made)\n\n%v",
		filepath.Base(o.picture), picture.Width, picture.Height, time.Since(start).Seconds(), found)
	return found, o.write(found)
}

// detector is a network with its weights.
type detector struct {
	*darknet.Model
	sess          *graph.Session
	height, width int // of its input
}

// load builds the network of a .cfg and gives it the weights.
func load(o options) (*detector, error) {
	network, err := darknet.Open(o.cfg)
	if err != nil {
		return nil, err
	}
	height, width, channels := network.Input()
	if height == 0 || width == 0 || channels != 3 {
		return nil, fmt.Errorf("%s takes images of %d x %d with %d channels; want a network for pictures in colour", o.cfg, height, width, channels)
	}
	g := graph.New(graph.Config{})
	s := g.Scope()
	x := graph.Placeholder(s, "x", g.Dtype(), graph.Unknown, height, width, channels)
	m := network.Build(s, x, darknet.BuildConfig{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return nil, err
	}
	if _, err := darknet.LoadFile(sess, m.Variables(), o.weights, darknet.LoadConfig{}); err != nil {
		sess.Close()
		return nil, err
	}
	if len(m.Heads) == 0 {
		sess.Close()
		return nil, fmt.Errorf("%s has no [region] or [yolo]; want a detector", o.cfg)
	}
	return &detector{m, sess, height, width}, nil
}

// find runs the network and keeps one box of those around each thing.
func (d *detector) find(picture *image.Image, o options) (*boxes.Detections, error) {
	input, err := darknet.Letterbox(picture, d.height, d.width)
	if err != nil {
		return nil, err
	}
	var fetches gorgonia.Nodes
	for _, h := range d.Heads {
		fetches = append(fetches, d.Endpoint(h.Layer))
	}
	out, err := d.sess.Run(graph.Feeds{d.Input: input.Tensor()}, fetches...)
	if err != nil {
		return nil, err
	}
	var all []boxes.Box
	for i, h := range d.Heads {
		found, err := h.Boxes(out.Tensor(i), d.height, d.width, o.threshold)
		if err != nil {
			return nil, err
		}
		all = append(all, found[0]...)
	}
	names := boxes.COCO()
	if d.Heads[0].Classes == len(boxes.VOC()) {
		names = boxes.VOC()
	}
	shown, err := picture.Picture()
	return &boxes.Detections{Picture: shown, Boxes: input.Pixels(boxes.Suppress(all, o.overlap)), Names: names}, err
}

// write draws the boxes.
func (o options) write(found *boxes.Detections) error {
	if o.out == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(o.out), 0o777); err != nil {
		return err
	}
	f, err := os.Create(o.out)
	if err != nil {
		return err
	}
	if err := png.Encode(f, found.Draw()); err != nil {
		f.Close()
		return err
	}
	fmt.Printf("\ndrawn in %s\n", o.out)
	return f.Close()
}
