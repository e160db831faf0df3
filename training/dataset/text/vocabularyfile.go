package text

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
	"github.com/plexaura/plexaura/internal/wholefile"
)

// fileHeader begins the file of a vocabulary: what follows it are the number of words and the count of Unknown. A line for each word
// follows: its count, a space, the word.
const fileHeader = "plexaura-vocabulary 1 "

// Save writes the vocabulary to a file, whole or not at all: lines of text, a word each, with counts.
func (v *Vocabulary) Save(path string) error {
	if v.Len() == 0 {
		return errors.New("text: Save: the vocabulary is empty")
	}
	return errors.WithMessagef(wholefile.Write(path, v.write), "text: Save %s", path)
}

func (v *Vocabulary) write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s%d %d\n", fileHeader, v.Len()-firstWord, v.counts[Unknown])
	for id := firstWord; id < v.Len(); id++ {
		fmt.Fprintf(b, "%d %s\n", v.counts[id], v.word(id))
	}
	return errors.WithStack(b.Flush())
}

// OpenVocabulary reads a file that Save wrote: the same words, ids and counts. A file that was cut off or changed is an error that names the
// line.
func OpenVocabulary(path string) (*Vocabulary, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, errors.WithMessage(err, "text: OpenVocabulary")
	}
	v, err := parseVocabulary(text)
	return v, errors.WithMessagef(err, "text: OpenVocabulary %s", path)
}

// readFile is os.ReadFile as a string, without another copy.
func readFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var b strings.Builder
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		b.Grow(int(info.Size()))
	}
	_, err = io.Copy(&b, f)
	return b.String(), err
}

func parseVocabulary(text string) (*Vocabulary, error) {
	line, text, _ := strings.Cut(text, "\n")
	sizes, ok := strings.CutPrefix(line, fileHeader)
	words, unknown, ok2 := strings.Cut(sizes, " ")
	n, err := strconv.Atoi(words)
	left, err2 := strconv.Atoi(unknown)
	if !ok || !ok2 || err != nil || err2 != nil || n < 2 || n > maxVocabulary-firstWord || left < 0 {
		return nil, errors.Errorf("line 1 is %.60q; wanted %q, the number of words and the count of unknown ones: the file is no vocabulary", line, fileHeader)
	}
	if lines := strings.Count(text, "\n"); lines != n || !strings.HasSuffix(text, "\n") {
		return nil, errors.Errorf("line 1 announces %d words, but %d lines follow that end; the file was cut off or added to", n, lines)
	}
	size := max(0, len(text)-n*len("1 \n")) // of all words, at most
	memory := budget.Of(int64(len(line) + len(text)))
	if err := memory.Take(int64(len(text)) + int64(size) + bytesOf(n)); err != nil {
		return nil, err
	}
	b := newBuilder(n, size, left)
	for at := range n {
		line, text, _ = strings.Cut(text, "\n")
		number, word, _ := strings.Cut(line, " ")
		count, err := strconv.Atoi(number)
		if err != nil || count < 1 || int64(count) > maxCount {
			return nil, errors.Errorf("line %d is %.60q; wanted a count of 1 to %d, a space and a word", at+2, line, maxCount)
		}
		if err := checkWord(word); err != nil {
			return nil, errors.WithMessagef(err, "line %d", at+2)
		}
		if err := b.add(word, count); err != nil {
			return nil, errors.WithMessagef(err, "line %d", at+2)
		}
	}
	return &b.Vocabulary, nil
}
