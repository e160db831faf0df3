// Quickstart trains a deep net with He initialisation, batch normalisation, ELU
// and clipped gradients on 8x8 images of handwritten digits, saves it, restores
// it into a fresh session and evaluates it again.
//
//	go run ./examples/quickstart
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

func main() {
	var (
		epochs = flag.Int("epochs", 40, "passes over the training images")
		batch  = flag.Int("batch", 20, "images in a training step")
		rate   = flag.Float64("rate", 0.1, "learning rate")
		seed   = flag.Int64("seed", 42, "seed of initial weights and of the order of images")
		out    = flag.String("out", "", "folder for the checkpoint and the loss curve (default: a temporary one, removed)")
		short  = flag.Bool("short", false, "three epochs, to see that it runs")
	)
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "quickstart: %q is not a flag; quickstart -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if *short {
		*epochs = 3
	}
	if err := run(*epochs, *batch, *rate, *seed, *out); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(epochs, batch int, rate float64, seed int64, out string) error {
	if epochs < 1 || batch < 1 {
		return fmt.Errorf("-epochs %d -batch %d: want 1 or more of each", epochs, batch)
	}
	start := time.Now()
	if out == "" {
		dir, err := os.MkdirTemp("", "quickstart")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		out = dir
	}
	train, validation, test, err := dataset.Digits()
	if err != nil {
		return err
	}
	fmt.Printf("%d training, %d validation and %d test images of 8x8 pixels\n", train.Len(), validation.Len(), test.Len())

	m := build(seed, rate)
	sess, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		return err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return err
	}

	history, err := training.Fit(context.Background(), sess, training.FitConfig{
		Step: m.step, Loss: m.loss, X: m.x, Y: m.y, Feeds: graph.Feeds{m.training: true}, Epochs: epochs,
		Data: dataset.Batches(dataset.BatchesConfig{X: train.X, Y: train.Y, BatchSize: batch, Seed: seed, DropRemainder: true}),
		Hooks: []training.Hook{
			&hooks.Progress{},
			&hooks.Evaluation{
				Data:    dataset.Batches(dataset.BatchesConfig{X: validation.X, Y: validation.Y, NoShuffle: true}),
				Metrics: map[string]*gorgonia.Node{"accuracy": m.accuracy},
			},
		},
	})
	if err != nil {
		return err
	}
	curves, err := history.Curves()
	if err != nil {
		return err
	}
	for _, name := range []string{"loss.svg", "loss.png"} {
		if err := curves.Save(filepath.Join(out, name)); err != nil {
			return err
		}
	}

	// Save, then restore into a session that knows nothing but the graph.
	saver := training.NewSaver(m.g.ModelVariables(), training.SaverConfig{})
	path, err := saver.Save(sess, filepath.Join(out, "model.ckpt"))
	if err != nil {
		return err
	}
	before, err := m.evaluate(sess, test)
	if err != nil {
		return err
	}
	fresh, err := graph.NewSession(m.g, graph.SessionConfig{})
	if err != nil {
		return err
	}
	defer fresh.Close()
	if err := saver.Restore(fresh, path); err != nil {
		return err
	}
	after, err := m.evaluate(fresh, test)
	if err != nil {
		return err
	}
	if before != after {
		return fmt.Errorf("the restored model scores %v on the test images, the saved one %v", after, before)
	}
	fmt.Printf("saved to %s and restored in a fresh session (%.1f s)\n", path, time.Since(start).Seconds())
	fmt.Printf("test accuracy: %.4f\n", after)
	return nil
}
