package training

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// SaverConfig configures a Saver. The zero value has TensorFlow's defaults.
type SaverConfig struct {
	// MaxToKeep is how many checkpoints stay on disk: a Save beyond it deletes
	// the oldest that this Saver has written. Default 5; KeepAll keeps all.
	MaxToKeep int
	// KeepEvery keeps one checkpoint for good for every such time of training,
	// beyond MaxToKeep. Default: none (keep_checkpoint_every_n_hours).
	KeepEvery time.Duration
	// GlobalStep, an integer variable, puts its value into the name:
	// "model.ckpt" is saved as "model.ckpt-1000".
	GlobalStep *gorgonia.Node
	// Rename gives variables another name in the checkpoint than their own; a
	// variable that is not in the Saver's list is added to it.
	// Rename: map[string]*gorgonia.Node{"weights1": kernel}.
	Rename map[string]*gorgonia.Node
	// RelativePaths stores paths relative to the folder in its state file, so
	// that the folder can be moved (save_relative_paths).
	RelativePaths bool
	// State is stored and restored with the variables, each under
	// "training_state/" and its name here: Loop.State() for exact resume.
	State map[string]State
}

// KeepAll is the MaxToKeep that never deletes a checkpoint.
const KeepAll = -1

// Saver writes variables to checkpoints and reads them back (tf.train.Saver,
// torch.save). The files are TensorFlow's V2 format, so either reads the
// other's: NAME.index, NAME.data-00000-of-00001, and the folder's state file
// "checkpoint", which lists the checkpoints kept. The graph (.meta) is not
// written: transfer/tensorflow's Save does that too. As in TensorFlow, the state file lists what the Saver that wrote it
// keeps: give two Savers a folder each. A Saver may be used by several
// goroutines, and while the session trains.
type Saver struct {
	vars gorgonia.Nodes
	cfg  SaverConfig
	now  func() time.Time

	mu        sync.Mutex
	kept      []checkpoint // oldest first
	preserved time.Time    // when the newest one that KeepEvery preserves was written
	doomed    []string     // to be deleted
}

// checkpoint is one that the Saver has written.
type checkpoint struct {
	path    string
	written time.Time
}

// NewSaver returns a Saver of these variables: g.ModelVariables() for the model
// alone, g.Variables() to continue the training as well, with the optimizer's
// slots and the global step. A mistake in the arguments, such as an empty list,
// is reported by Save and Restore.
func NewSaver(vars gorgonia.Nodes, cfg SaverConfig) *Saver {
	if cfg.MaxToKeep == 0 {
		cfg.MaxToKeep = 5
	}
	s := &Saver{vars: append(gorgonia.Nodes(nil), vars...), cfg: cfg, now: time.Now}
	s.preserved = s.now()
	return s
}

// Save writes the values that the variables have at one moment to a checkpoint
// and returns its path: the given one, such as "run1/model.ckpt", with the
// value of the config's GlobalStep if there is one. The folder is made if need
// be (TensorFlow wants it to exist). The files are complete and synced before
// they replace an older checkpoint of that name; then the state file is
// written, and the checkpoints beyond MaxToKeep are deleted. A variable without
// a value is an error that names it.
//
// When only the state file or a deletion fails, the path comes with the error;
// the next Save tries again.
func (s *Saver) Save(sess *graph.Session, path string) (string, error) {
	path, err := s.save(sess, path, nil)
	return path, errors.Wrapf(err, "save %s", path)
}

// SaveStep is Save with a number in the name: "model.ckpt" and 1000 make
// "model.ckpt-1000", whatever the config's GlobalStep.
func (s *Saver) SaveStep(sess *graph.Session, path string, step int64) (string, error) {
	path, err := s.save(sess, path, &step)
	return path, errors.Wrapf(err, "save %s", path)
}

// save does the work; the path that it returns beside an error of writing is
// the intended one.
func (s *Saver) save(sess *graph.Session, path string, step *int64) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := s.entries(sess)
	if err != nil {
		return path, err
	}
	if base := filepath.Base(path); path == "" || base == "." || base == ".." || os.IsPathSeparator(path[len(path)-1]) {
		return path, errors.Errorf("the path %q names no file; want something like \"run1/model.ckpt\"", path)
	}
	vars := make(gorgonia.Nodes, len(entries))
	for i, e := range entries {
		vars[i] = e.variable
	}
	if step == nil && s.cfg.GlobalStep != nil {
		if err := checkGlobalStep(sess.Graph(), s.cfg.GlobalStep); err != nil {
			return path, err
		}
		vars = append(vars, s.cfg.GlobalStep)
	}
	values, err := sess.Values(vars...)
	if err != nil {
		return path, err
	}
	if len(vars) > len(entries) {
		n := integer(values[len(entries)])
		step = &n
	}
	if step != nil {
		if *step < 0 {
			return path, errors.Errorf("the step is %d; want 0 or more", *step)
		}
		path = fmt.Sprintf("%s-%d", path, *step)
	}
	tensors := make([]tffile.Tensor, len(entries))
	for i, e := range entries {
		if tensors[i], err = stored(e.key, values[i]); err != nil {
			return path, err
		}
	}
	states, err := storedStates(s.cfg.State)
	if err != nil {
		return path, err
	}
	tensors = append(tensors, states...)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return path, err
	}
	if err := tffile.Write(path, tensors); err != nil {
		return path, err
	}
	s.record(path)
	if err := s.writeState(filepath.Dir(path)); err != nil {
		return path, errors.Wrap(err, "the checkpoint is written, but not its state file")
	}
	return path, s.deleteOld()
}

