package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/plexaura/plexaura/training/plots"
)

// chart draws the gradient norms by layer, on a logarithmic scale, into
// gradients.svg and gradients.png.
func chart(results []*result, dir string) error {
	var curves []plots.Series
	for _, r := range results {
		if slices.ContainsFunc(r.norms, drawable) { // or all gradients have vanished, or overflowed
			curves = append(curves, plots.Series{Name: r.name, Values: r.norms})
		}
	}
	p, err := plots.LearningCurves(curves, plots.CurvesConfig{Title: "Norm of the gradient before the first step", XLabel: "hidden layer", LogScale: true,
		Width: 640, Height: 420})
	if err != nil {
		return err
	}
	for _, name := range []string{"gradients.svg", "gradients.png"} {
		path := filepath.Join(dir, name)
		if err := p.Save(path); err != nil {
			return err
		}
		fmt.Println("drew", path)
	}
	return nil
}

// drawable tells whether a norm has a place on a logarithmic axis.
func drawable(norm float64) bool { return norm > 0 && !math.IsInf(norm, 0) }
