package training

import (
	"math"
	"sort"

	"gorgonia.org/gorgonia"
)

// Diagnosis is what Diagnose reports. Numbers that were not measured are NaN.
type Diagnosis struct {
	Layers    []LayerReport    // inputs first
	Variables []VariableReport // trainable ones
	Losses    []float64        // of every step, of the weights before it
	Trials    []TrialReport    // by factor; none with NoTrials
	Findings  []Finding        // what has to be mended first comes first
}

// LayerReport is the state of one layer. Activations and gradients are those of
// the first step, so of the layer as it was handed over.
type LayerReport struct {
	Name       string   // the kernel's scope, such as hidden1
	Kernels    []string // names of the variables
	Op         string   // name of the product's node
	Activation string   // name of its op; "" for none
	Hidden     bool     // other layers follow
	Depth      int      // how many layers lie before it, at most
	Units      int      // size of the last axis

	Mean, Std float64 // of the activations, over examples and units
	Saturated float64 // share of activations where the slope is below a tenth of the steepest; NaN where the activation has no such end
	Dead      float64 // share of units that were 0 for every example of the second half of the steps

	Gradient       float64 // norm of the loss's gradient for what enters the activation
	GradientRatio  float64 // that norm over the next layer's: below 1 it fades on the way down
	KernelGradient float64 // norm of the gradient for the first kernel
	UpdateRatio    float64 // geometric mean over the steps of |update|/|kernel|

	BatchNorm *BatchNormReport // nil for none
}

// BatchNormReport says how the moving statistics stand to those of the last
// batch, after the steps.
type BatchNormReport struct {
	MeanDrift     float64 // root mean square over channels of (moving - batch) in the batch's standard deviations
	VarianceDrift float64 // mean over channels of |ln(moving / batch)|
	Moved         bool    // a step changed the moving statistics
}

// VariableReport says how fast a trainable variable changes.
type VariableReport struct {
	Name        string
	Norm        float64 // Euclidean
	UpdateRatio float64 // geometric mean over the steps of |update|/|variable|; 0 where it never changed, NaN where it was 0
	Largest     float64 // the largest such ratio
}

// TrialReport is the end of a short training at another learning rate.
type TrialReport struct {
	Factor float64 // what the rate was multiplied by; 1 for the training itself
	Loss   float64 // mean of the last quarter of the steps; infinite where it broke down
}

// Finding is a trouble, where it is and what to do about it.
type Finding struct {
	Trouble  Trouble
	Layers   []string // names of layers, or of nodes for NotFinite and TrainingFlagFalse
	Evidence string   // the numbers measured, and the thresholds they passed
	Remedy   string   // what the chapter advises
}

// Healthy tells whether nothing was found.
func (d *Diagnosis) Healthy() bool { return d != nil && len(d.Findings) == 0 }

// Has tells whether a trouble is among the findings.
func (d *Diagnosis) Has(t Trouble) bool {
	if d == nil {
		return false
	}
	for _, f := range d.Findings {
		if f.Trouble == t {
			return true
		}
	}
	return false
}

// report puts the measures together and judges them.
func (e *examination) report() *Diagnosis {
	d := &Diagnosis{Losses: e.losses}
	byNode := map[*gorgonia.Node]*variableStats{}
	for _, u := range e.vars {
		byNode[u.node] = u
		d.Variables = append(d.Variables, VariableReport{Name: e.a.g.NameOf(u.node), Norm: u.norm, UpdateRatio: u.ratioOf(), Largest: u.largest})
	}
	for i, p := range e.probes {
		st := e.stats[i]
		r := LayerReport{
			Name: p.name, Kernels: e.namesOf(p.kernels), Op: e.a.g.NameOf(p.product), Activation: p.kind.name, Hidden: p.hidden, Depth: p.level,
			Units: st.units, Mean: st.mean, Std: st.std(), Saturated: math.NaN(), Dead: st.dead(),
			Gradient: st.grad, GradientRatio: math.NaN(), KernelGradient: st.kernelGrad, UpdateRatio: math.NaN(),
		}
		if p.kind.flat != nil {
			r.Saturated = st.flat
		}
		if u := byNode[p.kernels[0]]; u != nil {
			r.UpdateRatio = u.ratioOf()
		}
		if p.norm != nil && p.norm.mean != nil {
			r.BatchNorm = &BatchNormReport{MeanDrift: st.meanDrift, VarianceDrift: st.varianceDrift, Moved: st.normMoved}
		}
		d.Layers = append(d.Layers, r)
	}
	for i := range d.Layers {
		if i+1 < len(d.Layers) {
			d.Layers[i].GradientRatio = d.Layers[i].Gradient / d.Layers[i+1].Gradient
		}
	}
	if len(e.losses) > 0 && !e.cfg.NoTrials {
		d.Trials = append(d.Trials, TrialReport{1, ending(e.losses, len(e.feeds))})
		for _, t := range e.trials {
			d.Trials = append(d.Trials, TrialReport{t.factor, ending(t.losses, len(e.feeds))})
		}
	}
	sort.Slice(d.Trials, func(i, j int) bool { return d.Trials[i].Factor < d.Trials[j].Factor })
	d.Findings = e.judge()
	return d
}

// ratioOf is the geometric mean of the update ratios.
func (u *variableStats) ratioOf() float64 {
	if !u.updated {
		return 0
	}
	return math.Exp(u.ratio.value())
}

func (e *examination) namesOf(nodes gorgonia.Nodes) []string {
	out := make([]string, len(nodes))
	for i, n := range nodes {
		out[i] = e.a.g.NameOf(n)
	}
	return out
}

// ending is the mean loss of the last quarter of the steps, infinite where the
// training broke down before.
func ending(losses []float64, steps int) float64 {
	if len(losses) < steps || len(losses) == 0 || !finite(losses[len(losses)-1]) {
		return math.Inf(1)
	}
	return average(losses[len(losses)-max(1, len(losses)/4):])
}
