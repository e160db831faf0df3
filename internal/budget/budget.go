// Package budget bounds the memory that the description of a file takes: its nodes, names and shapes, which a hostile file makes of a few bytes each.
package budget

import "github.com/pkg/errors"

// A reader takes at most four times the bytes of its file and twice Beside, since a few megabytes harm nobody and small files have the longest
// descriptions. Half of that is left to what the garbage collector has not yet collected.
const times = 4

// Beside is how many bytes a budget has more than four times those of its file. It is lowered by tests only, which make do with smaller files then.
var Beside int64 = 8 << 20

// Tensor is what a tensor takes that is described in a file of package weights, beside its name: the description, which is there twice while
// lists grow, its shape, and a place in an index.
const Tensor = 512

// Budget is what is left of the memory that a file may take. One that is nil is unbounded. It is for one goroutine.
type Budget struct{ size, left int64 }

// Of returns the budget of a file of so many bytes.
func Of(size int64) *Budget {
	const most = 1 << 60
	return &Budget{size, times*min(size, most/times) + Beside}
}

// Taking is called by Take, where it is not nil: tests look at the memory that is in use.
var Taking func()

// Take takes bytes, before they are allocated. It is an error where so many are not left; then they are not taken.
func (b *Budget) Take(bytes int64) error {
	if Taking != nil {
		Taking()
	}
	switch {
	case b == nil:
		return nil
	case bytes > b.left:
		return errors.Errorf("what the file describes takes much more memory than its %d bytes: it is damaged, or made to exhaust memory", b.size)
	}
	b.left -= bytes
	return nil
}

// Give gives bytes back that were taken, and are free again.
func (b *Budget) Give(bytes int64) {
	if b != nil {
		b.left += bytes
	}
}

// Add lets another file of so many bytes count too, which is read together with the first.
func (b *Budget) Add(size int64) {
	if b != nil {
		more := Of(size)
		b.size, b.left = b.size+more.size, b.left+more.left-Beside
	}
}
