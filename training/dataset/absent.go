package dataset

import "github.com/pkg/errors"

// errNoSource is what is said of a nil Source.
var errNoSource = errors.New("source is nil; wanted examples, such as a *Set or what image.Folder returns")

// absent is what Cache and Map make of a nil Source: they return no error, so
// whoever takes their result does.
type absent struct{ err error }

func (absent) Len() int { return 0 }

func (a absent) Read(*Example) error { return a.err }

// sourceErr is not nil where there is no source.
func sourceErr(src Source) error {
	switch s := src.(type) {
	case nil:
		return errNoSource
	case *Set:
		if s == nil {
			return errNoSource
		}
	case absent:
		return s.err
	}
	return nil
}
