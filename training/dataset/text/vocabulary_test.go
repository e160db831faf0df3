package text

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

func isMark(r rune) bool { return unicode.IsMark(r) }

func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q does not say %q", err, w)
		}
	}
}

func counted(t *testing.T, cfg VocabularyConfig, texts ...string) *Vocabulary {
	t.Helper()
	counts, err := Count(texts, Tokenizer{Fold: true})
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewVocabulary(counts, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVocabulary(t *testing.T) {
	text := "the cat saw the dog, the dog saw a cat, the end"
	for _, c := range []struct {
		cfg     VocabularyConfig
		words   string
		unknown int
	}{
		{VocabularyConfig{}, "the , cat dog saw a end", 0}, // 4 2 2 2 2 1 1
		{VocabularyConfig{MinCount: 2}, "the , cat dog saw", 2},
		{VocabularyConfig{Size: 5}, "the , cat", 6},
		{VocabularyConfig{Size: 100, MinCount: 1}, "the , cat dog saw a end", 0},
	} {
		v := counted(t, c.cfg, text)
		var words []string
		for id := 2; id < v.Len(); id++ {
			word := v.Word(id)
			if v.ID(word) != id {
				t.Errorf("%q is word %d and has the id %d", word, id, v.ID(word))
			}
			words = append(words, word)
		}
		if strings.Join(words, " ") != c.words || v.Count(Unknown) != c.unknown || v.Count(Pad) != 0 || v.Count(2) != 4 {
			t.Errorf("%+v: words %v, counts of unknown %d, of pad %d, of the first %d", c.cfg, words, v.Count(Unknown), v.Count(Pad), v.Count(2))
		}
		if v.ID("zebra") != Unknown || v.Word(Pad) != "<pad>" || v.Word(Unknown) != "<unk>" || v.Word(-1) != "<unk>" || v.Word(1000) != "<unk>" || v.Count(1000) != 0 {
			t.Error("what is no word is not unknown")
		}
	}
	ids := make([]int32, 4)
	v := counted(t, VocabularyConfig{}, text)
	for _, c := range []struct {
		text string
		end  bool
		n    int
		want []int32
	}{{"the zebra", false, 2, []int32{2, 1, 0, 0}}, {"the cat saw the dog", false, 4, []int32{2, 4, 6, 2}}, {"the cat saw the dog", true, 4, []int32{4, 6, 2, 5}}, {"", false, 0, []int32{0, 0, 0, 0}}} {
		if n := v.Encode(ids, strings.Fields(c.text), c.end); n != c.n || !slices.Equal(ids, c.want) {
			t.Errorf("%q is %d ids %v; want %d, %v", c.text, n, ids, c.n, c.want)
		}
	}
	if s := v.String(); s != "9 ids, 7 words: the 4 , 2 cat 2 dog 2 saw 2 a 1 end 1" {
		t.Errorf("the vocabulary calls itself %q", s)
	}
	if none := (*Vocabulary)(nil); none.String() != "no vocabulary" || none.ID("the") != Unknown || none.Word(0) != "<unk>" || none.Count(0) != 0 {
		t.Errorf("nil calls itself %q and has words", none)
	}
}

func TestVocabularyBadInput(t *testing.T) {
	for _, c := range []struct {
		counts map[string]int
		cfg    VocabularyConfig
		words  []string
	}{
		{nil, VocabularyConfig{}, []string{"0 of 0 words", "two words at least"}},
		{map[string]int{"only": 9}, VocabularyConfig{}, []string{"1 of 1 words", "two words at least"}},
		{map[string]int{"a": 9, "b": 2}, VocabularyConfig{MinCount: 3}, []string{"1 of 2 words were counted 3 times", "smaller MinCount"}},
		{map[string]int{"a": 9, "b": 2}, VocabularyConfig{Size: 3}, []string{"Size of 4 to"}},
		{map[string]int{"a": 9, "b": 2}, VocabularyConfig{Size: 1 << 30}, []string{"Size of 4 to"}},
		{map[string]int{"a": 9, "b": 2}, VocabularyConfig{MinCount: -1}, []string{"MinCount of 0 or more"}},
		{map[string]int{"a": 9, "b": 0}, VocabularyConfig{}, []string{`the count of "b" is 0`}},
		{map[string]int{"a": 9, "": 1}, VocabularyConfig{}, []string{"is empty"}},
		{map[string]int{"a": 9, "b c": 1}, VocabularyConfig{}, []string{`"b c" has white space`}},
		{map[string]int{"a": 9, "b\x00": 1}, VocabularyConfig{}, []string{"control characters"}},
		{map[string]int{"a": 9, "\xff": 1}, VocabularyConfig{}, []string{"not UTF-8"}},
		{map[string]int{"a": 9, "<pad>": 1}, VocabularyConfig{}, []string{`"<pad>" stands for what is no word`}},
	} {
		v, err := NewVocabulary(c.counts, c.cfg)
		wantError(t, err, append(c.words, "text: NewVocabulary")...)
		if v != nil {
			t.Error("a vocabulary beside an error")
		}
	}
	_, err := Count([]string{"fine", "b\xffd"}, Tokenizer{})
	wantError(t, err, "text 1", "byte 1")
}

func TestVocabularyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "words.txt")
	v := counted(t, VocabularyConfig{MinCount: 1, Size: 8}, "the cat, and the dog's café. 我 <pad> #1")
	if err := v.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := OpenVocabulary(path)
	if err != nil || !reflect.DeepEqual(v, again) {
		t.Errorf("saved %v, read %v, %v", v, again, err)
	}
	_, err = OpenVocabulary(path + ".gone")
	wantError(t, err, "text: OpenVocabulary", "words.txt.gone")
	wantError(t, (*Vocabulary)(nil).Save(path), "empty")
	wantError(t, v.Save(filepath.Join(path, "below")), "text: Save")
}

