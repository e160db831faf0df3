// Fewlabels classifies clothes of which only 5 or 20 of each class have labels: by logistic regression on the pixels, and on what the lower
// layers of Tiny-YOLO v2 make of them, a network that was trained to find things in photographs (COCO). It shows how much a pretrained network is
// worth where labels are few, and that its lower layers transfer better than its upper ones.
//
//	go run ./examples/fewlabels
//
// The images are those of Fashion-MNIST. The weights lie in the examples of Gorgonia's module; -weights names another folder.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// options are what the flags set.
type options struct {
	dir, weights, out string
	draws             int
	seed              int64
	l2                float64
	validate, short   bool
}

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "", "folder with the four files of Fashion-MNIST (default: $PLEXAURA_DATA, the user's cache, Debian's folder)")
	flag.StringVar(&o.weights, "weights", "", "folder with yolov2-tiny.weights (default: that of Gorgonia's module; it is downloaded where it is not there)")
	flag.IntVar(&o.draws, "draws", 10, "how often images with labels are drawn, each time other ones")
	flag.Int64Var(&o.seed, "seed", 42, "seed of the draws")
	flag.Float64Var(&o.l2, "l2", 0.03, "strength of the regression's L2 regularisation")
	flag.BoolVar(&o.validate, "validate", false, "judge by 5000 of the training images, which are not drawn, in place of the test images: for choosing -l2")
	flag.StringVar(&o.out, "out", "", "folder for the table, results.md (default: none is written)")
	flag.BoolVar(&o.short, "short", false, "two draws, two depths and few test images, to see that it runs; on the embedded digits where Fashion-MNIST is not installed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "fewlabels: %q is not a flag; fewlabels -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "fewlabels:", err)
		os.Exit(1)
	}
}

// labels are how many images of each class have one.
var labels = []int{5, 20}

func run(ctx context.Context, o options) error {
	if o.draws < 1 || !(o.l2 >= 0) {
		return fmt.Errorf("-draws %d -l2 %v: want 1 draw or more, and no negative regularisation", o.draws, o.l2)
	}
	if o.short {
		o.draws = min(o.draws, 2)
	}
	if o.out != "" { // now, not after the training
		if err := os.MkdirAll(o.out, 0o777); err != nil {
			return err
		}
	}
	data, err := load(o)
	if err != nil {
		return err
	}
	t, err := newTrunk(ctx, data.pixels, o.weights)
	if err != nil {
		return err
	}
	defer t.close()
	r := &report{}
	r.head(data)
	for _, f := range t.features {
		if o.short && !f.inShort {
			continue
		}
		pool, test, err := t.compute(ctx, f, data)
		if err != nil {
			return err
		}
		var accuracies [][]float64 // of each number of labels, by draw
		for _, n := range labels {
			all := make([]float64, o.draws)
			for i := range all {
				if all[i], err = o.classify(ctx, pool, test, i, n); err != nil {
					return err
				}
			}
			accuracies = append(accuracies, all)
		}
		r.row(f, pool.X.Shape()[1], accuracies)
	}
	return r.save(o.out)
}
