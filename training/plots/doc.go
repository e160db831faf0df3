// Package plots draws the pictures that training is judged by: learning curves, points in a plane with level lines,
// schedules of the learning rate, histograms a layer, values a layer, confusion
// matrices, and grids of images, of filters, and of images above their reconstructions.
//
// Every function takes plain slices, which it copies, and returns a *Picture, which
// can be saved as SVG or PNG and shows itself in a notebook. The same
// data give the same bytes. Colours are those of Okabe and Ito, "Color Universal
// Design" (2008), which people who are colour-blind can tell apart.
//
//	p, err := plots.LearningCurves([]plots.Series{
//		{Name: "training", Values: loss},
//		{Name: "validation", Values: validation},
//	}, plots.CurvesConfig{Title: "Loss", XLabel: "epoch"})
//	if err != nil { return err }
//	err = p.Save("loss.svg")
package plots
