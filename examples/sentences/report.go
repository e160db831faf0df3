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

// sentences writes how well good sentences are told from bad ones.
func (r *report) sentences(results map[string][]float64, corruptions int) {
	r.printf("\nSentences of which one word was replaced\n\n| encoder | good or bad, told right | of %d bad ones, scored below the good one |\n|---|---|---|\n", corruptions)
	for _, encoder := range encoders {
		r.printf("| %s | %s | %s |\n", encoder, meanAndError(results[encoder+"detect"]), meanAndError(results[encoder+"rank"]))
	}
}

// mails writes how well ham is told from spam.
func (r *report) mails(results map[string][]float64) {
	r.printf("\nHam or spam, by how many of each have labels\n\n| encoder | |")
	for _, n := range labels {
		r.printf(" %d |", n)
	}
	r.printf("\n|---|---|%s\n", strings.Repeat("---|", len(labels)))
	for _, encoder := range encoders {
		for _, start := range starts {
			r.printf("| %s | %s |", encoder, start)
			for _, n := range labels {
				r.printf(" %s |", meanAndError(results[fmt.Sprint(encoder, start, n)]))
			}
			r.printf("\n")
		}
	}
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
