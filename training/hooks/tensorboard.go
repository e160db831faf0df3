package hooks

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/summary"
)

// TensorBoard writes an event file, which TensorBoard shows beside those of other runs:
// "tensorboard --logdir runs" for the folders runs/a, runs/b.
//
//	tag                          what
//	loss, NAME of a metric       of the step, every EverySteps
//	epoch/loss, epoch/NAME       its mean over the epoch
//	validation/loss, ...         what hooks record, under its name
//	learning_rate                Rate, every EverySteps
//	variables/NAME               histogram of a variable as the step found it, every HistogramSteps
//	gradients/NAME               histogram of its gradient
//
// and the graph, hyper-parameters and summary nodes on request. The horizontal axis is the global
// step, which is FitConfig.GlobalStep where that is given. A training that is resumed from a
// checkpoint writes a new file, and TensorBoard forgets what older ones have of the steps that are
// done again.
//
// Fetching gradients may change the last bits of a training: a matrix product that would go
// straight into the weights is rounded once more.
type TensorBoard struct {
	training.NoHook

	Dir string // the folder of the run, such as "runs/elu-bn"; required. It is made.

	EverySteps     int // numbers of every so many steps; 0: 100
	HistogramSteps int // histograms of every so many steps; 0: none

	Rate      *gorgonia.Node     // the learning rate, a scalar such as a schedule; nil: not written
	Variables gorgonia.Nodes     // those with histograms; nil: all trainable ones
	Gradients []training.GradVar // what ComputeGradients returned, for histograms of gradients; nil: none
	Summaries *summary.Merged    // of summary.MergeAll, every EverySteps; nil: none

	HyperParameters map[string]interface{} // a table of texts; nil: none
	NoGraph         bool                   // leaves the graph out
	Writer          summary.WriterConfig

	w       *summary.Writer // nil outside of a training
	offset  int64           // of the global step
	seen    map[string]int  // the step of the newest record that is written, by name
	metrics []string        // their names, sorted
	records func() error
}

// Begin opens the file.
func (h *TensorBoard) Begin(l *training.Loop) error {
	err := h.begin(l)
	if err != nil && h.w != nil {
		h.w.Close()
		h.w = nil
	}
	return errors.WithMessage(err, "hooks.TensorBoard")
}

func (h *TensorBoard) begin(l *training.Loop) error {
	switch {
	case h.Dir == "":
		return errors.New("Dir is empty; want the folder of the run, such as \"runs/elu-bn\"")
	case h.EverySteps < 0 || h.HistogramSteps < 0:
		return errors.Errorf("EverySteps is %d and HistogramSteps %d; want 0 (the default) or more", h.EverySteps, h.HistogramSteps)
	}
	g := l.Session().Graph()
	for _, n := range h.fetched(g, true, true) {
		if n == nil || n.Graph() != g.Expr() {
			return errors.New("a node of Rate, Variables, Gradients or Summaries is nil, or of another graph than the session's")
		}
	}
	if h.Rate != nil {
		if sp := graph.SpecOf(h.Rate); sp.Rank() > 0 || !sp.IsFloat() {
			return errors.Errorf("Rate is %s, %v; want a scalar", g.NameOf(h.Rate), sp)
		}
	}
	var err error
	if h.w, err = summary.NewWriter(h.Dir, h.Writer); err != nil {
		return err
	}
	h.offset = l.GlobalStep() - int64(l.Step())
	h.metrics = slices.Sorted(maps.Keys(l.Config().Metrics))
	h.records = func() error { return errors.WithMessage(h.writeRecords(l), "hooks.TensorBoard") }
	h.seen = map[string]int{}
	if l.Step() > 0 {
		for _, log := range l.Logs() {
			h.seen[log.Name] = log.Step // of the part before a checkpoint
		}
	}
	if err := h.w.Start(h.step(l.Step()) + 1); err != nil {
		return err
	}
	if h.HyperParameters != nil {
		if err := h.w.HyperParameters(h.HyperParameters); err != nil {
			return err
		}
	}
	if !h.NoGraph {
		if err := h.w.Graph(g); err != nil {
			return err
		}
	}
	return h.w.Flush()
}

// step is a step of the loop on TensorBoard's axis.
func (h *TensorBoard) step(loop int) int64 { return h.offset + int64(loop) }

