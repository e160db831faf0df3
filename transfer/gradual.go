package transfer

import (
	"fmt"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
)

// Stage says from which epoch on which further layers are trained.
type Stage struct {
	Epoch    int      // counted from 1, as Loop.Epoch
	Unfreeze []string // patterns of variables' names: see Unfreeze
}

// Unfreezing is a training that begins with frozen layers and unfreezes them in stages, with a train op each. It is a hook of
// training.Fit that makes each step by the train op of its epoch's stage. That follows from the epoch alone, so a training that is resumed
// from its checkpoint goes on in its stage.
type Unfreezing struct {
	training.NoHook

	stages []Stage
	steps  gorgonia.Nodes
}

// Gradual builds gradual unfreezing (Howard and Ruder, "Universal language model fine-tuning for text classification", 2018): a train
// op for what is trainable now, and then, for each stage, one for that and what it unfreezes. All are opt's, so slots go on from stage to stage:
//
//	transfer.Freeze(g, "hidden[123]")
//	u := transfer.Gradual(s.NameScope("train"), opt, loss, transfer.Stage{Epoch: 5, Unfreeze: []string{"hidden3"}},
//		transfer.Stage{Epoch: 10, Unfreeze: []string{"hidden[12]"}})
//	err := sess.Init()
//	history, err := training.Fit(ctx, sess, training.FitConfig{Step: u.Step(1), Hooks: []training.Hook{u}, ...})
//
// Each is built after the updates of loss, g.UpdatesOf, that are not frozen in its stage. Where a constant rate for the lower layers is wanted,
// LayerRates gives opt's Multipliers; note that a pattern of Multipliers may match frozen variables. The epochs of stages must rise, from 2 on. What is wrong is a build error.
// Afterwards the graph is as the last stage leaves it.
func Gradual(s *graph.Scope, opt training.Optimizer, loss *gorgonia.Node, stages ...Stage) *Unfreezing {
	u := &Unfreezing{stages: append([]Stage{{Epoch: 1}}, stages...)}
	g := s.Graph()
	if opt == nil || loss == nil {
		s.Failf("Gradual", nil, "the optimizer or the loss is nil")
		return u
	}
	for i, stage := range u.stages {
		if i > 0 {
			if last := u.stages[i-1].Epoch; stage.Epoch <= last {
				s.Failf("Gradual", gorgonia.Nodes{loss}, "stage %d begins with epoch %d; want one after %d", i, stage.Epoch, last)
				return u
			}
			if len(stage.Unfreeze) == 0 {
				s.Failf("Gradual", gorgonia.Nodes{loss}, "stage %d, of epoch %d, unfreezes nothing; want patterns", i, stage.Epoch)
				return u
			}
			if vars := Unfreeze(g, stage.Unfreeze...); len(vars) == 0 && g.Err() == nil {
				s.Failf("Gradual", gorgonia.Nodes{loss}, "stage %d, of epoch %d: nothing of what %q match is frozen", i, stage.Epoch, stage.Unfreeze)
				return u
			}
		}
		if g.Err() != nil {
			return u
		}
		at := s.NameScope(fmt.Sprintf("stage%d", i)).After(g.UpdatesOf(loss)...)
		u.steps = append(u.steps, opt.Minimize(at, loss, g.Trainable()))
	}
	return u
}

// Step returns the train op of an epoch, counted from 1; nil where Gradual failed.
func (u *Unfreezing) Step(epoch int) *gorgonia.Node {
	var step *gorgonia.Node
	for i, n := range u.steps {
		if i == 0 || u.stages[i].Epoch <= epoch {
			step = n
		}
	}
	return step
}

// BeforeStep implements training.Hook: it makes the step by the train op of the epoch.
func (u *Unfreezing) BeforeStep(l *training.Loop) error {
	step := u.Step(l.Epoch())
	if step == nil {
		return errors.Errorf("transfer: the stages could not be built: %v", l.Session().Graph().Err())
	}
	return l.SetStep(step)
}
