package training

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// The thresholds of the findings. They were fixed on the design set of
// DOCTOR.md and are not changed by what the judging set shows.
const (
	inputTooLarge = 10.0 // root mean square of what enters a first layer

	deadShare      = 0.6 // of a layer's units
	saturatedShare = 0.5 // of a hidden layer's activations

	// A gradient's norm, or a signal's, that changes by this factor a layer and at
	// least by this through all hidden layers; or by this whatever the depth.
	grows, growsAtLeast, growsAtAll = 2.0, 8.0, 100.0

	// Gains are what a trial takes off the loss of the untrained weights, on the
	// batches of the last quarter of the steps. The rate is too high where a lower
	// one gains at least this share of that loss, the step itself less than this
	// share of that gain, and a step moved some kernel by this share of itself.
	worthwhile, spoilt, large = 0.1, 0.5, 0.05
	// It is too low where ten times the rate gains this many times as much, a
	// hundred times it more again, and the step at most this share of the loss.
	further, hardly = 4.0, 0.05
)

// judge compares the measures with the thresholds.
func (e *examination) judge() []Finding {
	var out []Finding
	find := func(t Trouble, layers []string, format string, args ...interface{}) {
		out = append(out, Finding{t, layers, fmt.Sprintf(format, args...), t.remedyFor(layers)})
	}
	if b := e.broken; b != nil {
		find(NotFinite, []string{b.node}, "step %d: %s", b.step+1, b.cause)
	}
	e.judgeNorms(find)
	inputs, symmetric := e.judgeInputs(find), e.judgeSymmetry(find)
	dying := !symmetric && e.judgeDying(find)
	saturated := e.judgeSaturation(find)
	gradients := !symmetric && e.judgeGradients(find)
	e.judgeRates(find, inputs || symmetric || saturated || gradients, dying)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Trouble < out[j].Trouble })
	return out
}

type finder func(t Trouble, layers []string, format string, args ...interface{})

// judgeNorms looks at training flags and moving statistics.
func (e *examination) judgeNorms(find finder) {
	if !e.changed {
		return
	}
	var switched []string
	flag := ""
	for _, n := range e.a.order {
		if !e.a.switches[n] {
			continue
		}
		f := e.a.g.InputsOf(n)[0]
		if value, known := e.flags[f]; known && !value {
			switched, flag = withName(switched, scopeOf(e.a.g.NameOf(n))), e.a.g.NameOf(f)
		}
	}
	if len(switched) > 0 {
		find(TrainingFlagFalse, switched, "%s is false in a step that changes trainable variables", flag)
		return
	}
	var still []string
	for _, m := range e.moving {
		if !m.moved {
			still = withName(still, scopeOf(e.a.g.NameOf(m.node)))
		}
	}
	if len(still) > 0 {
		find(UpdatesNotRun, still, "moving statistics are the same bits after %d training steps", len(e.losses))
	}
}

// scopeOf returns a name without its last part, where it has several.
func scopeOf(name string) string {
	if i := strings.LastIndex(name, "/"); i > 0 {
		return name[:i]
	}
	return name
}

