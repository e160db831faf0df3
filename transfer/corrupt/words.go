package corrupt

import (
	"math/rand/v2"
	"sort"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/text"
)

// ReplaceConfig says what ReplaceWords puts in.
type ReplaceConfig struct {
	Words int // that are replaced, at different places; 0 means 1
	// ByCount draws new words in proportion to how often the vocabulary counted them, so that what is spoilt is not told by rare words; by
	// default all words are equally likely, as in the paper.
	ByCount bool
}

// ReplaceWords puts other words of the vocabulary in place of words of a sentence, as Collobert and Weston, "A unified architecture for natural
// language processing" (2008), make what a language model must score below what was written. Places are drawn among all words of the
// sentence; the new word is never the old one, nor text.Unknown.
//
// The example is a sequence of ids, [length], that text.Pad fills up, as package dataset/text makes them. A sentence of less words than are to be
// replaced is an error of the example.
func ReplaceWords(v *text.Vocabulary, cfg ReplaceConfig) dataset.Transform {
	if cfg.Words == 0 {
		cfg.Words = 1
	}
	var err error
	switch {
	case v.Len() < firstWord+2:
		err = errors.New("wanted a vocabulary of two words or more, such as that of a text.Source, came none")
	case cfg.Words < 1:
		err = errors.Errorf("Words: wanted 1 or more (0 means 1), came %d", cfg.Words)
	}
	words := wordDraw{vocabulary: v}
	if err == nil && cfg.ByCount {
		words.sum()
	}
	return onWords("ReplaceWords", err, func(sentence []float32, e *dataset.Example) error {
		if len(sentence) < cfg.Words {
			return errors.Errorf("the sentence has %d words; wanted %d to replace", len(sentence), cfg.Words)
		}
		// Each place that is still to be looked at is taken with the chance that leaves all choices of places equally likely.
		left := cfg.Words
		for i, old := range sentence {
			if left == 0 {
				break
			}
			if e.Rand.IntN(len(sentence)-i) >= left {
				continue
			}
			left--
			sentence[i] = words.other(e.Rand, int(old))
		}
		return nil
	})
}

const firstWord = text.Unknown + 1

// wordDraw draws words of a vocabulary.
type wordDraw struct {
	vocabulary *text.Vocabulary
	sums       []int64 // of counts up to each word; nil: all words are equally likely
}

func (d *wordDraw) sum() {
	sum := int64(0)
	for id := firstWord; id < d.vocabulary.Len(); id++ {
		sum += int64(d.vocabulary.Count(id))
		d.sums = append(d.sums, sum)
	}
}

// other draws a word that is not old.
func (d *wordDraw) other(r *rand.Rand, old int) float32 {
	n, before, count := int64(d.vocabulary.Len()-firstWord), int64(old-firstWord), int64(1)
	if d.sums != nil {
		n, count = d.sums[len(d.sums)-1], int64(d.vocabulary.Count(old))
	}
	if old < firstWord || old >= d.vocabulary.Len() {
		count = 0
	} else if d.sums != nil {
		before = d.sums[old-firstWord] - count
	}
	u := r.Int64N(n - count)
	if count > 0 && u >= before {
		u += count
	}
	if d.sums != nil {
		u = int64(sort.Search(len(d.sums), func(k int) bool { return d.sums[k] > u }))
	}
	return float32(firstWord + u)
}

// SwapConfig says what SwapWords exchanges.
type SwapConfig struct {
	Swaps    int  // how many times two words change places; 0 means 1
	Adjacent bool // only words next to each other
}

// SwapWords exchanges two different words of a sentence. A sentence without two different words, or with Adjacent ones without two that
// stand next to each other, is an error of the example, which is a sequence of ids as for ReplaceWords.
func SwapWords(cfg SwapConfig) dataset.Transform {
	if cfg.Swaps == 0 {
		cfg.Swaps = 1
	}
	var err error
	if cfg.Swaps < 1 {
		err = errors.Errorf("Swaps: wanted 1 or more (0 means 1), came %d", cfg.Swaps)
	}
	return onWords("SwapWords", err, func(words []float32, e *dataset.Example) error {
		for range cfg.Swaps {
			i := e.Rand.IntN(max(1, len(words)))
			j := pick(e.Rand, len(words), func(j int) bool { return words[j] != words[i] })
			if cfg.Adjacent {
				i = pick(e.Rand, len(words)-1, func(i int) bool { return words[i] != words[i+1] })
				j = i + 1
			}
			if i < 0 || j < 0 {
				return errors.Errorf("the sentence has %d words, no two of which are different; wanted two to exchange", len(words))
			}
			words[i], words[j] = words[j], words[i]
		}
		return nil
	})
}

// pick draws one of the numbers from 0 to n-1 that are good, all equally likely; -1 where there is none.
func pick(r *rand.Rand, n int, good func(i int) bool) int {
	count := 0
	for i := range n {
		if good(i) {
			count++
		}
	}
	if count == 0 {
		return -1
	}
	k := r.IntN(count)
	for i := range n {
		if good(i) {
			if k == 0 {
				return i
			}
			k--
		}
	}
	return -1
}

// DropWords takes so many words out of a sentence; those behind move up, and Pad follows. At least one word has to stay: a sentence of n
// words or less is an error of the example, which is a sequence of ids as for ReplaceWords.
func DropWords(n int) dataset.Transform {
	var err error
	if n < 1 {
		err = errors.Errorf("wanted 1 or more words, came %d", n)
	}
	return onWords("DropWords", err, func(words []float32, e *dataset.Example) error {
		if len(words) <= n {
			return errors.Errorf("the sentence has %d words; wanted more than the %d to drop", len(words), n)
		}
		for range n {
			i := e.Rand.IntN(len(words))
			copy(words[i:], words[i+1:])
			words[len(words)-1] = text.Pad
			words = words[:len(words)-1]
		}
		return nil
	})
}

// onWords makes a Transform of a function on the words of a sentence. err is what is wrong with the config.
func onWords(name string, err error, change func(words []float32, e *dataset.Example) error) dataset.Transform {
	return func(e *dataset.Example) error {
		words, err := wordsOf(e, err)
		if err == nil {
			err = change(words, e)
		}
		return errors.WithMessage(err, "corrupt: "+name)
	}
}

// wordsOf are the ids of an example before the first Pad.
func wordsOf(e *dataset.Example, err error) ([]float32, error) {
	switch {
	case err != nil:
		return nil, err
	case e == nil:
		return nil, errors.New("wanted an example, came nil")
	case e.Rand == nil:
		return nil, errNoRand(e)
	case len(e.Shape) != 1 || len(e.X) != e.Shape[0]:
		return nil, errors.Errorf("example %d: wanted a sequence of ids, [length], came shape %v and %d values", e.Index, e.Shape, len(e.X))
	}
	n := len(e.X)
	for i := len(e.X) - 1; i >= 0; i-- {
		switch v := e.X[i]; {
		case !(v >= 0 && v < 1<<24) || v != float32(int32(v)):
			return nil, errors.Errorf("example %d: value %d is %v; wanted the id of a word, a whole number from 0 on", e.Index, i, v)
		case v == text.Pad:
			n = i
		}
	}
	return e.X[:n], nil
}
