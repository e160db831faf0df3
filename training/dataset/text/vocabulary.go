package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// The ids that are no words, and what they are called.
const (
	Pad     = 0 // behind the end of a sequence
	Unknown = 1 // a word that is not in the vocabulary

	padName, unknownName = "<pad>", "<unk>"
)

// firstWord is the id of the first word.
const firstWord = 2

const (
	maxVocabulary       = 1 << 24 // ids that float32 tells apart
	maxCount      int64 = 1 << 38 // of a word, so that the sum of all counts is an int64
)

// VocabularyConfig says which words a Vocabulary has.
type VocabularyConfig struct {
	MinCount int // a word that is counted less often is left out; 0 means 1
	Size     int // ids at most, with Pad and Unknown among them: the most frequent words stay; 0 means no limit
}

// Vocabulary numbers words: Pad is 0, Unknown 1, then come words from the most frequent one on, equally frequent ones in the order of their
// bytes. It does not change once it is made, so several goroutines may use it.
type Vocabulary struct {
	text   string   // the words by id, one behind the other
	ends   []uint32 // by id: where a word ends in text
	counts []int    // by id: of Unknown the count of all words that are left out
	ids    index
}

// Count counts the tokens of texts. A text that cannot be taken apart is an error that names its number.
func Count(texts []string, t Tokenizer) (map[string]int, error) {
	counts := map[string]int{}
	for i, text := range texts {
		tokens, err := t.Tokens(text)
		if err != nil {
			return nil, errors.WithMessagef(err, "text: Count: text %d", i)
		}
		for _, token := range tokens {
			counts[token]++
		}
	}
	return counts, nil
}

// NewVocabulary makes a vocabulary of words by how often each was counted; see Count. That fewer than two words are left is an error: there is
// nothing to tell apart.
func NewVocabulary(counts map[string]int, cfg VocabularyConfig) (*Vocabulary, error) {
	v, err := newVocabulary(counts, cfg)
	return v, errors.WithMessage(err, "text: NewVocabulary")
}

func newVocabulary(counts map[string]int, cfg VocabularyConfig) (*Vocabulary, error) {
	if cfg.MinCount < 0 || cfg.Size < 0 || cfg.Size > 0 && cfg.Size < firstWord+2 || cfg.Size > maxVocabulary {
		return nil, errors.Errorf("wanted a MinCount of 0 or more and a Size of %d to %d, or 0 for no limit, came %d and %d", firstWord+2, maxVocabulary, cfg.MinCount, cfg.Size)
	}
	var words []string
	left := 0
	for word, n := range counts {
		if err := checkWord(word); err != nil {
			return nil, err
		}
		if n < 1 || int64(n) > maxCount {
			return nil, errors.Errorf("the count of %q is %d; wanted 1 to %d", word, n, maxCount)
		}
		if n < cfg.MinCount {
			left += n
			continue
		}
		words = append(words, word)
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b)) })
	most := maxVocabulary
	if cfg.Size > 0 {
		most = cfg.Size
	}
	if most -= firstWord; len(words) > most {
		for _, word := range words[most:] {
			left += counts[word]
		}
		words = words[:most]
	}
	if len(words) < 2 {
		return nil, errors.Errorf("%d of %d words were counted %d times or more; wanted two words at least: take more text, or a smaller MinCount", len(words), len(counts), max(1, cfg.MinCount))
	}
	size := 0
	for _, word := range words {
		size += len(word)
	}
	b := newBuilder(len(words), size, left)
	for _, word := range words {
		if err := b.add(word, counts[word]); err != nil {
			return nil, err
		}
	}
	return &b.Vocabulary, nil
}

// checkWord tells what is wrong with a word.
func checkWord(word string) error {
	switch {
	case word == "":
		return errors.New("one of the words is empty")
	case !utf8.ValidString(word):
		return errors.Errorf("the word %q is not UTF-8", word)
	case word == padName || word == unknownName:
		return errors.Errorf("the word %q stands for what is no word; leave it out", word)
	case strings.ContainsFunc(word, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.Errorf("the word %q has white space or control characters in it", word)
	}
	return nil
}

// Len is the number of ids: that of words and two more.
func (v *Vocabulary) Len() int {
	if v == nil {
		return 0
	}
	return len(v.ends)
}

// ID returns the id of a word; Unknown where it is not in the vocabulary.
func (v *Vocabulary) ID(word string) int {
	if v.Len() == 0 {
		return Unknown
	}
	if id, _ := v.ids.find(word, v.word); id != 0 {
		return id
	}
	return Unknown
}

// Word returns the word of an id: <pad> of Pad, <unk> of Unknown, and of ids beyond the end.
func (v *Vocabulary) Word(id int) string {
	if id < 0 || id >= v.Len() {
		return unknownName
	}
	return v.word(id)
}

func (v *Vocabulary) word(id int) string {
	begin := uint32(0)
	if id > 0 {
		begin = v.ends[id-1]
	}
	return v.text[begin:v.ends[id]]
}

// Count is how often a word was counted; of Unknown how often all words that were left out, of Pad 0.
func (v *Vocabulary) Count(id int) int {
	if id < 0 || id >= v.Len() {
		return 0
	}
	return v.counts[id]
}

// Encode puts the ids of tokens into ids, which is filled up with Pad, and returns how many are there. What is too long is cut off at the
// end, or with keepEnd at the beginning.
func (v *Vocabulary) Encode(ids []int32, tokens []string, keepEnd bool) int {
	if cut := len(tokens) - len(ids); cut > 0 {
		if keepEnd {
			tokens = tokens[cut:]
		} else {
			tokens = tokens[:len(ids)]
		}
	}
	for i, token := range tokens {
		ids[i] = int32(v.ID(token))
	}
	clear(ids[len(tokens):])
	return len(tokens)
}

// String tells of the size, and of the most frequent words.
func (v *Vocabulary) String() string {
	if v.Len() == 0 {
		return "no vocabulary"
	}
	const shown = 10
	var b strings.Builder
	fmt.Fprintf(&b, "%d ids, %d words:", v.Len(), v.Len()-firstWord)
	for id := firstWord; id < min(v.Len(), firstWord+shown); id++ {
		fmt.Fprintf(&b, " %s %d", v.word(id), v.counts[id])
	}
	if v.Len() > firstWord+shown {
		b.WriteString(" ...")
	}
	return b.String()
}