// due tells what is written of a step.
func (h *TensorBoard) due(step int) (numbers, histograms bool) {
	every := h.EverySteps
	if every == 0 {
		every = 100
	}
	return step%every == 0, h.HistogramSteps > 0 && step%h.HistogramSteps == 0
}

// variables are those with histograms.
func (h *TensorBoard) variables(g *graph.Graph) gorgonia.Nodes {
	if h.Variables == nil {
		return g.Trainable()
	}
	return h.Variables
}

// fetched are the nodes whose values are needed.
func (h *TensorBoard) fetched(g *graph.Graph, numbers, histograms bool) (nodes gorgonia.Nodes) {
	if numbers && h.Rate != nil {
		nodes = append(nodes, h.Rate)
	}
	if numbers && h.Summaries != nil {
		nodes = append(nodes, h.Summaries.Nodes()...)
	}
	if histograms {
		nodes = append(nodes, h.variables(g)...)
		for _, gv := range h.Gradients {
			if gv.Grad != nil {
				nodes = append(nodes, gv.Grad)
			}
		}
	}
	return nodes
}

// BeforeStep asks for the values of a step that is due.
func (h *TensorBoard) BeforeStep(l *training.Loop) error {
	if numbers, histograms := h.due(l.Step() + 1); numbers || histograms {
		l.Fetch(h.fetched(l.Session().Graph(), numbers, histograms)...)
	}
	return nil
}

// AfterStep writes what is due.
func (h *TensorBoard) AfterStep(l *training.Loop) error {
	numbers, histograms := h.due(l.Step())
	var err error
	if numbers {
		err = h.writeNumbers(l)
	}
	if histograms && err == nil {
		err = h.writeHistograms(l)
	}
	l.Later(h.records) // with those of the hooks behind this one
	return errors.WithMessage(err, "hooks.TensorBoard")
}

// AfterEpoch writes the means over the epoch.
func (h *TensorBoard) AfterEpoch(l *training.Loop) error {
	for _, log := range l.Logs() {
		if !log.Mean {
			continue
		}
		if err := h.w.Scalar("epoch/"+log.Name, h.step(l.Step()), log.Value); err != nil {
			return errors.WithMessage(err, "hooks.TensorBoard")
		}
	}
	l.Later(h.records)
	return nil
}

func (h *TensorBoard) writeNumbers(l *training.Loop) error {
	step := h.step(l.Step())
	if l.Config().Loss != nil {
		if err := h.w.Scalar("loss", step, l.Loss()); err != nil {
			return err
		}
	}
	for _, name := range h.metrics {
		if err := h.w.Scalar(name, step, graph.Values{l.Value(l.Config().Metrics[name])}.Float(0)); err != nil {
			return err
		}
	}
	if h.Rate != nil {
		if err := h.w.Scalar("learning_rate", step, graph.Values{l.Value(h.Rate)}.Float(0)); err != nil {
			return err
		}
	}
	if h.Summaries == nil {
		return nil
	}
	var values graph.Values
	for _, n := range h.Summaries.Nodes() {
		values = append(values, l.Value(n))
	}
	return h.w.Add(step, h.Summaries, values)
}

func (h *TensorBoard) writeHistograms(l *training.Loop) error {
	g, step := l.Session().Graph(), h.step(l.Step())
	for _, v := range h.variables(g) {
		if err := h.w.Histogram("variables/"+g.NameOf(v), step, l.Value(v)); err != nil {
			return err
		}
	}
	for _, gv := range h.Gradients {
		if gv.Grad == nil {
			continue
		}
		if err := h.w.Histogram("gradients/"+g.NameOf(gv.Var), step, l.Value(gv.Grad)); err != nil {
			return err
		}
	}
	return nil
}

// writeRecords writes what hooks have recorded and is not written yet.
func (h *TensorBoard) writeRecords(l *training.Loop) error {
	for _, log := range l.Logs() {
		if last, ok := h.seen[log.Name]; log.Mean || ok && log.Step <= last {
			continue
		}
		if err := h.w.Scalar(log.Name, h.step(log.Step), log.Value); err != nil {
			return err
		}
		h.seen[log.Name] = log.Step
	}
	return nil
}

// End closes the file when all hooks are through.
func (h *TensorBoard) End(l *training.Loop) error {
	l.Later(func() error {
		err := h.writeRecords(l)
		if closing := h.w.Close(); err == nil {
			err = closing
		}
		h.w = nil
		return errors.WithMessage(err, "hooks.TensorBoard")
	})
	return nil
}
