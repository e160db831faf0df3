package tffile

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/wholefile"
)

// StateFile is the name of the file that lists the checkpoints of a folder.
const StateFile = "checkpoint"

// maxStateSize bounds what is read of a state file.
const maxStateSize = 16 << 20

// State lists the checkpoints of a folder: the CheckpointState message of
// tensorflow/python/training/checkpoint_state.proto, which the file "checkpoint" holds as text.
type State struct {
	// Latest is the prefix of the newest checkpoint (model_checkpoint_path).
	Latest string
	// All holds the prefixes of all checkpoints that are kept, oldest first
	// (all_model_checkpoint_paths).
	All []string
	// Timestamps holds the time of each of All in seconds since 1970; it may be empty
	// (all_model_checkpoint_timestamps).
	Timestamps []float64
	// LastPreserved is the time of the newest checkpoint that is kept for good, for
	// keep_checkpoint_every_n_hours; 0 when not stored (last_preserved_timestamp).
	LastPreserved float64
	// RelativePaths makes WriteState store absolute paths relative to the folder too, so that it
	// can be moved: the option save_relative_paths of tf.train.Saver. ReadState leaves it false.
	RelativePaths bool
}

// ReadState reads the state file of dir. Relative paths in it mean relative to dir and are returned
// joined with dir; as tf.train.get_checkpoint_state does. A missing file gives an error for which
// errors.Is(err, fs.ErrNotExist) holds.
func ReadState(dir string) (State, error) {
	path := filepath.Join(dir, StateFile)
	info, err := os.Stat(path)
	if err != nil {
		return State{}, errors.Wrap(err, "checkpoint state")
	}
	if info.Size() > maxStateSize {
		return State{}, errors.Errorf("checkpoint state %s: %d bytes, a list of checkpoints has at most %d", path, info.Size(), maxStateSize)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return State{}, errors.Wrap(err, "checkpoint state")
	}
	if dir == "" {
		dir = "."
	}
	s, err := parseState(string(text), dir)
	if err != nil {
		return State{}, errors.Wrapf(err, "checkpoint state %s", path)
	}
	return s, nil
}

// WriteState replaces the state file of dir, at once or not at all. As in TensorFlow, an absolute
// path is stored as it is (but see RelativePaths), a relative one, which means relative to the
// working directory, is stored relative to dir, and Latest is appended to All when it is not in it.
// It fails without Latest, and when there are Timestamps, but not one for each of All.
func WriteState(dir string, s State) error {
	path := filepath.Join(dir, StateFile)
	if s.Latest == "" {
		return errors.Errorf("checkpoint state %s: the path of the latest checkpoint is wanted, it is empty", path)
	}
	all := append([]string(nil), s.All...)
	if !slices.Contains(all, s.Latest) {
		all = append(all, s.Latest)
	}
	if len(s.Timestamps) > 0 && len(s.Timestamps) != len(all) {
		return errors.Errorf("checkpoint state %s: %d timestamps for %d checkpoints, give one each or none", path, len(s.Timestamps), len(all))
	}
	absDir, err := filepath.Abs(dir)
	if err != nil {
		return errors.Wrapf(err, "checkpoint state %s", path)
	}
	store := func(p string) (string, error) {
		if filepath.IsAbs(p) && !s.RelativePaths {
			return p, nil
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return "", err
		}
		rel, err := filepath.Rel(absDir, abs)
		if err != nil {
			return abs, nil // another drive
		}
		return filepath.ToSlash(rel), nil
	}
	out := State{Timestamps: s.Timestamps, LastPreserved: s.LastPreserved}
	if out.Latest, err = store(s.Latest); err != nil {
		return errors.Wrapf(err, "checkpoint state %s", path)
	}
	for _, p := range all {
		p, err := store(p)
		if err != nil {
			return errors.Wrapf(err, "checkpoint state %s", path)
		}
		out.All = append(out.All, p)
	}
	return errors.Wrapf(replaceFile(path, []byte(formatState(out))), "checkpoint state %s", path)
}

// replaceFile writes path so that a crash leaves either the old contents or the new.
func replaceFile(path string, b []byte) error {
	temp := path + tempSuffix
	if err := writeSynced(temp, b); err != nil {
		removeFiles(temp)
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		removeFiles(temp)
		return err
	}
	return wholefile.SyncParent(path)
}
