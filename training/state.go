package training

import (
	"encoding"
	"slices"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/tffile"
)

// State is what a training needs, beside the values of variables, to go on after an interruption as
// if there had been none: where the data stand, the best value that early stopping has seen. What
// has state implements the two methods of package encoding: MarshalBinary writes it, at a moment
// between two steps and in little time; UnmarshalBinary takes it over, or returns an error and
// changes nothing.
//
// SaverConfig.State stores such values in the checkpoint, and Loop.State lists those of a training.
type State interface {
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
}

// statePrefix begins the keys of State in a checkpoint. Each is a scalar of TensorFlow's dtype
// string, whose readers show it as it is.
const statePrefix = "training_state/"

// storedStates marshals states into tensors, in order of their names.
func storedStates(states map[string]State) ([]tffile.Tensor, error) {
	var out []tffile.Tensor
	for _, name := range stateNames(states) {
		if states[name] == nil {
			return nil, errors.Errorf("the state %q is nil", name)
		}
		b, err := states[name].MarshalBinary()
		if err != nil {
			return nil, errors.Wrapf(err, "the state %q", name)
		}
		t, err := tffile.NewStrings(statePrefix+name, nil, []string{string(b)})
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// compareStates finds the states that a checkpoint has.
func compareStates(r *tffile.Reader, states map[string]State, report *Report) (found []string) {
	for _, name := range stateNames(states) {
		key := statePrefix + name
		have, ok := r.Entry(key)
		switch {
		case !ok:
			report.Missing = append(report.Missing, key)
		case have.DType != tffile.String || len(have.Shape) > 0:
			report.Mismatched = append(report.Mismatched, Mismatch{key, describe(have), "string[], a training's state"})
		default:
			report.Restored = append(report.Restored, key)
			found = append(found, name)
		}
	}
	return found
}

// loadStates gives the named states what is stored of them: all or, with an error, none.
func loadStates(r *tffile.Reader, states map[string]State, names []string) (undo func(), err error) {
	var done []func()
	undo = func() {
		for _, f := range done {
			f()
		}
	}
	for _, name := range names {
		t, err := r.Read(statePrefix + name)
		if err != nil {
			return undo, err
		}
		st := states[name]
		if st == nil {
			return undo, errors.Errorf("the state %q is nil", name)
		}
		before, err := st.MarshalBinary()
		if err != nil {
			return undo, errors.Wrapf(err, "the state %q", name)
		}
		if err := st.UnmarshalBinary([]byte(t.Strings[0])); err != nil {
			return undo, errors.Wrapf(err, "the state %q", name)
		}
		done = append(done, func() { _ = st.UnmarshalBinary(before) })
	}
	return undo, nil
}

func stateNames(states map[string]State) []string {
	names := make([]string, 0, len(states))
	for name := range states {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
