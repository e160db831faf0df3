package metrics_test

import (
	"fmt"
	"log"
	"strings"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/metrics"
)

// A confusion matrix of two batches.
func ExampleConfusionMatrix() {
	m, err := metrics.NewConfusionMatrix("cat", "dog", "owl")
	if err != nil {
		log.Fatal(err)
	}
	for _, batch := range [][2][]int64{{{0, 0, 1, 2}, {0, 1, 1, 2}}, {{2, 2, 1}, {2, 0, 1}}} {
		labels := tensor.New(tensor.WithBacking(batch[0]))
		predicted := tensor.New(tensor.WithBacking(batch[1]))
		if err := m.Update(labels, predicted); err != nil {
			log.Fatal(err)
		}
	}
	for _, line := range strings.Split(m.String(), "\n") {
		fmt.Println(strings.TrimRight(line, " "))
	}
	// Output:
	// true \ predicted     cat     dog     owl  recall
	// cat                    1       1       0  0.5000
	// dog                    0       2       0  1.0000
	// owl                    1       0       2  0.6667
	// precision         0.5000  0.6667  1.0000  0.7143
}
