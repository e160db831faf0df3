package hooks

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/schedule"
)

// Plateau lowers the learning rate when a value has stopped to improve: schedule.Plateau with the
// variable that it sets. torch's and Keras's ReduceLROnPlateau.
//
//	rate := schedule.Variable(s, "learning_rate", 0.1) // the optimizer's Schedule
//	...
//	&hooks.Plateau{Rate: rate, Config: schedule.PlateauConfig{Factor: 0.5, Patience: 3}}
//
// It may stand before or behind the hook that records the value. A value that is recorded by steps
// is judged each time, a mean over the epoch when the epoch ends. What it remembers travels in
// checkpoints, beside the variable.
type Plateau struct {
	training.NoHook

	Rate    *gorgonia.Node         // required: the variable, such as schedule.Variable makes
	Monitor string                 // the value's name; default "validation/loss"
	Config  schedule.PlateauConfig // Initial 0: the value that the variable has

	plateau *schedule.Plateau
	seen    int    // the step of the last value judged
	stored  []byte // a state that came before Begin
	step    func() error
	epoch   func() error
}

func (h *Plateau) monitor() string { return cmp.Or(h.Monitor, defaultMonitor) }

// Begin reports a wrong config.
func (h *Plateau) Begin(l *training.Loop) error {
	plateau, err := h.begin(l.Session())
	if err != nil {
		return errors.WithMessage(err, "hooks.Plateau")
	}
	h.plateau, h.seen = plateau, 0
	h.step, h.epoch = func() error { return h.judge(l, false) }, func() error { return h.judge(l, true) }
	if stored := h.stored; stored != nil {
		h.stored = nil
		if err := h.UnmarshalBinary(stored); err != nil {
			h.plateau = nil // the hook may serve another training
			return errors.WithMessage(err, "hooks.Plateau")
		}
	}
	return nil
}

func (h *Plateau) begin(sess *graph.Session) (*schedule.Plateau, error) {
	if h.Rate == nil {
		return nil, errors.New("Rate is nil; want the variable that the optimizer has as its Schedule (schedule.Variable)")
	}
	now, err := sess.Value(h.Rate)
	if err != nil {
		return nil, errors.WithMessage(err, "Rate")
	}
	cfg := h.Config
	switch rate := now.Data().(type) {
	case float32:
		if cfg.Initial == 0 {
			// The decimal that was meant: 0.1 rather than 0.10000000149.
			cfg.Initial, _ = strconv.ParseFloat(fmt.Sprint(rate), 64)
		}
	case float64:
		if cfg.Initial == 0 {
			cfg.Initial = rate
		}
	default:
		return nil, errors.Errorf("Rate is %v%v; want a scalar float32 or float64", now.Dtype(), now.Shape())
	}
	plateau, err := schedule.NewPlateau(cfg)
	if err != nil {
		return nil, err
	}
	if h.Config.Initial == 0 {
		return plateau, nil
	}
	return plateau, h.set(sess, plateau.Rate())
}

// set gives the variable a rate.
func (h *Plateau) set(sess *graph.Session, rate float64) error {
	if graph.SpecOf(h.Rate).Dtype == tensor.Float32 {
		return sess.SetValue(h.Rate, float32(rate))
	}
	return sess.SetValue(h.Rate, rate)
}

// AfterStep has a value that was recorded in the step judged.
func (h *Plateau) AfterStep(l *training.Loop) error {
	l.Later(h.step)
	return nil
}

// AfterEpoch has the value of the epoch judged.
func (h *Plateau) AfterEpoch(l *training.Loop) error {
	l.Later(h.epoch)
	return nil
}

// judge observes a new value, if there is one.
func (h *Plateau) judge(l *training.Loop, epoch bool) error {
	log, ok := l.Log(h.monitor())
	if !ok || !isNew(log, h.seen, epoch) {
		return nil
	}
	h.seen = log.Step
	rate, changed := h.plateau.Observe(log.Value)
	if !changed {
		return nil
	}
	return errors.WithMessage(h.set(l.Session(), rate), "hooks.Plateau")
}

// End remarks on a value that was never recorded.
func (h *Plateau) End(l *training.Loop) error {
	h.plateau = nil // the hook may serve another training
	if h.seen == 0 && l.EpochEnded() {
		l.Warn("hooks.Plateau did nothing: " + neverRecorded(l, h.monitor()))
	}
	return nil
}

// MarshalBinary writes the step of the last value, then the state of the schedule.Plateau.
func (h *Plateau) MarshalBinary() ([]byte, error) {
	if h.plateau == nil {
		return h.stored, nil
	}
	state, err := h.plateau.MarshalBinary()
	return append([]byte(fmt.Sprintln(h.seen)), state...), err
}

// UnmarshalBinary takes over what MarshalBinary wrote. Before Begin it is only kept.
func (h *Plateau) UnmarshalBinary(b []byte) error {
	if h.plateau == nil || len(b) == 0 {
		h.stored = append([]byte(nil), b...)
		return nil
	}
	head, state, _ := bytes.Cut(b, []byte{'\n'})
	seen, err := strconv.Atoi(string(head))
	if err != nil || seen < 0 {
		return errors.Errorf("the state of the plateau hook is %.60q; want a step first", b)
	}
	if err := h.plateau.UnmarshalBinary(state); err != nil {
		return err
	}
	h.seen = seen
	return nil
}