// fileOf is a file of a vocabulary of n words.
func fileOf(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "plexaura-vocabulary 1 %d 17\n", n)
	for i := range n {
		fmt.Fprintf(&b, "%d w%d\n", n-i, i)
	}
	return b.String()
}

// Every file that was cut off is an error, and so is what says something else than it holds.
func TestVocabularyFileDamaged(t *testing.T) {
	whole := fileOf(300)
	if v, err := parseVocabulary(whole); err != nil || v.Len() != 302 || v.Count(Unknown) != 17 || v.Word(301) != "w299" || v.Count(301) != 1 {
		t.Fatalf("%v, %v", v, err)
	}
	for cut := range len(whole) {
		if v, err := parseVocabulary(whole[:cut]); err == nil {
			t.Fatalf("of %d bytes the first %d are a vocabulary %v", len(whole), cut, v)
		}
	}
	for text, want := range map[string]string{
		"plexaura-vocabulary 2 2 0\n1 a\n1 b\n":                    "line 1",
		"plexaura-vocabulary 1 1 0\n1 a\n":                         "line 1",
		"plexaura-vocabulary 1 -5 0\n1 a\n":                        "line 1",
		"plexaura-vocabulary 1 99999999999999999999 0\n1 a\n":      "line 1",
		"plexaura-vocabulary 1 16777216 0\n1 a\n":                  "line 1",
		"plexaura-vocabulary 1 16000000 0\n1 a\n1 b\n":             "announces 16000000 words",
		"plexaura-vocabulary 1 2 -1\n1 a\n1 b\n":                   "line 1",
		"plexaura-vocabulary 1 2 0\n1 a\n1 b\n1 c\n":               "3 lines follow",
		"plexaura-vocabulary 1 2 0\n1 a\n1 a\n":                    "twice",
		"plexaura-vocabulary 1 2 0\n1 a\nb\n":                      "line 3",
		"plexaura-vocabulary 1 2 0\n0 a\n1 b\n":                    "line 2",
		"plexaura-vocabulary 1 2 0\n1 a\n9999999999999999 b\n":     "line 3",
		"plexaura-vocabulary 1 2 0\n1 a b\n1 c\n":                  "line 2",
		"plexaura-vocabulary 1 2 0\n1 \n1 c\n":                     "line 2",
		"plexaura-vocabulary 1 2 0\n1 <unk>\n1 c\n":                "line 2",
		"plexaura-vocabulary 1 2 0\n1 \xff\n1 c\n":                 "line 2",
		"plexaura-vocabulary 1 2 0\r\n1 a\r\n1 b\r\n":              "line 1",
		"\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\n", 100):        "no vocabulary",
		"plexaura-vocabulary 1 2 0\n1 a\n1 b" + "\x00" + "\n":      "control characters",
		"plexaura-vocabulary 1 2 0\n1 a\n18446744073709551617 b\n": "line 3",
	} {
		_, err := parseVocabulary(text)
		wantError(t, err, want)
	}
}

