package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/plexaura/plexaura/training/plots"
)

// report collects the rows of the table, and the curves.
type report struct {
	o      options
	data   *images
	rows   []string
	curves []plots.Series
}

func newReport(o options, data *images) *report { return &report{o: o, data: data} }

// header is the head of the table, in Markdown.
func (r *report) header() string {
	return "| experiment | | epochs | validation | published | test | training |\n|---|---|---|---|---|---|---|"
}

// add makes the row of an experiment and returns it.
func (r *report) add(e experiment, outcomes []*outcome) string {
	at := func(epoch int) string { // validation accuracy after so many epochs
		var values []float64
		for _, o := range outcomes {
			if epoch <= len(o.validation) {
				values = append(values, o.validation[epoch-1])
			}
		}
		return spread(values)
	}
	epochs := len(outcomes[0].validation)
	measured, published := at(epochs), e.published
	if e.first != "" {
		measured, published = at(1)+", then "+measured, e.first+", then "+published
	}
	if e.at > 0 && e.at < epochs && !r.o.sameSteps {
		measured = at(e.at) + fmt.Sprintf(" (epoch %d)", e.at)
	}
	var test []float64
	seconds := 0.0
	for _, o := range outcomes {
		test = append(test, o.test)
		seconds += o.training.Seconds()
	}
	row := fmt.Sprintf("| %s | %s | %d | %s | %s | %s | %.1f s |", e.name, e.about, epochs, measured, published, spread(test), seconds/float64(len(outcomes)))
	r.rows = append(r.rows, row)
	r.curves = append(r.curves, plots.Series{Name: e.name, Values: outcomes[0].validation})
	return row
}

// spread formats accuracies as their mean and sample standard deviation.
func spread(values []float64) string {
	n := float64(len(values))
	sum, squares := 0.0, 0.0
	for _, v := range values {
		sum += v
	}
	for _, v := range values {
		squares += (v - sum/n) * (v - sum/n)
	}
	text := strings.TrimPrefix(fmt.Sprintf("%.4f", sum/n), "0")
	if len(values) > 1 {
		text += " ± " + strings.TrimPrefix(fmt.Sprintf("%.4f", math.Sqrt(squares/(n-1))), "0")
	}
	return text
}

// save writes the table and the curves of the first seed, if there is a folder
// for them.
func (r *report) save() error {
	if r.o.out == "" {
		return nil
	}
	text := r.data.String() + "\n\n" + r.header() + "\n" + strings.Join(r.rows, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(r.o.out, "results.md"), []byte(text), 0o666); err != nil {
		return err
	}
	for first := 0; first < len(r.curves); first += curvesInPicture {
		some := r.curves[first:min(first+curvesInPicture, len(r.curves))]
		picture, err := plots.LearningCurves(some, plots.CurvesConfig{Title: r.data.name, YLabel: "validation accuracy"})
		if err != nil {
			return err
		}
		if err := picture.Save(filepath.Join(r.o.out, fmt.Sprintf("curves%d.svg", 1+first/curvesInPicture))); err != nil {
			return err
		}
	}
	return nil
}

// curvesInPicture is how many curves can be told apart.
const curvesInPicture = 5
