// Chapter11 repeats the experiments of chapter 11, "Training Deep Neural Nets",
// of A. Géron's Hands-On Machine Learning (2017) by name, and prints what it
// measures beside what the book's notebook published for MNIST:
//
//	go run ./examples/chapter11 -run elu-bn
//	go run ./examples/chapter11 -data fashion -seeds 3
//
// It runs on whatever it finds: MNIST, Fashion-MNIST, or the embedded digits.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
)

// options are what the flags set.
type options struct {
	run, data, dir, out string
	seeds               int
	seed                int64
	short, sameSteps    bool
	verbose             bool
}

func main() {
	var o options
	flag.StringVar(&o.run, "run", "all", "experiments, separated by commas: "+strings.Join(known(), ", "))
	flag.StringVar(&o.data, "data", "", "data set: mnist, fashion or digits (default: the first that is found)")
	flag.StringVar(&o.dir, "dir", "", "folder with the data set's files (default: $PLEXAURA_DATA, the user's cache, Debian's folder)")
	flag.IntVar(&o.seeds, "seeds", 1, "how many times to run each experiment, with other seeds")
	flag.Int64Var(&o.seed, "seed", 42, "the first seed")
	flag.BoolVar(&o.sameSteps, "same-steps", false, "train for as many steps as the book does on 55,000 images, however few there are here")
	flag.StringVar(&o.out, "out", "", "folder for the table, results.md, and the learning curves of the first seed (default: none are written)")
	flag.BoolVar(&o.verbose, "v", false, "show each epoch, on the standard error output")
	flag.BoolVar(&o.short, "short", false, "two epochs on 2000 images, to see that it runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "chapter11:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("%q is not a flag; chapter11 -h lists them", flag.Arg(0))
	}
	if o.seeds < 1 {
		return fmt.Errorf("-seeds %d: want 1 or more", o.seeds)
	}
	chosen, err := choose(o.run)
	if err != nil {
		return err
	}
	data, err := load(o)
	if err != nil {
		return err
	}
	fmt.Println(data)
	r, err := newRunner(o, data)
	if err != nil {
		return err
	}
	defer r.close()
	report := newReport(o, data)
	fmt.Println(report.header())
	for _, e := range chosen {
		var outcomes []*outcome
		for i := 0; i < o.seeds; i++ {
			out, err := r.run(ctx, e, o.seed+int64(i))
			if err != nil {
				return fmt.Errorf("%s, seed %d: %w", e.name, o.seed+int64(i), err)
			}
			outcomes = append(outcomes, out)
		}
		fmt.Println(report.add(e, outcomes))
	}
	return report.save()
}
