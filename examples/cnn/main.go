// Cnn trains a net of two convolutions with batch normalisation on Fashion-MNIST.
//
//	go run ./examples/cnn
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// options are what the flags set.
type options struct {
	dir     string
	epochs  int
	batch   int
	rate    float64
	dropout float64
	seed    int64
	out     string
	short   bool
}

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "", "folder with the four files of Fashion-MNIST (default: $PLEXAURA_DATA, the user's cache, Debian's folder)")
	flag.IntVar(&o.epochs, "epochs", 8, "passes over the training images")
	flag.IntVar(&o.batch, "batch", 64, "images in a training step")
	flag.Float64Var(&o.rate, "rate", 0.05, "learning rate of the first step; it falls to zero along half a cosine")
	flag.Float64Var(&o.dropout, "dropout", 0.5, "share of the hidden units that a training step leaves out; 0 for none")
	flag.Int64Var(&o.seed, "seed", 42, "seed of initial weights, dropout and the order of images")
	flag.StringVar(&o.out, "out", "", "folder for the checkpoint and the learning curves (default: none are written)")
	flag.BoolVar(&o.short, "short", false, "two epochs on 2000 images, to see that it runs; on the embedded digits where Fashion-MNIST is not installed")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "cnn: %q is not a flag; cnn -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if _, err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "cnn:", err)
		os.Exit(1)
	}
}

// run trains and returns the share of test images that the net classifies rightly.
func run(o options) (accuracy float64, err error) {
	if o.epochs < 1 || o.batch < 1 {
		return 0, fmt.Errorf("-epochs %d -batch %d: want 1 or more of each", o.epochs, o.batch)
	}
	if o.out != "" { // now, not after the training
		if err := os.MkdirAll(o.out, 0o777); err != nil {
			return 0, err
		}
	}
	data, err := load(o.dir, o.short)
	if err != nil {
		return 0, err
	}
	if o.short {
		o.epochs = min(o.epochs, 2)
	}
	if o.batch > data.train.Len() {
		return 0, fmt.Errorf("-batch %d: want at most the %d training images", o.batch, data.train.Len())
	}
	fmt.Println(data)
	batches := dataset.Batches(dataset.BatchesConfig{X: data.train.X, Y: data.train.Y, BatchSize: o.batch, Seed: o.seed, DropRemainder: true})
	m := build(o, data.pixels, o.epochs*batches.Steps())
	sess, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		return 0, err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return 0, err
	}

	start := time.Now()
	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: m.step, Loss: m.loss, X: m.x, Y: m.y, Feeds: graph.Feeds{m.training: true}, Data: batches, Epochs: o.epochs,
		Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy},
		Hooks: []training.Hook{
			&hooks.NaNGuard{},
			&hooks.Progress{},
			&hooks.Evaluation{Data: inOrder(data.validation)},
		},
	})
	if err != nil {
		return 0, err
	}
	took := time.Since(start)
	scores, err := training.Evaluate(context.Background(), sess, training.EvaluateConfig{
		Data: inOrder(data.test), X: m.x, Y: m.y, Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy},
	})
	if err != nil {
		return 0, err
	}
	if o.out != "" {
		if err := save(sess, m, history, o.out); err != nil {
			return 0, err
		}
	}
	accuracy = scores["accuracy"]
	fmt.Printf("test accuracy: %.4f (%d epochs of %.1f s)\n", accuracy, o.epochs, took.Seconds()/float64(o.epochs))
	return accuracy, nil
}

// inOrder gives the batches of an evaluation.
func inOrder(set *dataset.Set) *dataset.BatchIterator {
	return dataset.Batches(dataset.BatchesConfig{X: set.X, Y: set.Y, BatchSize: 200, NoShuffle: true})
}

// save writes the checkpoint and the learning curves.
func save(sess *graph.Session, m *model, history *training.History, dir string) error {
	path, err := training.NewSaver(m.g.ModelVariables(), training.SaverConfig{}).Save(sess, filepath.Join(dir, "model.ckpt"))
	if err != nil {
		return err
	}
	curves, err := history.Curves()
	if err != nil {
		return err
	}
	for _, name := range []string{"loss.svg", "loss.png"} {
		if err := curves.Save(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	fmt.Printf("saved %s and the learning curves, loss.svg and loss.png\n", path)
	return nil
}