func withName(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

func (e *examination) judgeInputs(find finder) bool {
	var names []string
	worst := 0.0
	for i, p := range e.probes {
		if x := e.stats[i].input; x > inputTooLarge {
			names, worst = append(names, p.name), max(worst, x)
		}
	}
	if len(names) > 0 {
		find(UnscaledInputs, names, "root mean square of the inputs %.3g > %g", worst, inputTooLarge)
	}
	return len(names) > 0
}

func (e *examination) judgeSymmetry(find finder) bool {
	var names []string
	for i, p := range e.probes {
		if p.hidden && e.stats[i].symmetric {
			names = append(names, p.name)
		}
	}
	if len(names) > 0 {
		find(SymmetricUnits, names, "all columns of the kernel, and all units' outputs, are equal")
	}
	return len(names) > 0
}

func (e *examination) judgeDying(find finder) bool {
	var names []string
	worst := 0.0
	for i, p := range e.probes {
		if dead := e.stats[i].dead(); p.hidden && p.kind.known() && dead >= deadShare {
			names, worst = append(names, p.name), max(worst, dead)
		}
	}
	if len(names) > 0 {
		find(DyingReLU, names, "up to %.0f %% >= %.0f %% of the units were 0 for every example", 100*worst, 100*deadShare)
	}
	return len(names) > 0
}

// judgeSaturation tells whether a layer is saturated from the first step on.
func (e *examination) judgeSaturation(find finder) (atFirst bool) {
	var names []string
	worst := 0.0
	for i, p := range e.probes {
		st := e.stats[i]
		if !p.hidden || p.kind.flat == nil {
			continue
		}
		flat := st.flat
		atFirst = atFirst || flat >= saturatedShare
		if st.flatLate.n > 0 {
			flat = max(flat, st.flatLate.value())
		}
		if flat >= saturatedShare {
			names, worst = append(names, p.name), max(worst, flat)
		}
	}
	if len(names) > 0 {
		find(Saturation, names, "up to %.0f %% >= %.0f %% of the activations stand where the slope is below a tenth", 100*worst, 100*saturatedShare)
	}
	return atFirst
}

// level is what is known of the layers of one depth.
type level struct {
	names    []string
	gradient float64 // squared norm
	signal   float64 // largest root mean square of activations
}

// levels gathers the hidden layers by their depth, first layers first. Those that
// no gradient reaches are left out: beneath an output layer that starts at 0 there
// is none in the first step.
func (e *examination) levels() []level {
	var out []level
	index := map[int]int{}
	for i, p := range e.probes {
		st := e.stats[i]
		if !p.hidden || p.gradPre == nil || !(st.grad > 0) {
			continue
		}
		k, ok := index[p.level]
		if !ok {
			k = len(out)
			index[p.level] = k
			out = append(out, level{})
		}
		out[k].names = append(out[k].names, p.name)
		out[k].gradient += st.grad * st.grad
		out[k].signal = max(out[k].signal, st.rms)
	}
	return out
}

// judgeGradients looks at how gradients and signals change with depth.
func (e *examination) judgeGradients(find finder) (found bool) {
	ls := e.levels()
	n := len(ls)
	if n < 2 {
		return false
	}
	first, last := ls[0], ls[n-1]
	down := math.Sqrt(first.gradient / last.gradient) // of gradients, on the way down
	up := last.signal / first.signal
	steps := float64(n - 1)
	growth := func(total float64) bool {
		return total > math.Pow(grows, steps) && total > growsAtLeast || total > growsAtAll
	}
	each := func(total float64) float64 { return math.Pow(total, 1/steps) }
	limits := fmt.Sprintf(" (too much: a factor of %g a layer and %g in all, or %g in all)", grows, growsAtLeast, growsAtAll)
	switch {
	case growth(down):
		find(ExplodingGradients, low(ls), "the gradient's norm grows from %.2g to %.2g in %d layers, by %.2g a layer%s",
			math.Sqrt(last.gradient), math.Sqrt(first.gradient), n, each(down), limits)
	case first.signal > 0 && growth(up):
		find(ExplodingGradients, high(ls), "the activations grow from %.2g to %.2g in %d layers, by %.2g a layer%s",
			first.signal, last.signal, n, each(up), limits)
	case growth(1 / down):
		find(VanishingGradients, low(ls), "the gradient's norm falls from %.2g to %.2g in %d layers, by %.2g a layer%s",
			math.Sqrt(last.gradient), math.Sqrt(first.gradient), n, each(down), limits)
	default:
		return false
	}
	return true
}

func low(ls []level) []string {
	var names []string
	for _, l := range ls[:(len(ls)+1)/2] {
		names = append(names, l.names...)
	}
	return names
}

func high(ls []level) []string {
	var names []string
	for _, l := range ls[len(ls)/2:] {
		names = append(names, l.names...)
	}
	return names
}

// listed joins names for a sentence.
func listed(names []string) string {
	if len(names) > 4 {
		return fmt.Sprintf("%s, ..., %s (%d in all)", strings.Join(names[:2], ", "), names[len(names)-1], len(names))
	}
	return strings.Join(names, ", ")
}
