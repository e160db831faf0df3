package text

import (
	"hash/maphash"
	"math/bits"
)

// index finds the ids of words: a table with open addressing and linear probing, which takes a quarter of the memory of a map. It does not
// hold the words, which are asked for by their ids. A slot holds an id; 0, which is Pad and no word, where it is free.
type index []uint32

// seed makes it impossible to write a file of words that all have one hash.
var seed = maphash.MakeSeed()

// newIndex has room for so many words.
func newIndex(words int) index { return make(index, slots(words)) }

// slots is how many slots there are for so many words: a fifth of them stay free.
func slots(words int) int { return words + words/4 + 1 }

// find returns the id of a word and its slot; of a word that is not there 0 and the slot that it would take.
func (x index) find(word string, wordOf func(id int) string) (id, slot int) {
	high, _ := bits.Mul64(maphash.String(seed, word), uint64(len(x)))
	slot = int(high)
	for x[slot] != 0 {
		if id := int(x[slot]); wordOf(id) == word {
			return id, slot
		}
		if slot++; slot == len(x) {
			slot = 0
		}
	}
	return 0, slot
}
