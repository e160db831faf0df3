package hooks

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/internal/tffile"
	"github.com/plexaura/plexaura/training"
)

// Checkpoint saves the training now and then and at its end, also when it was stopped or its
// context cancelled, and, with Resume, goes on from the newest checkpoint: with the bits that an
// uninterrupted training has. For that it stores all variables (weights, statistics, the
// optimizer's slots, the global step, the counter of random draws) and Loop.State: where the loop,
// the data and the hooks stand.
//
// What it saves are states to go on from, so the end's is that before hooks.EarlyStopping restores
// the best weights; to save only those, set EarlyStopping.Path.
type Checkpoint struct {
	training.NoHook

	// Path is that of the checkpoints without their number, such as "run1/model.ckpt"; required.
	// The folder is made.
	Path string
	// Resume takes up the newest whole checkpoint in the folder of Path, if there is one. Data must
	// implement training.State then.
	Resume bool

	EverySteps  int           // after each so many steps; 0: not by steps
	EveryEpochs int           // after each so many epochs; 0: not by epochs, or after each one if EverySteps and Every are 0 too
	Every       time.Duration // after the step at which so much time has passed since the last; 0: not by time

	// Vars are the variables; nil: all of the graph. Less than all cannot be resumed exactly.
	Vars gorgonia.Nodes
	// Saver says how many checkpoints are kept, and so on. Its State is added to the training's.
	// Its GlobalStep is not used: the number in a name is Loop.GlobalStep.
	Saver training.SaverConfig

	saver   *training.Saver
	saved   time.Time
	at      moment // of the last save
	resumed string
}

// moment is a place between two steps.
type moment struct {
	step  int
	ended bool // behind the end of the epoch
}

// Resumed returns the path of the checkpoint that the training went on from, "" if it began anew.
func (h *Checkpoint) Resumed() string { return h.resumed }

// Restore prepares the Saver and goes back to the newest whole checkpoint.
func (h *Checkpoint) Restore(l *training.Loop) error {
	return errors.WithMessage(h.restore(l), "hooks.Checkpoint")
}

func (h *Checkpoint) restore(l *training.Loop) error {
	if h.Path == "" {
		return errors.New("Path is empty; want something like \"run1/model.ckpt\"")
	}
	if h.Every < 0 {
		return errors.Errorf("Every is %v; want 0 (not by time) or more", h.Every)
	}
	if err := checkEvery(h.EverySteps, h.EveryEpochs); err != nil {
		return err
	}
	dir := filepath.Dir(h.Path)
	for _, other := range l.Config().Hooks {
		if c, ok := other.(*Checkpoint); ok && c != h && filepath.Dir(c.Path) == dir {
			return errors.Errorf("%s is in the folder of another one's %s, and each would forget the other's checkpoints; give each a folder of its own", h.Path, c.Path)
		}
	}
	if err := writable(dir); err != nil {
		return err
	}
	vars := h.Vars
	if vars == nil {
		vars = l.Session().Graph().Variables()
	}
	cfg := h.Saver
	cfg.State = l.State()
	for name, st := range h.Saver.State {
		if cfg.State[name] != nil {
			return errors.Errorf("Saver.State has %q, which is a name of the training's own", name)
		}
		cfg.State[name] = st
	}
	h.saver, h.resumed = training.NewSaver(vars, cfg), ""
	if h.Resume {
		if _, ok := l.Data().(training.State); !ok {
			return errors.Errorf("Resume wants Data to say where it stands, but %T has no MarshalBinary and UnmarshalBinary (training.State)", l.Data())
		}
		if err := h.resume(l, dir); err != nil {
			return err
		}
	}
	h.saved, h.at = time.Now(), here(l)
	return nil
}

// resume restores the newest checkpoint of the folder whose files are whole.
func (h *Checkpoint) resume(l *training.Loop, dir string) error {
	err := h.saver.Continue(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the first run
	}
	if err != nil {
		return err
	}
	var damaged error
	paths := h.saver.Checkpoints()
	for _, path := range slices.Backward(paths) {
		if err := whole(path); err != nil {
			if damaged == nil {
				damaged = err
			}
			continue
		}
		if err := h.saver.Restore(l.Session(), path); err != nil {
			var differs *training.RestoreError
			if errors.As(err, &differs) {
				return &resumeError{differs}
			}
			return err
		}
		h.resumed = path
		return nil
	}
	return errors.WithMessagef(damaged, "none of the %d checkpoints of %s can be read; the newest", len(paths), dir)
}

// resumeError says what can be done about a checkpoint of another training.
type resumeError struct{ cause *training.RestoreError }

func (e *resumeError) Error() string {
	return e.cause.Problem() + "; resuming wants the graph, the hooks and the data of then: give these, or Path another folder"
}

func (e *resumeError) Unwrap() error { return e.cause }

// whole reads a checkpoint to see that nothing of it is damaged.
func whole(path string) error {
	r, err := tffile.Open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	for _, name := range r.Names() {
		if _, err := r.Read(name); err != nil {
			return err
		}
	}
	return nil
}

// writable reports a folder in which no file can be made. It makes the folder.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".writable")
	if err != nil {
		return errors.Wrapf(err, "cannot write into %s", dir)
	}
	return errors.WithStack(cmp.Or(f.Close(), os.Remove(f.Name())))
}

func here(l *training.Loop) moment { return moment{l.Step(), l.EpochEnded()} }

// Save stores the training if it is due, or at its end.
func (h *Checkpoint) Save(l *training.Loop) error {
	now := here(l)
	if now == h.at || !l.Over() && !h.due(l) {
		return nil
	}
	if _, err := h.saver.SaveStep(l.Session(), h.Path, l.GlobalStep()); err != nil {
		return errors.WithMessage(err, "hooks.Checkpoint")
	}
	h.saved, h.at = time.Now(), now
	return nil
}

func (h *Checkpoint) due(l *training.Loop) bool {
	if h.Every > 0 && time.Since(h.saved) >= h.Every {
		return true
	}
	if !l.EpochEnded() {
		return dueStep(l, h.EverySteps)
	}
	return (h.Every == 0 || h.EveryEpochs > 0) && dueEpoch(l, h.EverySteps, h.EveryEpochs)
}
