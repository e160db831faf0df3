package text

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// Config says how texts become sequences of ids.
type Config struct {
	Tokenizer Tokenizer
	// Vocabulary numbers the words, as that of the training texts does for those of validation; nil means one of the texts themselves, by Words.
	Vocabulary *Vocabulary
	Words      VocabularyConfig
	Length     int  // of all sequences, 16777216 at most; what is longer is cut off. 0 means that of the longest one
	KeepEnd    bool // cut off the beginning of what is too long, not the end
	SkipEmpty  bool // leave out texts of less than MinTokens tokens; by default one is an error
	MinTokens  int  // that a text wants; 0 means 1
}

// Source is a dataset.Source of texts as sequences of ids: X is float32 [Length], whole numbers from 0 to Vocabulary.Len()-1. New, Lines and
// Folder make one. It may be read by several goroutines at once.
type Source struct {
	Vocabulary *Vocabulary
	Classes    []string // names of the class ids; nil for none

	length int
	ids    []int32 // of all texts, one behind the other, without what fills them up
	starts []int   // where each text begins in ids, and the end
	labels []int64 // nil for none
}

// maxLength is the greatest length of sequences: examples of it have 64 MiB.
const maxLength = 1 << 24

var _ dataset.Labelled = (*Source)(nil)

// New makes a source of texts. labels are their class ids, or nil. A text that is empty, or not UTF-8, is an error that names its number, and
// so is a vocabulary of less than two words.
func New(texts []string, labels []int64, cfg Config) (*Source, error) {
	s, err := newSource(texts, labels, func(i int) string { return fmt.Sprintf("text %d", i) }, cfg)
	return s, errors.WithMessage(err, "text: New")
}

// newSource is New where name is what a text is called in errors.
func newSource(texts []string, labels []int64, name func(i int) string, cfg Config) (*Source, error) {
	switch {
	case len(texts) == 0:
		return nil, errors.New("wanted one text or more, came none")
	case labels != nil && len(labels) != len(texts):
		return nil, errors.Errorf("wanted a label for each of %d texts, or nil, came %d labels", len(texts), len(labels))
	case cfg.Length < 0 || cfg.Length > maxLength || cfg.MinTokens < 0:
		return nil, errors.Errorf("wanted a Length of 0 to %d and MinTokens of 0 or more, came %d and %d", maxLength, cfg.Length, cfg.MinTokens)
	case cfg.Length > 0 && cfg.MinTokens > cfg.Length:
		return nil, errors.Errorf("wanted at least as many tokens in a sequence as MinTokens, %d, came a Length of %d", cfg.MinTokens, cfg.Length)
	case cfg.Vocabulary != nil && cfg.Vocabulary.Len() < firstWord+2:
		return nil, errors.New("the Vocabulary is empty")
	case cfg.Vocabulary != nil && cfg.Words != (VocabularyConfig{}):
		return nil, errors.Errorf("Words is %+v, but there is a Vocabulary already; want one of the two", cfg.Words)
	}
	if i := slices.IndexFunc(labels, func(l int64) bool { return l < 0 }); i >= 0 {
		return nil, errors.Errorf("%s has the label %d; wanted a class id of 0 or more", name(i), labels[i])
	}
	s := &Source{Vocabulary: cfg.Vocabulary, length: cfg.Length}
	all, err := s.tokens(texts, labels, name, cfg)
	if err != nil {
		return nil, err
	}
	if s.Vocabulary == nil {
		counts := map[string]int{}
		for _, tokens := range all {
			for _, token := range tokens {
				counts[token]++
			}
		}
		if s.Vocabulary, err = newVocabulary(counts, cfg.Words); err != nil {
			return nil, err
		}
	}
	s.starts = make([]int, 1, len(all)+1)
	longest := 0
	for _, tokens := range all {
		n := len(tokens)
		if cfg.Length > 0 {
			n = min(n, cfg.Length)
		}
		longest = max(longest, n)
		s.starts = append(s.starts, s.starts[len(s.starts)-1]+n)
	}
	if longest > maxLength {
		return nil, errors.Errorf("the longest text has %d tokens; wanted at most %d: set Length to cut off what is longer", longest, maxLength)
	}
	if s.length == 0 {
		s.length = longest
	}
	s.ids = make([]int32, s.starts[len(all)])
	for i, tokens := range all {
		s.Vocabulary.Encode(s.row(i), tokens, cfg.KeepEnd)
	}
	return s, nil
}

