// Reuse does exercises 8 and 9 of chapter 11, "Training Deep Neural Nets", of A. Géron's Hands-On Machine Learning (2017), and prints what it
// measures beside what the book's notebook published for MNIST. A deep network learns the classes 0 to 4 of a data set and is saved with its
// graph; its hidden layers are taken from there to learn the classes 5 to 9 of 100 images each: frozen, frozen and cached, unfrozen from the top.
//
//	go run ./examples/reuse
//	go run ./examples/reuse -data fashion -seeds 5
//	go run ./examples/reuse -from my_best_mnist_model_0_to_4
//
// The third starts from a checkpoint of TensorFlow that has the book's names of nodes. Without -data it runs on whatever it finds: MNIST,
// Fashion-MNIST, or the embedded digits.
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
	data, dir, from, out string
	perClass, epochs     int
	seeds                int
	seed                 int64
	short, verbose       bool
}

func main() {
	var o options
	flag.StringVar(&o.data, "data", "", "data set: mnist, fashion or digits (default: the first that is found)")
	flag.StringVar(&o.dir, "dir", "", "folder with the data set's files (default: $PLEXAURA_DATA, the user's cache, Debian's folder)")
	flag.StringVar(&o.from, "from", "plain", "what exercise 9 starts from: a network of exercise 8 (plain, tuned, batch-norm, dropout), "+
		"or the prefix of a checkpoint with its .meta, without exercise 8")
	flag.IntVar(&o.perClass, "n", 100, "images of each class to train on in exercise 9")
	flag.IntVar(&o.epochs, "epochs", 1000, "most passes over the training images; it is stopped early")
	flag.IntVar(&o.seeds, "seeds", 1, "how many times to do it all, with other seeds")
	flag.Int64Var(&o.seed, "seed", 42, "the first seed: of initial weights, the order of images, and which few are drawn")
	flag.StringVar(&o.out, "out", "", "folder for the tables, results.md, and the checkpoints of exercise 8 (default: none are kept)")
	flag.BoolVar(&o.verbose, "v", false, "show each epoch, on the standard error output")
	flag.BoolVar(&o.short, "short", false, "three epochs on the embedded digits, to see that it runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "reuse: %q is not a flag; reuse -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "reuse:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.seeds < 1 || o.perClass < 1 || o.epochs < 1 {
		return fmt.Errorf("-seeds %d -n %d -epochs %d: want 1 or more of each", o.seeds, o.perClass, o.epochs)
	}
	if o.short {
		o.epochs = min(o.epochs, 3)
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
	dir := o.out
	if dir == "" {
		if dir, err = os.MkdirTemp("", "reuse"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	r := &report{}
	r.printf("%v\n", data)
	checkpoints, err := o.base(ctx, data.lower, dir, r)
	if err != nil {
		return err
	}
	if err := o.exercise9(ctx, data.upper, checkpoints, r); err != nil {
		return err
	}
	return r.save(o.out)
}
