// Pretrain asks what images without labels are worth when few have labels. All training images of a data set are unlabelled but 10, 20, 50 or 100 of
// each class; a network is trained on these from scratch, or after its hidden layers have learnt from all images: as a deep belief net, as stacked
// autoencoders, as denoising ones, or by telling how an image was turned. Then it does the stacked autoencoder of chapter 15, "Autoencoders", of A.
// Géron's Hands-On Machine Learning (2017), trained layer by layer, and prints the reconstruction error beside what the book's notebook published for
// MNIST.
//
//	go run ./examples/pretrain
//	go run ./examples/pretrain -data fashion -seeds 5 -out results
//
// Without -data it runs on whatever it finds: MNIST, Fashion-MNIST, or the embedded digits.
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
	data, dir, out string
	only           string
	seeds          int
	seed           int64
	epochs         int
	short, verbose bool
}

func main() {
	var o options
	flag.StringVar(&o.data, "data", "", "data set: mnist, fashion or digits (default: the first that is found)")
	flag.StringVar(&o.dir, "dir", "", "folder with the data set's files (default: $PLEXAURA_DATA, the user's cache, Debian's folder)")
	flag.StringVar(&o.only, "only", "", "labels or chapter15, to do one of the two (default: both)")
	flag.IntVar(&o.epochs, "epochs", 30, "most passes of each layer over the images without labels; it is stopped early")
	flag.IntVar(&o.seeds, "seeds", 1, "how many times to do it all, with other seeds")
	flag.Int64Var(&o.seed, "seed", 42, "the first seed: of initial weights, the order of images, and which have labels")
	flag.StringVar(&o.out, "out", "", "folder for the tables, results.md, and the pictures (default: none are kept)")
	flag.BoolVar(&o.verbose, "v", false, "show each epoch, on the standard error output")
	flag.BoolVar(&o.short, "short", false, "few epochs on the embedded digits, to see that it runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "pretrain: %q is not a flag; pretrain -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "pretrain:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.seeds < 1 || o.epochs < 1 {
		return fmt.Errorf("-seeds %d -epochs %d: want 1 or more of each", o.seeds, o.epochs)
	}
	if o.only != "" && o.only != "labels" && o.only != "chapter15" {
		return fmt.Errorf("-only %q is not known; choose labels or chapter15", o.only)
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
	r := &report{}
	r.printf("%v\n", data)
	if o.only != "chapter15" {
		if err := o.fewLabels(ctx, data, r); err != nil {
			return err
		}
	}
	if o.only != "labels" {
		if err := o.chapter15(ctx, data, r); err != nil {
			return err
		}
	}
	return r.save(o.out)
}
