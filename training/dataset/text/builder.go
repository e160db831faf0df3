package text

import (
	"math"
	"strings"

	"github.com/pkg/errors"
)

// builder makes a Vocabulary word by word.
type builder struct {
	Vocabulary
	all strings.Builder // of text
}

// newBuilder has room for n words of so many bytes together. unknown is the count of Unknown.
func newBuilder(n, size, unknown int) *builder {
	b := &builder{Vocabulary: Vocabulary{ends: make([]uint32, 0, firstWord+n), counts: make([]int, 0, firstWord+n), ids: newIndex(n)}}
	b.all.Grow(len(padName) + len(unknownName) + size)
	b.put(padName, 0)
	b.put(unknownName, unknown)
	return b
}

// bytesOf is the memory that n words take beside their text.
func bytesOf(n int) int64 { return int64(firstWord+n)*(4+8) + 4*int64(slots(n)) }

// add adds the next word.
func (b *builder) add(word string, count int) error {
	if uint64(b.all.Len())+uint64(len(word)) > math.MaxUint32 {
		return errors.New("the words have more than 4 GiB together")
	}
	id, slot := b.ids.find(word, b.word)
	if id != 0 {
		return errors.Errorf("the word %.60q is there twice", word)
	}
	b.ids[slot] = uint32(len(b.ends))
	b.put(word, count)
	return nil
}

func (b *builder) put(word string, count int) {
	b.all.WriteString(word)
	b.text = b.all.String() // of the same memory
	b.ends, b.counts = append(b.ends, uint32(b.all.Len())), append(b.counts, count)
}
