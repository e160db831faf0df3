package metric

import (
	"github.com/pkg/errors"
)

// Average says how the scores of several classes become one.
type Average int

const (
	Binary   Average = iota // the score of class 1, of two
	Micro                   // of the counts of all classes together
	Macro                   // the mean of the scores of the classes
	Weighted                // that mean weighted by how many examples a class has
)

// Score is a kind of score.
type Score int

const (
	Precision Score = iota // hits / predicted
	Recall                 // hits / actual
	F1                     // their harmonic mean, 2 hits / (predicted + actual)
)

// Check says whether an average suits a number of classes.
func Check(a Average, classes int) error {
	switch {
	case a < Binary || a > Weighted:
		return errors.Errorf("Average is %d; want AverageBinary, AverageMicro, AverageMacro or AverageWeighted", a)
	case classes < 2:
		return errors.Errorf("Classes is %d; want 2 or more", classes)
	case a == Binary && classes != 2:
		return errors.Errorf("there are %d classes; the binary score is that of class 1 of two: want AverageMicro, AverageMacro or AverageWeighted", classes)
	}
	return nil
}

// Of returns the score of one class: how many examples were rightly predicted to be
// of it, how many were predicted so, and how many are. 0/0 counts as 0.
func (s Score) Of(hits, predicted, actual int64) float64 {
	num, den := hits, predicted
	switch s {
	case Recall:
		den = actual
	case F1:
		num, den = 2*hits, predicted+actual
	}
	if den == 0 {
		return 0
	}
	return float64(num) / float64(den)
}

// Over returns the average score of classes whose counts are given. As in
// scikit-learn, a class that is neither predicted nor actual is out of the macro average.
func (s Score) Over(a Average, hits, predicted, actual []int64) float64 {
	if a == Binary {
		return s.Of(hits[1], predicted[1], actual[1])
	}
	var h, p, n int64
	sum, weights := 0.0, 0.0
	for i := range hits {
		h, p, n = h+hits[i], p+predicted[i], n+actual[i]
		weight := float64(actual[i])
		if a == Macro {
			weight = 1
			if predicted[i]+actual[i] == 0 {
				weight = 0
			}
		}
		sum, weights = sum+weight*s.Of(hits[i], predicted[i], actual[i]), weights+weight
	}
	switch {
	case a == Micro:
		return s.Of(h, p, n)
	case weights == 0:
		return 0
	}
	return sum / weights
}
