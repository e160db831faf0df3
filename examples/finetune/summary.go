package main

import (
	"fmt"
	"math"
	"time"

	"github.com/plexaura/plexaura/zoo/finetune"
)

// summary are the results of some seeds.
type summary struct {
	accuracies []float64
	took       time.Duration
}

func (s *summary) add(r *finetune.Report) {
	s.accuracies = append(s.accuracies, r.Validation.Accuracy)
	s.took += r.Took
}

// String gives the mean, the sample standard deviation, and all.
func (s summary) String() string {
	n := float64(len(s.accuracies))
	mean, squares := 0.0, 0.0
	for _, a := range s.accuracies {
		mean += a / n
	}
	for _, a := range s.accuracies {
		squares += (a - mean) * (a - mean)
	}
	text := fmt.Sprintf("accuracy %.4f", mean)
	if n > 1 {
		text += fmt.Sprintf(" ± %.4f (%.4f)", math.Sqrt(squares/(n-1)), s.accuracies)
	}
	return text + fmt.Sprintf(", %.1f s each", s.took.Seconds()/n)
}
