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

// row is a training, with the accuracy that the book published for MNIST.
type row struct{ name, about, published string }

var pairRows = []row{
	{separate, "two networks 5 x 100, ELU, and a layer of 10 on top", ".977"},
	{shared, "... which are one", ""},
}

var classRows = []row{
	{separate + ", frozen", "new outputs on the first network, frozen", ".965"},
	{shared + ", frozen", "... on the network for both", ""},
	{separate + ", unfrozen", "then all of the first network unfrozen", ""},
	{shared + ", unfrozen", "... of the network for both", ""},
	{"scratch", "5 x 100, ELU, nothing reused", ".946"},
}

// head begins a table.
func (r *report) head(title string) {
	r.printf("\n%s\n\n| training | | test | least, most | published | seconds |\n|---|---|---|---|---|---|\n", title)
}

// row adds the outcomes of a training with several seeds.
func (r *report) row(of row, outcomes []outcome) {
	var accuracy, seconds []float64
	for _, got := range outcomes {
		accuracy = append(accuracy, got.accuracy)
		seconds = append(seconds, got.took.Seconds())
	}
	mean, e := meanAndError(accuracy)
	test := share(mean)
	if len(outcomes) > 1 {
		test += " ± " + share(e)
	}
	s, _ := meanAndError(seconds)
	r.printf("| %s | %s | %s | %s, %s | %s | %.1f |\n", of.name, of.about, test, share(slices.Min(accuracy)), share(slices.Max(accuracy)), of.published, s)
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
