package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// report prints what is measured, and keeps it for results.md.
type report struct{ text strings.Builder }

func (r *report) printf(format string, args ...interface{}) {
	text := fmt.Sprintf(format, args...)
	fmt.Print(text)
	r.text.WriteString(text)
}

// head begins the table of an exercise.
func (r *report) head(title string) {
	r.printf("\n%s\n\n| training | | test | least, most | published | epochs | seconds |\n|---|---|---|---|---|---|---|\n", title)
}

// row adds the outcomes of a training with several seeds.
func (r *report) row(name, about, published string, outcomes []*outcome) {
	var accuracy, epochs, seconds []float64
	for _, got := range outcomes {
		accuracy = append(accuracy, got.accuracy)
		epochs = append(epochs, float64(got.epochs))
		seconds = append(seconds, got.took.Seconds())
	}
	mean, e := meanAndError(accuracy)
	test := share(mean)
	if len(outcomes) > 1 {
		test += " ± " + share(e)
	}
	n, _ := meanAndError(epochs)
	s, _ := meanAndError(seconds)
	r.printf("| %s | %s | %s | %s, %s | %s | %.0f | %.2f |\n", name, about, test, share(slices.Min(accuracy)), share(slices.Max(accuracy)), published, n, s)
}

// share writes an accuracy as the book does.
func share(x float64) string { return strings.TrimPrefix(fmt.Sprintf("%.4f", x), "0") }

// meanAndError returns the mean, and its standard error: the sample standard deviation over the root of how many values there are.
func meanAndError(values []float64) (mean, standardError float64) {
	n := float64(len(values))
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		standardError += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(standardError / (n - 1) / n)
}

// save writes results.md into a folder, if there is one.
func (r *report) save(dir string) error {
	if dir == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(dir, "results.md"), []byte(r.text.String()), 0o666)
}
