// Pairs does exercise 10 of chapter 11, "Training Deep Neural Nets", of A. Géron's Hands-On Machine Learning (2017): two deep networks side by
// side learn whether two images show the same class; then the hidden layers of one of them are frozen and learn to tell the classes, from 5,000
// images that the pairs were not made of, beside a network that learns these from scratch.
//
//	go run ./examples/pairs
//	go run ./examples/pairs -data fashion -seeds 5
//
// Beside the book's two networks with weights of their own it trains one network that both images go through, a siamese one. Without -data it
// runs on whatever it finds: MNIST, Fashion-MNIST, or the embedded digits.
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
	data, dir, out          string
	pairEpochs, epochs      int
	pairBatch, batch, seeds int
	seed                    int64
	short, verbose          bool
}

func main() {
	var o options
	flag.StringVar(&o.data, "data", "", "data set: mnist, fashion or digits (default: the first that is found)")
	flag.StringVar(&o.dir, "dir", "", "folder with the data set's files (default: $PLEXAURA_DATA, the user's cache, Debian's folder)")
	flag.IntVar(&o.pairEpochs, "pair-epochs", 100, "passes over the pairs, of which there are as many as images")
	flag.IntVar(&o.pairBatch, "pair-batch", 500, "pairs in a batch")
	flag.IntVar(&o.epochs, "epochs", 100, "passes over the images with labels")
	flag.IntVar(&o.batch, "batch", 50, "images with labels in a batch")
	flag.IntVar(&o.seeds, "seeds", 1, "how many times to do it all, with other seeds")
	flag.Int64Var(&o.seed, "seed", 42, "the first seed: of initial weights, pairs, and the order of images")
	flag.StringVar(&o.out, "out", "", "folder for the table, results.md (default: none is written)")
	flag.BoolVar(&o.verbose, "v", false, "show each epoch, on the standard error output")
	flag.BoolVar(&o.short, "short", false, "a few epochs on the embedded digits, to see that it runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "pairs: %q is not a flag; pairs -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "pairs:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.seeds < 1 || o.pairEpochs < 1 || o.pairBatch < 1 || o.epochs < 1 || o.batch < 1 {
		return fmt.Errorf("-seeds %d -pair-epochs %d -pair-batch %d -epochs %d -batch %d: want 1 or more of each", o.seeds, o.pairEpochs, o.pairBatch, o.epochs, o.batch)
	}
	if o.short {
		o.pairEpochs, o.epochs, o.pairBatch = min(o.pairEpochs, 20), min(o.epochs, 20), min(o.pairBatch, 50)
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
	outcomes := map[string][]outcome{}
	for i := range o.seeds {
		seed := o.seed + int64(i)
		if err := o.once(ctx, data, seed, outcomes); err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	r.head("Same class or not, pairs of test images")
	for _, row := range pairRows {
		r.row(row, outcomes[row.name])
	}
	r.head(fmt.Sprintf("Then the classes, of %d images", data.labelled.Len()))
	for _, row := range classRows {
		r.row(row, outcomes[row.name])
	}
	return r.save(o.out)
}

// once does all trainings with one seed, and adds what they give to outcomes.
func (o options) once(ctx context.Context, data *images, seed int64, outcomes map[string][]outcome) error {
	for _, kind := range []string{separate, shared} {
		pretrained, got, err := o.learnPairs(ctx, data, kind, seed)
		if err != nil {
			return err
		}
		defer pretrained.Close()
		outcomes[kind] = append(outcomes[kind], got)
		frozen, tuned, err := o.reuse(ctx, data, pretrained, kind, seed)
		if err != nil {
			return err
		}
		outcomes[kind+", frozen"] = append(outcomes[kind+", frozen"], frozen)
		outcomes[kind+", unfrozen"] = append(outcomes[kind+", unfrozen"], tuned)
	}
	got, err := o.scratch(ctx, data, seed)
	outcomes["scratch"] = append(outcomes["scratch"], got)
	return err
}
