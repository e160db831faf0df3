package training

import (
	"reflect"

	"github.com/pkg/errors"
)

// Hook takes part in a training: it looks at each step, writes something down, or ends it. Package
// training/hooks has those that most trainings want; your own embeds NoHook and has the methods it
// needs.
//
// The hooks of a Loop are called in the order in which they are listed, so that one sees what those
// before it recorded, and for End in reverse order. An error ends the training; so does Loop.Stop,
// without one. A hook that implements State as well is saved with checkpoints; it then sets its
// state back in Begin unless UnmarshalBinary was called before.
type Hook interface {
	// Begin is called once, before the first step, with the session as Loop.State was restored into
	// it if it was.
	Begin(l *Loop) error
	// BeforeStep is called with the batch of the step in Loop.Data. Loop.Fetch asks for values of
	// the step.
	BeforeStep(l *Loop) error
	// AfterStep is called when the step is done, with its values in Loop.Loss and Loop.Value.
	AfterStep(l *Loop) error
	// AfterEpoch is called when the data are at the end of an epoch, with means over the epoch in
	// Loop.Logs.
	AfterEpoch(l *Loop) error
	// End is called by Loop.Close, if Begin was called and returned no error: also after errors,
	// which Loop.Err tells.
	End(l *Loop) error
}

// Restorer is a Hook that may give the training the state it had when it was interrupted. Restore
// is called before any hook's Begin.
type Restorer interface {
	Hook
	Restore(l *Loop) error
}

// Keeper is a Hook that stores Loop.State. Save is called when that is the state of one moment:
// when all hooks are through with a step or an epoch, and, with Loop.Over, before the hooks' End,
// if the training did not end in the middle of a step.
type Keeper interface {
	Hook
	Save(l *Loop) error
}

// NoHook is a Hook that does nothing, to be embedded by hooks that need only some of the methods.
type NoHook struct{}

// Begin does nothing.
func (NoHook) Begin(*Loop) error { return nil }

// BeforeStep does nothing.
func (NoHook) BeforeStep(*Loop) error { return nil }

// AfterStep does nothing.
func (NoHook) AfterStep(*Loop) error { return nil }

// AfterEpoch does nothing.
func (NoHook) AfterEpoch(*Loop) error { return nil }

// End does nothing.
func (NoHook) End(*Loop) error { return nil }

// checkHooks reports a hook that is nil, or listed twice: it would be called twice in a step.
func checkHooks(hooks []Hook) error {
	for i, h := range hooks {
		if isNil(h) {
			return errors.Errorf("hook %d is nil", i)
		}
		r := reflect.ValueOf(h)
		if r.Kind() != reflect.Pointer || r.Elem().Type().Size() == 0 { // without memory, two may have one address
			continue
		}
		for k, other := range hooks[:i] {
			if h == other {
				return errors.Errorf("hooks %d and %d are one and the same %T; give each use a hook of its own", k, i, h)
			}
		}
	}
	return nil
}
