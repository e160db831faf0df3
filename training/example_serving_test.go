package training_test

import (
	"fmt"
	"log"
	"sync"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training/dataset"
)

// Serving from many goroutines: a Session may be used by all of them at once,
// and Runs that change no variable run side by side.
func Example_concurrentServing() {
	g := graph.New(graph.Config{Seed: 11})
	s := g.Scope()
	X := graph.Placeholder(s, "X", tensor.Float32, -1, 64)
	h := ops.Dense(s.Sub("hidden1"), X, 100, ops.DenseConfig{Activation: ops.ELUWith(1)})
	classes := ops.ArgMax(s, ops.Dense(s.Sub("outputs"), h, 10, ops.DenseConfig{}), 1)
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer sess.Close()
	if err := sess.Init(); err != nil { // or saver.Restore(sess, path)
		log.Fatal(err)
	}
	digits, err := dataset.AllDigits()
	if err != nil {
		log.Fatal(err)
	}
	images, err := digits.Take(64)
	if err != nil {
		log.Fatal(err)
	}

	var wg sync.WaitGroup
	answers := make([]int64, images.Len())
	errs := make([]error, images.Len())
	for i := range answers {
		wg.Add(1)
		go func() { // a request
			defer wg.Done()
			one, err := images.Slice(i, i+1)
			if err != nil {
				errs[i] = err
				return
			}
			out, err := sess.Run(graph.Feeds{X: one.X}, classes)
			if err != nil {
				errs[i] = err
				return
			}
			answers[i] = out.Tensor(0).Data().([]int64)[0]
		}()
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			log.Fatal(err)
		}
	}

	out, err := sess.Run(graph.Feeds{X: images.X}, classes)
	if err != nil {
		log.Fatal(err)
	}
	same := 0
	for i, class := range out.Tensor(0).Data().([]int64) {
		if class == answers[i] {
			same++
		}
	}
	fmt.Printf("%d requests, %d answered as in one batch\n", len(answers), same)
	// Output:
	// 64 requests, 64 answered as in one batch
}
