package training

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// Report compares a checkpoint with a Saver's variables, by names in the
// checkpoint.
type Report struct {
	Restored   []string   // were given to their variables
	Missing    []string   // wanted by the Saver, not in the checkpoint
	Mismatched []Mismatch // of another dtype or shape
	Unused     []string   // in the checkpoint, not wanted by the Saver
}

// Mismatch is a value that does not fit its variable.
type Mismatch struct {
	Name   string // in the checkpoint
	Stored string // what the checkpoint holds, as "float32[784, 300]"
	Want   string // what the variable is
}

// String lists the report, one line for each kind that occurs.
func (r Report) String() string {
	var b strings.Builder
	list := func(kind string, names []string) {
		if len(names) > 0 {
			fmt.Fprintf(&b, "%s (%d): %s\n", kind, len(names), strings.Join(names, ", "))
		}
	}
	list("restored", r.Restored)
	list("missing", r.Missing)
	var pairs []string
	for _, m := range r.Mismatched {
		pairs = append(pairs, m.String())
	}
	list("mismatched", pairs)
	list("unused", r.Unused)
	return b.String()
}

// String formats the mismatch.
func (m Mismatch) String() string {
	return fmt.Sprintf("%s is %s in the checkpoint, %s in the graph", m.Name, m.Stored, m.Want)
}

// RestoreError says what of a checkpoint does not fit the variables. Nothing
// was changed.
type RestoreError struct {
	Path   string
	Report Report
}

// Error names what is missing and what does not fit, and what to do.
func (e *RestoreError) Error() string {
	return e.Problem() + " (RestoreSubset restores what fits, SaverConfig.Rename maps names)"
}

// Problem is Error without what to do.
func (e *RestoreError) Problem() string {
	var parts []string
	if n := len(e.Report.Missing); n > 0 {
		shown := e.Report.Missing[:min(n, 8)]
		var names []string
		for _, name := range shown {
			names = append(names, name+near(name, e.Report.Unused))
		}
		if n > len(shown) {
			names = append(names, fmt.Sprintf("and %d more", n-len(shown)))
		}
		parts = append(parts, "the checkpoint has no "+strings.Join(names, ", "))
	}
	for i, m := range e.Report.Mismatched {
		if i == 8 {
			parts = append(parts, fmt.Sprintf("and %d more differ", len(e.Report.Mismatched)-i))
			break
		}
		parts = append(parts, m.String())
	}
	return fmt.Sprintf("restore %s: %s; nothing was changed", e.Path, strings.Join(parts, "; "))
}

// near finds a stored name that is the wanted one but for a scope before it.
func near(name string, unused []string) string {
	for _, u := range unused {
		if strings.HasSuffix(u, "/"+name) || strings.HasSuffix(name, "/"+u) {
			return " (but " + u + ")"
		}
	}
	return ""
}

// Restore gives the Saver's variables the values that they have in a
// checkpoint, all or, with an error, none: a *RestoreError lists variables that
// are missing there or have another dtype or shape. Every value's checksum is
// verified before anything changes. path is what Save returned, without
// ".index"; see Latest. Tensors that no variable wants are ignored. The states
// of SaverConfig.State count as variables do: one that is missing is an error
// here, and RestoreSubset reports it and leaves it as it is.
func (s *Saver) Restore(sess *graph.Session, path string) error {
	_, err := s.restore(sess, path, true)
	return err
}

// RestoreSubset restores those variables that fit and reports the others. That
// none fits is an error, a *RestoreError.
func (s *Saver) RestoreSubset(sess *graph.Session, path string) (Report, error) {
	return s.restore(sess, path, false)
}

func (s *Saver) restore(sess *graph.Session, path string, strict bool) (Report, error) {
	entries, err := s.entries(sess)
	if err != nil {
		return Report{}, errors.Wrapf(err, "restore %s", path)
	}
	r, err := tffile.Open(path)
	if err != nil {
		return Report{}, errors.Wrap(err, "restore")
	}
	defer r.Close()
	report, found, states := compare(r, entries, s.cfg.State)
	if strict && len(report.Missing)+len(report.Mismatched) > 0 || len(found) == 0 {
		report.Restored = nil
		return report, &RestoreError{path, report}
	}
	values := make(map[*gorgonia.Node]interface{}, len(found))
	for _, e := range found {
		t, err := r.Read(e.key)
		if err == nil {
			values[e.variable], err = loaded(t, graph.SpecOf(e.variable))
		}
		if err != nil {
			report.Restored = nil
			return report, errors.Wrap(err, "restore")
		}
	}
	undo, err := loadStates(r, s.cfg.State, states)
	if err == nil {
		err = sess.SetValues(values)
	}
	if err != nil {
		undo()
		report.Restored = nil
		return report, errors.Wrapf(err, "restore %s", path)
	}
	return report, nil
}

// compare finds the entries and states that the checkpoint has and that fit.
func compare(r *tffile.Reader, entries []entry, states map[string]State) (report Report, found []entry, foundStates []string) {
	wanted := map[string]bool{}
	for _, e := range entries {
		wanted[e.key] = true
		sp := graph.SpecOf(e.variable)
		have, ok := r.Entry(e.key)
		switch {
		case !ok:
			report.Missing = append(report.Missing, e.key)
		case !fitting(have, sp):
			report.Mismatched = append(report.Mismatched, Mismatch{e.key, describe(have), sp.String()})
		default:
			report.Restored = append(report.Restored, e.key)
			found = append(found, e)
		}
	}
	foundStates = compareStates(r, states, &report)
	for name := range states {
		wanted[statePrefix+name] = true
	}
	for _, name := range r.Names() {
		if !wanted[name] {
			report.Unused = append(report.Unused, name)
		}
	}
	return report, found, foundStates
}
