// Package budget bounds the memory that the description of a file takes: its nodes, names and shapes, which a hostile file makes of a few bytes each.
package budget

import "github.com/pkg/errors"

// A reader takes at most four times the bytes of its file and 16 MiB, since a few megabytes harm nobody and small files have the longest
// descriptions. A part of that is left to what the garbage collector has not yet collected.
const (
	times  = 4
	beside = 8 << 20
)

// Budget is what is left of the memory that a file may take. One that is nil is unbounded. It is for one goroutine.
type Budget struct{ size, left int64 }

// Of returns the budget of a file of so many bytes.
func Of(size int64) *Budget {
	const most = 1 << 60
	return &Budget{size, times*min(size, most/times) + beside}
}

// Take takes bytes, before they are allocated. It is an error where so many are not left; then they are not taken.
func (b *Budget) Take(bytes int64) error {
	switch {
	case b == nil:
		return nil
	case bytes > b.left:
		return errors.Errorf("what the file describes takes much more memory than its %d bytes: it is damaged, or made to exhaust memory", b.size)
	}
	b.left -= bytes
	return nil
}