// A file makes the program take four times its bytes at most, and what is allowed beside.
func TestVocabularyFileMemory(t *testing.T) {
	budgettest.Lower(t)
	lines := func(line func(i int) string) string {
		var b strings.Builder
		n := 0
		for ; b.Len() < budgettest.Small; n++ {
			b.WriteString(line(n))
		}
		return fmt.Sprintf("plexaura-vocabulary 1 %d 0\n%s", n, b.String())
	}
	const signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	const k = len(signs)
	for name, c := range map[string]struct{ text, err string }{
		"the shortest words that are many": {lines(func(i int) string {
			return fmt.Sprintf("1 %c%c%c%c\n", signs[i/k/k/k], signs[i/k/k%k], signs[i/k%k], signs[i%k])
		}), ""},
		"great counts":         {lines(func(i int) string { return fmt.Sprintf("%d w%d\n", maxCount, i) }), ""},
		"long words":           {lines(func(i int) string { return fmt.Sprintf("1 %d%s\n", i, strings.Repeat("x", 1000)) }), ""},
		"two words, one long":  {fmt.Sprintf("plexaura-vocabulary 1 2 0\n1 a\n1 %s\n", strings.Repeat("x", budgettest.Small)), ""},
		"a word over and over": {lines(func(int) string { return "1 a\n" }), "more memory"},
		"nothing":              {lines(func(int) string { return "\n" }), "more memory"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "words.txt")
			if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
				t.Fatal(err)
			}
			budgettest.Peak(t, len(c.text), func() any {
				v, err := OpenVocabulary(path)
				if c.err != "" {
					wantError(t, err, c.err)
				} else if err != nil {
					t.Error(err)
				}
				return v
			})
		})
	}
}

// Every word of a large vocabulary is found, and no other.
func TestManyWords(t *testing.T) {
	counts := map[string]int{}
	for i := range 30000 {
		counts[fmt.Sprint("w", i)] = 1 + i%7
	}
	v, err := NewVocabulary(counts, VocabularyConfig{})
	if err != nil {
		t.Fatal(err)
	}
	for id := firstWord; id < v.Len(); id++ {
		if got := v.ID(v.Word(id)); got != id || v.Count(id) != counts[v.Word(id)] {
			t.Fatalf("word %d, %s, is found as %d, with the count %d", id, v.Word(id), got, v.Count(id))
		}
	}
	for _, word := range []string{"", "w", "w30000", "W1", "<pad>", "<unk>"} {
		if got := v.ID(word); got != Unknown {
			t.Errorf("%q has the id %d", word, got)
		}
	}
}

func FuzzVocabularyFile(f *testing.F) {
	f.Add(fileOf(3))
	f.Add("plexaura-vocabulary 1 2 0\n1 a\n1 b\n")
	f.Add("plexaura-vocabulary 1 16777214 0\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := parseVocabulary(text)
		if err != nil {
			return
		}
		var b strings.Builder
		if err := v.write(&b); err != nil {
			t.Fatal(err)
		}
		if again, err := parseVocabulary(b.String()); err != nil || !reflect.DeepEqual(v, again) {
			t.Fatalf("%q gives %v, written %v, %v", text, v, again, err)
		}
	})
}
