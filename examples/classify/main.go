// Classify says what it sees in photos, with a network that others have trained.
//
//	go run ./examples/classify photo.jpg
//	go run ./examples/classify -model torchvision/resnet50 -weights resnet50-0676ba61.pth photo.jpg other.png
//	go run ./examples/classify -model onnx/mobilenetv2-7 -weights mobilenetv2-7.onnx photo.jpg
//	go run ./examples/classify -list
//
// The files of the weights are those of a folder that -weights or PLEXAURA_MIRRORS names, or of the cache, or are downloaded into that. They are
// used only if their checksums are right. A file that -weights names is taken as it is.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/plexaura/plexaura/zoo"
)

// options are what the flags set.
type options struct {
	model, weights   string
	top              int
	unchecked, short bool
	out              string
	photos           []string
}

// sight is what is seen in a photo, the most probable class first.
type sight struct {
	photo   string
	guesses []zoo.Guess
}

func main() {
	var o options
	flag.StringVar(&o.model, "model", "tfjs/mobilenet_v1_0.25_224", "network of the zoo; -list lists them")
	flag.StringVar(&o.weights, "weights", "", "file of the weights (of the network, where that stands in it), or folder with the published files (default: the cache, or a download)")
	flag.IntVar(&o.top, "top", 5, "how many classes are shown")
	flag.BoolVar(&o.unchecked, "unchecked", false, "take files of which no checksum was published")
	flag.StringVar(&o.out, "out", "", "folder for a table of what was seen, classes.csv (default: none is written)")
	flag.BoolVar(&o.short, "short", false, "download nothing; without weights take random ones, without a photo a drawing, to see that it runs")
	listing := flag.Bool("list", false, "list the networks that classify, and end")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: classify [flags] PHOTO...")
		flag.PrintDefaults()
	}
	flag.Parse()
	o.photos = flag.Args()
	err := func() error {
		if *listing {
			return list()
		}
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		_, err := classify(ctx, o)
		return err
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "classify:", err)
		os.Exit(1)
	}
}

// classify says what it sees in each photo, and prints it. A photo that cannot be read does not keep it from the others.
func classify(ctx context.Context, o options) ([]sight, error) {
	switch {
	case len(o.photos) == 0 && !o.short:
		return nil, errors.New("want the paths of photos, JPEG or PNG, behind the flags (-short draws one)")
	case len(o.photos) == 0:
		o.photos = []string{""}
	}
	if o.top < 1 {
		return nil, fmt.Errorf("-top is %d; want 1 or more", o.top)
	}
	c, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := c.load(ctx, o); err != nil {
		return nil, err
	}
	var seen []sight
	var failures []error
	for _, path := range o.photos {
		s, err := c.look(path, o.top)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		seen = append(seen, s)
	}
	return seen, errors.Join(append(failures, o.write(seen))...)
}
