package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/plexaura/plexaura/training/plots"
)

// report prints what is measured, and keeps it for results.md.
type report struct{ text strings.Builder }

func (r *report) printf(format string, args ...interface{}) {
	text := fmt.Sprintf(format, args...)
	fmt.Print(text)
	r.text.WriteString(text)
}

// head begins the table of the methods.
func (r *report) head() {
	r.printf("\nFew labels: test accuracy\n\n| training | |")
	for _, n := range perClass {
		r.printf(" %d labels a class |", n)
	}
	r.printf(" seconds without labels |\n|---|---|%s---|\n", strings.Repeat("---|", len(perClass)))
}

// row adds the accuracies of a method with each number of labels, and returns their means as a curve.
func (r *report) row(m method, accuracies [][]float64, seconds float64) plots.Series {
	curve := plots.Series{Name: m.name}
	r.printf("| %s | %s |", m.name, m.about)
	for i, n := range perClass {
		mean, e := meanAndError(accuracies[i])
		r.printf(" %s", share(mean))
		if len(accuracies[i]) > 1 {
			r.printf(" ± %s", share(e))
		}
		r.printf(" |")
		curve.Steps, curve.Values = append(curve.Steps, float64(n)), append(curve.Values, mean)
	}
	r.printf(" %.1f |\n", seconds)
	return curve
}

// share writes a number below 1 as the book does.
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

// keep saves a picture.
func (r *report) keep(path string, p *plots.Picture) error {
	r.printf("\nThe picture is in %s.\n", path)
	return p.Save(path)
}

// save writes results.md into a folder, if there is one.
func (r *report) save(dir string) error {
	if dir == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(dir, "results.md"), []byte(r.text.String()), 0o666)
}
