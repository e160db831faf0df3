package graph

import (
	"gorgonia.org/gorgonia"
)

// Versions returns for each variable a number that grows with every write: by a Run, Init, SetValue or a Saver. Where it is the same at two moments, so
// was the value between them. All are of one moment; the numbers say nothing to another session. A node that is no variable is an error.
func (s *Session) Versions(vars ...*gorgonia.Node) ([]uint64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, errClosed
	}
	versions := make([]uint64, len(vars))
	for i, v := range vars {
		c, err := s.variableCell(v)
		if err != nil {
			return nil, err
		}
		versions[i] = c.version
	}
	return versions, nil
}
