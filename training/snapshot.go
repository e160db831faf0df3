package training

import (
	"bytes"
	"encoding/json"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/internal/tffile"
)

// Snapshot keeps the values that variables had at one moment in memory, to go back to them. It is a
// State, so that it can travel in a checkpoint.
type Snapshot struct {
	vars   gorgonia.Nodes
	names  []string
	values []*tensor.Dense // nil before Take
}

// NewSnapshot returns a snapshot, still empty, of these variables of one graph.
func NewSnapshot(g *graph.Graph, vars gorgonia.Nodes) *Snapshot {
	s := &Snapshot{vars: append(gorgonia.Nodes(nil), vars...)}
	for _, v := range vars {
		s.names = append(s.names, g.NameOf(v))
	}
	return s
}

// Take copies the values that the variables have now. With an error the snapshot stays what it was.
func (s *Snapshot) Take(sess *graph.Session) error {
	if s.values != nil {
		return sess.CopyValues(s.values, s.vars...)
	}
	values, err := sess.Values(s.vars...)
	if err != nil {
		return err
	}
	s.values = values
	return nil
}

// Empty tells that there was no Take, nor a state that had one.
func (s *Snapshot) Empty() bool { return s.values == nil }

// Restore gives the variables the values of the snapshot, all or, with an error, none.
func (s *Snapshot) Restore(sess *graph.Session) error {
	if s.Empty() {
		return errors.New("the snapshot is empty: Take comes first")
	}
	values := make(map[*gorgonia.Node]interface{}, len(s.vars))
	for i, v := range s.vars {
		values[v] = s.values[i]
	}
	return sess.SetValues(values)
}

// snapshotEntry describes a variable in a snapshot's state.
type snapshotEntry struct {
	Name  string
	Shape []int
	DType tffile.DType
	Bytes int
}

// MarshalBinary writes a line of JSON that lists the variables, and behind it their values as a
// checkpoint has them.
func (s *Snapshot) MarshalBinary() ([]byte, error) {
	entries := []snapshotEntry{}
	var data []byte
	for i, v := range s.values {
		t, err := stored(s.names[i], v)
		if err != nil {
			return nil, err
		}
		entries = append(entries, snapshotEntry{t.Name, t.Shape, t.DType, len(t.Data)})
		data = append(data, t.Data...)
	}
	head, err := json.Marshal(entries)
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), data...), nil
}

// UnmarshalBinary takes over what MarshalBinary wrote of variables of the same names, dtypes and
// shapes.
func (s *Snapshot) UnmarshalBinary(b []byte) error {
	head, data, ok := bytes.Cut(b, []byte{'\n'})
	var entries []snapshotEntry
	if err := json.Unmarshal(head, &entries); err != nil || !ok {
		return errors.Errorf("no snapshot of variables: %v", err)
	}
	if len(entries) == 0 {
		s.values = nil
		return nil
	}
	if len(entries) != len(s.vars) {
		return errors.Errorf("the snapshot has %d variables, wanted are %d", len(entries), len(s.vars))
	}
	values := make([]*tensor.Dense, len(entries))
	for i, e := range entries {
		sp := graph.SpecOf(s.vars[i])
		if e.Name != s.names[i] || !fitting(tffile.Entry{DType: e.DType, Shape: e.Shape}, sp) {
			return errors.Errorf("the snapshot has %s %s where %s %v is wanted", e.Name, describe(tffile.Entry{DType: e.DType, Shape: e.Shape}), s.names[i], sp)
		}
		if e.Bytes < 0 || e.Bytes > len(data) {
			return errors.Errorf("the snapshot ends within %s", e.Name)
		}
		var err error
		if values[i], err = loaded(tffile.Tensor{Name: e.Name, DType: e.DType, Shape: e.Shape, Data: data[:e.Bytes]}, sp); err != nil {
			return err
		}
		data = data[e.Bytes:]
	}
	s.values = values
	return nil
}
