package text

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/plexaura/plexaura/training/dataset"
)

func TestSource(t *testing.T) {
	texts := []string{"The dog barks.", "A cat", "the dog sees the cat and the cat sees nothing"}
	s, err := New(texts, []int64{0, 1, 0}, Config{Tokenizer: Tokenizer{Fold: true}, Words: VocabularyConfig{MinCount: 2}, Length: 6})
	if err != nil {
		t.Fatal(err)
	}
	// Counts: the 4, cat 3, dog 2, sees 2; the others once.
	if got := s.String(); got != "3 texts of 12 tokens, 33 % of them unknown, in sequences of 6; 6 ids" {
		t.Errorf("the source calls itself %q", got)
	}
	want := [][]float32{{2, 4, 1, 1, 0, 0}, {1, 3, 0, 0, 0, 0}, {2, 4, 5, 2, 3, 1}}
	for i, w := range want {
		e := &dataset.Example{Index: i}
		if err := s.Read(e); err != nil || !slices.Equal(e.X, w) || !slices.Equal(e.Shape, []int{6}) || e.Label != []int64{0, 1, 0}[i] {
			t.Errorf("text %d is %v, shape %v, label %d, %v; want %v", i, e.X, e.Shape, e.Label, err, w)
		}
	}
	if s.Text(2) != "the dog sees the cat <unk>" || s.Tokens(0) != 4 || s.SequenceLength() != 6 || !slices.Equal(s.Labels(), []int64{0, 1, 0}) {
		t.Errorf("text 2 is %q; text 0 has %d tokens in %d; labels %v", s.Text(2), s.Tokens(0), s.SequenceLength(), s.Labels())
	}
	end, err := New(texts, nil, Config{Tokenizer: Tokenizer{Fold: true}, Vocabulary: s.Vocabulary, Length: 3, KeepEnd: true})
	if err != nil || end.Text(2) != "cat sees <unk>" || end.Labels() != nil {
		t.Errorf("the end of text 2 is %q, labels %v, %v", end.Text(2), end.Labels(), err)
	}
	longest, err := New(texts, nil, Config{})
	if err != nil || longest.SequenceLength() != 10 {
		t.Errorf("%v, %v; want the length of the longest text, 10", longest, err)
	}
	for _, i := range []int{-1, 3} {
		wantError(t, s.Read(&dataset.Example{Index: i}), "0 to 2")
	}
}

// Batches, a split by classes, and a fingerprint are those of any source.
func TestSourceInBatches(t *testing.T) {
	s, err := New([]string{"a b", "b c", "c d", "d a"}, []int64{0, 0, 1, 1}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	rest, held, err := dataset.Split(s, dataset.SplitConfig{Count: 2, Stratified: true})
	if err != nil || rest.Len() != 2 || held.Len() != 2 {
		t.Fatal(err)
	}
	b := dataset.Batches(dataset.BatchesConfig{Source: held})
	defer b.Close()
	if !b.Next() || !b.X().Shape().Eq([]int{2, 2}) || !b.Y().Shape().Eq([]int{2}) {
		t.Errorf("a batch of %v, %v: %v", b.X(), b.Y(), b.Err())
	}
	var x, y, z strings.Builder
	other, err := New([]string{"a b", "b c", "c d", "d b"}, []int64{0, 0, 1, 1}, Config{})
	if err = errors.Join(err, dataset.Fingerprint(&x, s), dataset.Fingerprint(&y, s), dataset.Fingerprint(&z, other)); err != nil {
		t.Fatal(err)
	}
	if x.String() != y.String() || x.String() == z.String() {
		t.Error("fingerprints are not those of the texts")
	}
}

func TestSourceBadInput(t *testing.T) {
	ok := counted(t, VocabularyConfig{}, "a b")
	for _, c := range []struct {
		texts  []string
		labels []int64
		cfg    Config
		words  []string
	}{
		{nil, nil, Config{}, []string{"came none"}},
		{[]string{"a b"}, []int64{1, 2}, Config{}, []string{"1 texts", "2 labels"}},
		{[]string{"a b"}, []int64{-1}, Config{}, []string{"text 0 has the label -1"}},
		{[]string{"a b", " "}, nil, Config{}, []string{"text 1 has 0 tokens", "SkipEmpty"}},
		{[]string{"", " "}, nil, Config{SkipEmpty: true}, []string{"none of the 2 texts"}},
		{[]string{"a b c", "a"}, nil, Config{MinTokens: 2}, []string{"text 1 has 1 tokens; wanted 2"}},
		{[]string{"a b", "na\xefve"}, nil, Config{}, []string{"text 1", "byte 2", "not UTF-8"}},
		{[]string{"one", "one"}, nil, Config{}, []string{"1 of 1 words", "two words at least"}},
		{[]string{"a b"}, nil, Config{Length: -1}, []string{"came -1 and 0"}},
		{[]string{"a b"}, nil, Config{Length: 1 << 40}, []string{"a Length of 0 to 16777216", "came 1099511627776"}},
		{[]string{"a b"}, nil, Config{Length: 2, MinTokens: 3}, []string{"MinTokens, 3"}},
		{[]string{"a b"}, nil, Config{Vocabulary: new(Vocabulary)}, []string{"Vocabulary is empty"}},
		{[]string{"a b"}, nil, Config{Vocabulary: ok, Words: VocabularyConfig{Size: 9}}, []string{"want one of the two"}},
	} {
		s, err := New(c.texts, c.labels, c.cfg)
		wantError(t, err, append(c.words, "text: New")...)
		if s != nil {
			t.Error("a source beside an error")
		}
	}
}

func TestLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines.txt")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("first line\r\nsecond line\n\nfourth\n")
	_, err := Lines(path, Config{})
	wantError(t, err, "text: Lines", "line 3 has 0 tokens", "SkipEmpty")
	s, err := Lines(path, Config{SkipEmpty: true})
	if err != nil || s.Len() != 3 || s.Text(1) != "second line" || s.Text(2) != "fourth" {
		t.Errorf("%v, %v", s, err)
	}
	write("first\nb\xffd")
	_, err = Lines(path, Config{})
	wantError(t, err, "line 2", "byte 1")
	write("")
	_, err = Lines(path, Config{})
	wantError(t, err, "the file is empty")
	_, err = Lines(path+".gone", Config{})
	wantError(t, err, "text: Lines", "gone")
}