// tokens takes the texts apart, and keeps the labels of those that stay.
func (s *Source) tokens(texts []string, labels []int64, name func(i int) string, cfg Config) ([][]string, error) {
	var all [][]string
	least := max(1, cfg.MinTokens)
	for i, text := range texts {
		tokens, err := cfg.Tokenizer.Tokens(text)
		if err != nil {
			return nil, errors.WithMessage(err, name(i))
		}
		if len(tokens) < least {
			if !cfg.SkipEmpty {
				return nil, errors.Errorf("%s has %d tokens; wanted %d or more: set SkipEmpty to leave such texts out", name(i), len(tokens), least)
			}
			continue
		}
		all = append(all, tokens)
		if labels != nil {
			s.labels = append(s.labels, labels[i])
		}
	}
	if len(all) == 0 {
		return nil, errors.Errorf("none of the %d texts has %d tokens or more", len(texts), least)
	}
	return all, nil
}

// row are the ids of a text.
func (s *Source) row(i int) []int32 { return s.ids[s.starts[i]:s.starts[i+1]] }

// Len is how many texts there are.
func (s *Source) Len() int {
	if s == nil {
		return 0
	}
	return max(0, len(s.starts)-1)
}

// SequenceLength is the length of all sequences.
func (s *Source) SequenceLength() int { return s.length }

// Tokens is how many tokens of text i, from 0 to Len()-1, are in its sequence. Beyond, it and Text panic, as indexing a slice does.
func (s *Source) Tokens(i int) int { return len(s.row(i)) }

// Text returns the tokens of text i as the vocabulary knows them, with spaces between: what a network sees of it.
func (s *Source) Text(i int) string {
	row := s.row(i)
	words := make([]string, len(row))
	for k, id := range row {
		words[k] = s.Vocabulary.Word(int(id))
	}
	return strings.Join(words, " ")
}

// Labels returns the class id of each text, [n]; nil for none. It is not to be changed.
func (s *Source) Labels() []int64 { return s.labels }

// Read fills e with the ids of text e.Index.
func (s *Source) Read(e *dataset.Example) error {
	if e.Index < 0 || e.Index >= s.Len() {
		return errors.Errorf("wanted a text from 0 to %d, came %d", s.Len()-1, e.Index)
	}
	x := e.Resize(s.length)
	row := s.row(e.Index)
	for k, id := range row {
		x[k] = float32(id)
	}
	clear(x[len(row):]) // Pad
	e.Label, e.Target = -1, nil
	if s.labels != nil {
		e.Label = s.labels[e.Index]
	}
	return nil
}

// Fingerprint writes the ids and labels. See dataset.Fingerprint.
func (s *Source) Fingerprint(w io.Writer) error {
	fmt.Fprintf(w, "texts %d %d %d\n", s.Len(), s.length, s.Vocabulary.Len())
	for i := range s.Len() {
		fmt.Fprint(w, len(s.row(i)), " ")
	}
	if err := binary.Write(w, binary.LittleEndian, s.ids); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, s.labels)
}

// String says how many texts there are, and of how many tokens, such as
//
//	1000 texts of 12000 tokens, 3 % of them unknown, in sequences of 40; 2000 ids
func (s *Source) String() string {
	if s.Len() == 0 {
		return "no texts"
	}
	tokens, unknown := len(s.ids), 0
	for _, id := range s.ids {
		if id == Unknown {
			unknown++
		}
	}
	text := fmt.Sprintf("%d texts of %d tokens, %.0f %% of them unknown, in sequences of %d; %d ids",
		s.Len(), tokens, 100*float64(unknown)/float64(max(1, tokens)), s.length, s.Vocabulary.Len())
	if len(s.Classes) > 0 {
		text += "; classes " + strings.Join(s.Classes, ", ")
	}
	return text
}
