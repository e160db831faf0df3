package hooks_test

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/training/hooks"
)

func TestStopAt(t *testing.T) {
	m := newToy(t)
	if h := m.fit(t, 5, &hooks.StopAt{GlobalStep: 6}); h.Stopped != "at step 6" || m.weightNow(t) != 6 || len(h.Epochs) != 2 {
		t.Error(h)
	}
	// The number is the global step's, which counts over trainings.
	n := newNet()
	sess := n.open(t)
	train, _ := digits(t)
	for range 2 {
		cfg := n.config(newNoisy(train, 0))
		cfg.Steps, cfg.Hooks = 10, []training.Hook{&hooks.StopAt{GlobalStep: 15}}
		if _, err := training.Fit(context.Background(), sess, cfg); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := sess.Value(n.globalStep); err != nil || v.Data() != int64(15) {
		t.Error(v, err)
	}
	// A training that is there already makes no step, so resuming one at its end changes nothing.
	path := filepath.Join(t.TempDir(), "m")
	for range 2 {
		m = newToy(t)
		if h := m.fit(t, 5, &hooks.StopAt{GlobalStep: 6}, &hooks.Checkpoint{Path: path, Resume: true}); h.Stopped != "at step 6" || m.weightNow(t) != 6 {
			t.Error(h)
		}
	}
	_, err := training.Fit(context.Background(), m.sess, m.config(1, &hooks.StopAt{}))
	wantError(t, err, "hooks.StopAt", "GlobalStep is 0")
}

func TestTimeLimit(t *testing.T) {
	m := newToy(t)
	if h := m.fit(t, 5, &hooks.TimeLimit{Limit: 1}); h.Stopped != "time limit of 1ns" || m.weightNow(t) != 1 {
		t.Error(h)
	}
	if h := m.fit(t, 1, &hooks.TimeLimit{Limit: time.Hour}); h.Stopped != "after 1 epochs" {
		t.Error(h)
	}
	_, err := training.Fit(context.Background(), m.sess, m.config(1, &hooks.TimeLimit{}))
	wantError(t, err, "hooks.TimeLimit", "Limit is 0s")
}

// The first signal ends the training in order; after that, and after the training, the hook leaves
// signals alone.
func TestInterrupt(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	// The test listens as well, lest the signal kill it.
	received := make(chan os.Signal, 1)
	signal.Notify(received, syscall.SIGTERM)
	defer signal.Stop(received)
	m := newToy(t)
	interrupt := &hooks.Func{EverySteps: 6, Do: func(l *training.Loop) error {
		if l.Step() == 6 {
			if err := self.Signal(syscall.SIGTERM); err != nil {
				t.Skip("signals cannot be sent here: ", err)
			}
		}
		return nil
	}}
	cfg := m.config(0, &hooks.Interrupt{Signals: []os.Signal{syscall.SIGTERM}}, interrupt)
	cfg.Steps = 1 << 30
	h, err := training.Fit(context.Background(), m.sess, cfg)
	if err != nil || h.Stopped != "signal: terminated" || m.weightNow(t) < 6 {
		t.Error(h.Stopped, m.weightNow(t), err)
	}
	<-received
}

func TestFunc(t *testing.T) {
	var steps, epochs []int
	m := newToy(t)
	m.fit(t, 4,
		&hooks.Func{EverySteps: 3, Do: func(l *training.Loop) error { steps = append(steps, l.Step()); return nil }},
		&hooks.Func{EveryEpochs: 2, Do: func(l *training.Loop) error { epochs = append(epochs, l.Epoch()); return nil }})
	if len(steps) != 5 || steps[4] != 15 || len(epochs) != 2 || epochs[1] != 4 {
		t.Error(steps, epochs)
	}
	failure := errors.New("oops")
	_, err := training.Fit(context.Background(), m.sess, m.config(4, &hooks.Func{Do: func(*training.Loop) error { return failure }}))
	if !errors.Is(err, failure) {
		t.Error(err)
	}
	_, err = training.Fit(context.Background(), m.sess, m.config(4, &hooks.Func{}))
	wantError(t, err, "hooks.Func", "Do is nil")
	_, err = training.Fit(context.Background(), m.sess, m.config(4, &hooks.Func{EverySteps: -2, Do: func(*training.Loop) error { return nil }}))
	wantError(t, err, "hooks.Func", "EverySteps is -2")
}
