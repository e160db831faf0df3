package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// report prints what is measured, and keeps it for results.md.
type report struct{ text strings.Builder }

func (r *report) printf(format string, args ...interface{}) {
	text := fmt.Sprintf(format, args...)
	fmt.Print(text)
	r.text.WriteString(text)
}

// head begins the table.
func (r *report) head(data *images) {
	r.printf("%s: test accuracy on %d images\n\n| features | | 5 labels a class | 20 labels a class | recorded elsewhere |\n|---|---|---|---|---|\n",
		data.name, data.test.Len())
}

// row adds the accuracies of a feature with each number of labels.
func (r *report) row(f feature, width int, accuracies [][]float64) {
	r.printf("| %s | %d | %s | %s | %s |\n", f.name, width, meanAndError(accuracies[0]), meanAndError(accuracies[1]), f.recorded)
}

// meanAndError writes the mean of accuracies, and its standard error: the sample standard deviation over the root of how many they are.
func meanAndError(values []float64) string {
	n, mean, squares := float64(len(values)), 0.0, 0.0
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	text := strings.TrimPrefix(fmt.Sprintf("%.4f", mean), "0")
	if len(values) > 1 {
		text += " ± " + strings.TrimPrefix(fmt.Sprintf("%.4f", math.Sqrt(squares/(n-1)/n)), "0")
	}
	return text
}

// save writes results.md into a folder, if there is one.
func (r *report) save(dir string) error {
	if dir == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(dir, "results.md"), []byte(r.text.String()), 0o666)
}
