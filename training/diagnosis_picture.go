package training

import (
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/plots"
)

// Picture draws the norm of the gradient for each layer, inputs first, on a
// logarithmic axis; layers with a finding are in the colour of alarm. That no
// gradient is positive, as where all units are dead, is an error.
func (d *Diagnosis) Picture() (*plots.Picture, error) {
	if d == nil {
		return nil, errors.New("training: picture of a diagnosis: there is none")
	}
	names, values, flagged := make([]string, len(d.Layers)), make([]float64, len(d.Layers)), make([]bool, len(d.Layers))
	for i, l := range d.Layers {
		names[i], values[i] = l.Name, l.Gradient
		for _, f := range d.Findings {
			for _, name := range f.Layers {
				flagged[i] = flagged[i] || name == l.Name
			}
		}
	}
	return plots.Bars(names, values, plots.BarsConfig{Title: "Gradients by layer", XLabel: "norm of the gradient for what enters the activation",
		LogScale: true, Flagged: flagged})
}
