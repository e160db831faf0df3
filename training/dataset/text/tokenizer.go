package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pkg/errors"
	"golang.org/x/text/unicode/norm"
)

// Tokenizer takes a text apart into tokens: words, and signs such as punctuation, each by itself. The zero value keeps all of them as they are
// written.
//
// A word is a run of letters, digits and marks of any script, as in Unicode's Standard Annex 29, of which this is the part that needs no
// dictionary: an apostrophe between letters belongs to the word (don't), and so do a full stop and a comma between digits (3.14). Signs of
// Chinese and Japanese that stand for a word or syllable are tokens of their own. Composed and decomposed letters are the same (Unicode's
// form NFC), and a typographic apostrophe within a word is a plain one.
type Tokenizer struct {
	Fold          bool // make letters that differ in case only the same, by Unicode's simple case folding: The becomes the, Σ and ς become σ
	NoPunctuation bool // leave out all tokens that are no words
}

// Tokens returns the tokens of a text in their order; none for a text of white space. Text that is not UTF-8 is an error that names the byte.
func (t Tokenizer) Tokens(text string) ([]string, error) {
	if at := invalid(text); at >= 0 {
		return nil, errors.Errorf("byte %d, 0x%02x, is not UTF-8; convert the text to UTF-8, as from Latin-1, where every byte is a letter", at, text[at])
	}
	s := scanner{Tokenizer: t, runes: []rune(norm.NFC.String(text))}
	for s.at < len(s.runes) {
		s.next()
	}
	return s.tokens, nil
}

// invalid is where a text has the first byte that is not UTF-8; -1 for none.
func invalid(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

// scanner walks over a text.
type scanner struct {
	Tokenizer
	runes  []rune
	at     int
	tokens []string
	ended  int // where the last token that is a sign ended, for the marks on it
	word   strings.Builder
}

// next takes the token at s.at, or what stands between tokens.
func (s *scanner) next() {
	r := s.runes[s.at]
	switch {
	case inWord(r) && !alone(r) && !(unicode.IsMark(r) && s.at > 0 && s.ended == s.at):
		s.takeWord()
	case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		s.at++
	case unicode.IsMark(r): // on a sign, such as the one that gives it colour
		if n := len(s.tokens); !s.NoPunctuation && n > 0 {
			s.tokens[n-1] += string(r)
		}
		s.at++
		s.ended = s.at
	default:
		s.at++
		if alone(r) {
			s.tokens = append(s.tokens, string(s.folded(r)))
		} else if !s.NoPunctuation {
			s.tokens = append(s.tokens, string(r))
		}
		s.ended = s.at
	}
}

// takeWord takes a run of letters, digits and marks.
func (s *scanner) takeWord() {
	s.word.Reset()
	for ; s.at < len(s.runes); s.at++ {
		r := s.runes[s.at]
		switch {
		case inWord(r) && !alone(r):
			s.word.WriteRune(s.folded(r))
		case s.joins(r):
			if r == '’' {
				r = '\''
			}
			s.word.WriteRune(r)
		case r != zeroWidthSpace && unicode.Is(unicode.Cf, r): // a soft hyphen, say
			if r == zeroWidthJoiner || r == zeroWidthNonJoiner {
				s.word.WriteRune(r)
			}
		default:
			s.tokens = append(s.tokens, s.word.String())
			return
		}
	}
	s.tokens = append(s.tokens, s.word.String())
}

const (
	zeroWidthSpace     = '\u200b'
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

// joins tells whether the sign at s.at belongs to the word around it.
func (s *scanner) joins(r rune) bool {
	if s.at == 0 || s.at+1 >= len(s.runes) {
		return false
	}
	before, behind := s.runes[s.at-1], s.runes[s.at+1]
	switch r {
	case '\'', '’':
		return (unicode.IsLetter(before) || unicode.IsMark(before)) && unicode.IsLetter(behind) && !alone(behind)
	case '.', ',':
		return unicode.IsDigit(before) && unicode.IsDigit(behind)
	}
	return false
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '_'
}

// alone tells whether a letter is a token of its own.
func alone(r rune) bool { return unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) }

// folded is the letter that stands for all that differ from r in case only: the small one of the least among them.
func (s *scanner) folded(r rune) rune {
	if !s.Fold {
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return unicode.ToLower(least)
}
