// Deepnet trains nets of twenty hidden layers that differ in activation,
// initial weights and batch normalisation only, and prints how large the
// gradient is at each depth before the first step: where it vanishes on the way
// down, or explodes, the net does not learn.
//
//	go run ./examples/deepnet
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/plexaura/plexaura/training"
)

// options are what the flags set.
type options struct {
	data, dir     string
	images        int
	layers, units int
	epochs, batch int
	rate          float64
	seed          int64
	out           string
}

func main() {
	var o options
	flag.StringVar(&o.data, "data", "digits", "data set: digits (embedded, 8x8 pixels), mnist or fashion")
	flag.StringVar(&o.dir, "dir", "", "folder with the files of mnist or fashion (default: $PLEXAURA_DATA, the user's cache, Debian's folder)")
	flag.IntVar(&o.images, "images", 5000, "how many training images to use at most")
	flag.IntVar(&o.layers, "layers", 20, "hidden layers")
	flag.IntVar(&o.units, "units", 100, "units of each hidden layer")
	flag.IntVar(&o.epochs, "epochs", 10, "passes over the training images")
	flag.IntVar(&o.batch, "batch", 50, "images in a training step")
	flag.Float64Var(&o.rate, "rate", 0.02, "learning rate of the gradient descent")
	flag.Int64Var(&o.seed, "seed", 42, "seed of initial weights and of the order of images")
	flag.StringVar(&o.out, "out", "", "folder for a chart of the gradient norms (default: none is drawn)")
	short := flag.Bool("short", false, "two epochs, to see that it runs")
	flag.Parse()
	if *short {
		o.epochs, o.images = 2, min(o.images, 1000)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "deepnet:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	start := time.Now()
	if flag.NArg() > 0 {
		return fmt.Errorf("%q is not a flag; deepnet -h lists them", flag.Arg(0))
	}
	if o.images < 1 || o.layers < 1 || o.units < 1 || o.epochs < 1 || o.batch < 1 {
		return fmt.Errorf("-images %d -layers %d -units %d -epochs %d -batch %d: want 1 or more of each", o.images, o.layers, o.units, o.epochs, o.batch)
	}
	data, err := load(o)
	if err != nil {
		return err
	}
	fmt.Printf("%d hidden layers of %d units; %d training images of %s, %d epochs of gradient descent with rate %v\n\n",
		o.layers, o.units, data.train.Len(), o.data, o.epochs, o.rate)
	fmt.Println(header(o.layers))
	bar := training.NewProgress(training.ProgressConfig{})
	var results []*result
	for _, v := range variants {
		r, err := train(v, o, data, bar)
		if err != nil {
			bar.Finish()
			return fmt.Errorf("%s: %w", v.name, err)
		}
		bar.Line("%s", r.row())
		results = append(results, r)
	}
	if o.out != "" {
		if err := chart(results, o.out); err != nil {
			return err
		}
	}
	fmt.Printf("\n%.1f s\n", time.Since(start).Seconds())
	return nil
}
