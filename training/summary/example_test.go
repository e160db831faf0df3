package summary_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/summary"
)

// Example writes what TensorFlow 1 calls merged summaries, beside a scalar of the program's own.
func Example() {
	dir, err := os.MkdirTemp("", "logs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := write(filepath.Join(dir, "run1")); err != nil {
		fmt.Println(err)
		return
	}
	files, _ := filepath.Glob(filepath.Join(dir, "run1", "*"))
	for _, f := range files {
		fmt.Println(len(files), strings.HasPrefix(filepath.Base(f), "events.out.tfevents."))
	}
	// Output: 1 true
}

func write(dir string) (err error) {
	g := graph.New(graph.Config{Seed: 42})
	s := g.Scope()
	x := graph.Placeholder(s, "x", tensor.Float32, -1, 4)
	h := ops.Dense(s.Sub("hidden"), x, 3, ops.DenseConfig{})
	summary.Scalar(s, "mean", ops.Mean(s, h))
	summary.Histogram(s, "hidden", h)
	merged := summary.MergeAll(g)

	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		return err
	}
	defer sess.Close()
	if err := sess.Init(); err != nil {
		return err
	}
	w, err := summary.NewWriter(dir, summary.WriterConfig{})
	if err != nil {
		return err
	}
	defer func() {
		if closing := w.Close(); err == nil {
			err = closing
		}
	}()
	if err := w.Graph(g); err != nil {
		return err
	}
	for step := int64(1); step <= 3; step++ {
		batch := tensor.New(tensor.WithShape(2, 4), tensor.WithBacking([]float32{1, 2, 3, 4, 5, 6, 7, 8}))
		out, err := sess.Run(graph.Feeds{x: batch}, merged.Nodes()...)
		if err != nil {
			return err
		}
		if err := w.Add(step, merged, out); err != nil {
			return err
		}
		if err := w.Scalar("rate", step, 0.01); err != nil {
			return err
		}
	}
	return nil
}