func TestFolder(t *testing.T) {
	files := fstest.MapFS{
		"mail/ham/b.txt": {Data: []byte("see you")}, "mail/ham/a/1": {Data: []byte("hello you")}, "mail/spam/x": {Data: []byte("buy now")},
		"mail/spam/.hidden": {Data: []byte("\xff")}, "mail/readme": {Data: []byte("\xff")}, "mail/.git/x": {Data: []byte("\xff")},
	}
	s, err := Folder("mail", FolderConfig{FS: files})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Labels(), []int64{0, 0, 1}) || !reflect.DeepEqual(s.Classes, []string{"ham", "spam"}) || s.Text(0) != "hello you" || s.Text(2) != "buy now" {
		t.Errorf("%v: labels %v, classes %v, %q", s, s.Labels(), s.Classes, s.Text(0))
	}
	s, err = Folder("mail", FolderConfig{FS: files, Classes: []string{"spam", "ham"}, Decode: func(name string, content []byte) (string, error) {
		return name + " " + string(content), nil
	}})
	if err != nil || !slices.Equal(s.Labels(), []int64{0, 1, 1}) || s.Text(0) != "spam / x buy now" {
		t.Errorf("%v: labels %v, %q, %v", s, s.Labels(), s.Text(0), err)
	}
	for _, c := range []struct {
		files fstest.MapFS
		cfg   FolderConfig
		words []string
	}{
		{fstest.MapFS{"mail/a": {Data: []byte("x")}}, FolderConfig{}, []string{"a sub-folder for each class"}},
		{fstest.MapFS{"mail/a/x": {Data: []byte("x y")}, "mail/b/.x": {Data: []byte("x")}}, FolderConfig{}, []string{"class b has no files"}},
		{fstest.MapFS{"mail/a/x": {Data: []byte("x y")}, "mail/b/z": {Data: []byte("\xff")}}, FolderConfig{}, []string{"b/z", "not UTF-8"}},
		{fstest.MapFS{"mail/a/x": {Data: []byte("x y")}, "mail/b/z": {Data: []byte(" ")}}, FolderConfig{}, []string{"b/z has 0 tokens"}},
		{files, FolderConfig{Classes: []string{"eggs"}}, []string{"eggs"}},
		{files, FolderConfig{Decode: func(string, []byte) (string, error) { return "", errors.New("no mail") }}, []string{"ham/a/1: no mail"}},
	} {
		c.cfg.FS = c.files
		_, err := Folder("mail", c.cfg)
		wantError(t, err, append(c.words, "text: Folder mail")...)
	}
	_, err = Folder(filepath.Join(t.TempDir(), "gone"), FolderConfig{})
	wantError(t, err, "gone")
}

// One long text does not make the others long in memory, only as examples.
func TestLongAndShort(t *testing.T) {
	texts := []string{strings.Repeat("to be ", 500), "or not", "to be"}
	s, err := New(texts, nil, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.ids) != 1004 || s.SequenceLength() != 1000 || s.Tokens(0) != 1000 || s.Tokens(2) != 2 {
		t.Errorf("%d ids, sequences of %d, with %d and %d tokens", len(s.ids), s.SequenceLength(), s.Tokens(0), s.Tokens(2))
	}
	var e dataset.Example
	for i := range texts { // into the memory of the one before
		e.Index = i
		if err := s.Read(&e); err != nil {
			t.Fatal(err)
		}
		for k, id := range e.X {
			if (id != Pad) != (k < s.Tokens(i)) {
				t.Fatalf("text %d has the id %v at %d", i, id, k)
			}
		}
	}
	for _, keepEnd := range []bool{false, true} {
		s, err := New(texts, nil, Config{Length: 3, KeepEnd: keepEnd})
		want := map[bool]string{false: "to be to", true: "be to be"}[keepEnd]
		if err != nil || s.Text(0) != want || s.Text(1) != "or not" {
			t.Errorf("%v, %v", s, err)
		}
	}
}