// record enters a checkpoint into the list and takes out what is too old.
func (s *Saver) record(path string) {
	now := s.now()
	same := func(c checkpoint) bool { return c.path == path }
	s.kept = append(slices.DeleteFunc(s.kept, same), checkpoint{path, now})
	s.doomed = slices.DeleteFunc(s.doomed, func(p string) bool { return p == path })
	for s.cfg.MaxToKeep > 0 && len(s.kept) > s.cfg.MaxToKeep {
		old := s.kept[0]
		s.kept = s.kept[1:]
		if s.cfg.KeepEvery > 0 && old.written.After(s.preserved.Add(s.cfg.KeepEvery)) {
			s.preserved = old.written
			continue
		}
		s.doomed = append(s.doomed, old.path)
	}
}

// writeState writes the state file of a folder.
func (s *Saver) writeState(dir string) error {
	st := tffile.State{Latest: s.kept[len(s.kept)-1].path, RelativePaths: s.cfg.RelativePaths}
	for _, c := range s.kept {
		st.All = append(st.All, c.path)
	}
	if s.cfg.KeepEvery > 0 { // times only where they are needed: older TensorFlows do not know these fields
		st.LastPreserved = seconds(s.preserved)
		for _, c := range s.kept {
			st.Timestamps = append(st.Timestamps, seconds(c.written))
		}
	}
	return tffile.WriteState(dir, st)
}

func seconds(t time.Time) float64 { return float64(t.UnixNano()) / 1e9 }

// deleteOld deletes what is no longer kept; what fails is tried again later.
func (s *Saver) deleteOld() error {
	var failed []string
	var first error
	for _, path := range s.doomed {
		if err := tffile.Remove(path); err != nil {
			failed = append(failed, path)
			if first == nil {
				first = err
			}
		}
	}
	s.doomed = failed
	return errors.Wrap(first, "the checkpoint is written, but an old one is not deleted")
}

// Checkpoints returns the paths of the checkpoints that this Saver has written
// and not deleted, oldest first.
func (s *Saver) Checkpoints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	paths := make([]string, len(s.kept))
	for i, c := range s.kept {
		paths[i] = c.path
	}
	return paths
}

// Continue takes over the checkpoints that the state file of a folder lists, as
// a program does that continues an earlier one's training: MaxToKeep counts
// them from now on. Those that are gone are left out
// (recover_last_checkpoints).
func (s *Saver) Continue(dir string) error {
	st, err := tffile.ReadState(dir)
	if err != nil {
		return errors.Wrapf(err, "continue %s", dir)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []checkpoint
	for i, path := range st.All {
		path, ok := locate(dir, path)
		if !ok || slices.ContainsFunc(s.kept, func(c checkpoint) bool { return c.path == path }) {
			continue
		}
		c := checkpoint{path, s.now()}
		if i < len(st.Timestamps) {
			c.written = time.Unix(0, int64(st.Timestamps[i]*1e9))
		}
		found = append(found, c)
	}
	s.kept = append(found, s.kept...)
	if st.LastPreserved > 0 {
		s.preserved = time.Unix(0, int64(st.LastPreserved*1e9))
	}
	return nil
}

// Variables returns what the Saver saves of a session, by the names in the checkpoint.
func (s *Saver) Variables(sess *graph.Session) (map[string]*gorgonia.Node, error) {
	entries, err := s.entries(sess)
	if err != nil {
		return nil, err
	}
	vars := make(map[string]*gorgonia.Node, len(entries))
	for _, e := range entries {
		vars[e.key] = e.variable
	}
	return vars, nil
}

// entry is a variable and its name in the checkpoint.
type entry struct {
	key      string
	variable *gorgonia.Node
}

// entries lists what is saved, and reports mistakes in NewSaver's arguments.
func (s *Saver) entries(sess *graph.Session) ([]entry, error) {
	if sess == nil {
		return nil, errors.New("the session is nil")
	}
	g := sess.Graph()
	if len(s.vars)+len(s.cfg.Rename) == 0 {
		return nil, errors.Errorf("the Saver's list of variables is empty; g.ModelVariables() gives the model's%s", namesOf(g, g.ModelVariables()))
	}
	renamed := map[*gorgonia.Node]string{}
	keys := make([]string, 0, len(s.cfg.Rename))
	for key := range s.cfg.Rename {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	vars := append(gorgonia.Nodes(nil), s.vars...)
	for _, key := range keys {
		v := s.cfg.Rename[key]
		if other, twice := renamed[v]; twice {
			return nil, errors.Errorf("Rename gives one variable two names, %s and %s", other, key)
		}
		renamed[v] = key
		if !slices.Contains(vars, v) {
			vars = append(vars, v)
		}
	}
	var entries []entry
	taken := map[string]*gorgonia.Node{}
	for _, v := range vars {
		if v == nil {
			return nil, errors.New("one of the Saver's variables is nil")
		}
		if !g.IsVariable(v) {
			return nil, errors.Errorf("%s is not a variable of the session's graph", v.Name())
		}
		key, ok := renamed[v]
		if !ok {
			key = g.NameOf(v)
		}
		switch other := taken[key]; {
		case other == v:
			return nil, errors.Errorf("variable %s is given to the Saver twice", g.NameOf(v))
		case other != nil:
			return nil, errors.Errorf("variables %s and %s would both be saved as %s", g.NameOf(other), g.NameOf(v), key)
		}
		taken[key] = v
		entries = append(entries, entry{key, v})
	}
	return entries, nil
}

// integer reads an integer scalar.
func integer(t *tensor.Dense) int64 {
	switch n := t.Data().(type) {
	case int:
		return int64(n)
	case int32:
		return int64(n)
	case int64:
		return n
	}
	return -1
}
