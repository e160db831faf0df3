// Mnist trains a deep net on MNIST or Fashion-MNIST, with the choices that make
// deep nets train or not: activation, initialisation, batch normalisation,
// clipping of gradients and optimizer.
//
//	go run ./examples/mnist -data fashion -batch 200
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/hooks"
)

// options are what the flags set.
type options struct {
	data, dir  string
	short      bool
	epochs     int
	batch      int
	hidden     string
	activation string
	init       string
	bn         bool
	clip       float64
	optimizer  string
	rate       float64
	seed       int64
	out        string
}

func main() {
	var o options
	flag.StringVar(&o.data, "data", "mnist", "data set: mnist or fashion")
	flag.StringVar(&o.dir, "dir", "", "folder with the four files of the data set (default: $PLEXAURA_DATA, the user's cache, Debian's folder)")
	flag.IntVar(&o.epochs, "epochs", 5, "passes over the training images")
	flag.IntVar(&o.batch, "batch", 50, "images in a training step; the book has 50 and 200")
	flag.StringVar(&o.hidden, "hidden", "300,100", "units of the hidden layers")
	flag.StringVar(&o.activation, "activation", "elu", "of the hidden layers: "+strings.Join(names(activations), ", "))
	flag.StringVar(&o.init, "init", "he", "initial weights: "+strings.Join(names(kernels), ", ")+"; naive is normal with deviation 1")
	flag.BoolVar(&o.bn, "bn", true, "batch normalisation before each activation; -bn=false for none")
	flag.Float64Var(&o.clip, "clip", 1, "clip every element of the gradients to plus or minus this; 0 for no clipping")
	flag.StringVar(&o.optimizer, "optimizer", "momentum", "sgd, momentum (0.9) or adam")
	flag.Float64Var(&o.rate, "rate", 0, "learning rate (default: 0.05 for sgd, 0.02 for momentum, 0.001 for adam)")
	flag.Int64Var(&o.seed, "seed", 42, "seed of initial weights, random slopes and the order of images")
	flag.StringVar(&o.out, "out", "", "folder for the checkpoint and the learning curves (default: none are written)")
	flag.BoolVar(&o.short, "short", false, "two epochs on 2000 images, to see that it runs; on the embedded digits where the data set is not installed")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "mnist: %q is not a flag; mnist -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "mnist:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	start := time.Now()
	if o.short {
		o.epochs = 2
	}
	c, err := choose(o)
	if err != nil {
		return err
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
	m := build(o, c, data.pixels)
	sess, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		return err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return err
	}
	fmt.Println(data)

	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: m.step, Loss: m.loss, X: m.x, Y: m.y, Feeds: graph.Feeds{m.training: true}, Epochs: o.epochs,
		Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy},
		Data:    dataset.Batches(dataset.BatchesConfig{X: data.train.X, Y: data.train.Y, BatchSize: o.batch, Seed: o.seed}),
		Hooks: []training.Hook{
			&hooks.NaNGuard{},
			&hooks.Progress{},
			&hooks.Evaluation{Data: dataset.Batches(dataset.BatchesConfig{X: data.validation.X, Y: data.validation.Y, BatchSize: 200, NoShuffle: true})},
		},
	})
	if err != nil {
		return err
	}
	accuracy, err := m.evaluate(sess, data.test)
	if err != nil {
		return err
	}
	if o.out != "" {
		path, err := training.NewSaver(m.g.ModelVariables(), training.SaverConfig{}).Save(sess, filepath.Join(o.out, "model.ckpt"))
		if err != nil {
			return err
		}
		curves, err := history.Curves()
		if err != nil {
			return err
		}
		for _, name := range []string{"loss.svg", "loss.png"} {
			if err := curves.Save(filepath.Join(o.out, name)); err != nil {
				return err
			}
		}
		fmt.Printf("saved %s and the learning curves, loss.svg and loss.png\n", path)
	}
	fmt.Printf("test accuracy: %.4f (%d epochs, %.1f s)\n", accuracy, o.epochs, time.Since(start).Seconds())
	return nil
}
