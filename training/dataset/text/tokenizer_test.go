package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		tokenizer Tokenizer
		text      string
		want      string // tokens with | between
	}{
		{Tokenizer{}, "In the beginning God created the heaven and the earth.", "In|the|beginning|God|created|the|heaven|and|the|earth|."},
		{Tokenizer{}, "Don't go -- it's 3.14, or 1,000!", "Don't|go|-|-|it's|3.14|,|or|1,000|!"},
		{Tokenizer{Fold: true, NoPunctuation: true}, "Don't go -- it's 3.14, or 1,000!", "don't|go|it's|3.14|or|1,000"},
		{Tokenizer{}, "rock ’n’ roll, O’Neill", "rock|’|n|’|roll|,|O'Neill"},
		{Tokenizer{}, "'tis the dogs' day.", "'|tis|the|dogs|'|day|."},
		{Tokenizer{}, "end.Next 3.x x.3", "end|.|Next|3|.|x|x|.|3"},
		{Tokenizer{}, "snake_case a1b2", "snake_case|a1b2"},
		{Tokenizer{}, "well-known a@b.org", "well|-|known|a|@|b|.|org"},
		{Tokenizer{}, " \t\r\n\u00a0\u2003", ""},
		{Tokenizer{}, "", ""},
		{Tokenizer{}, "a\x00b", "a|b"},
		{Tokenizer{}, "\ufeffBOM", "BOM"},
		{Tokenizer{}, "co\u00adoperate zero\u200bwidth", "cooperate|zero|width"},
		{Tokenizer{}, "می\u200cخواهم", "می\u200cخواهم"},
		{Tokenizer{Fold: true}, "ΣΊΣΥΦΟΣ Σίσυφος Straße ſ K", "σίσυφοσ|σίσυφοσ|straße|s|k"},
		{Tokenizer{}, "caf\u00e9 cafe\u0301", "caf\u00e9|caf\u00e9"},
		{Tokenizer{}, "我爱 Go，ひらカタカナ", "我|爱|Go|，|ひ|ら|カタカナ"},
		{Tokenizer{}, "हिन्दी नमस्ते।", "हिन्दी|नमस्ते|।"},
		{Tokenizer{}, "ok ❤\ufe0f!", "ok|❤\ufe0f|!"},
		{Tokenizer{NoPunctuation: true}, "ok ❤\ufe0f 我", "ok|我"},
		{Tokenizer{}, "<pad> and <unk>", "<|pad|>|and|<|unk|>"},
	} {
		got, err := c.tokenizer.Tokens(c.text)
		if err != nil || strings.Join(got, "|") != c.want {
			t.Errorf("%+v of %q gives %q, %v; want %q", c.tokenizer, c.text, got, err, c.want)
		}
	}
}

func TestTokensInvalid(t *testing.T) {
	for text, at := range map[string]string{"\xff": "byte 0, 0xff", "abc\xc3": "byte 3, 0xc3", "na\xefve": "byte 2, 0xef", "\xed\xa0\x80": "byte 0, 0xed"} {
		_, err := Tokenizer{}.Tokens(text)
		wantError(t, err, at, "not UTF-8", "Latin-1")
	}
	if _, err := (Tokenizer{}).Tokens("a \ufffd is UTF-8"); err != nil {
		t.Error(err)
	}
}

// Tokens are what checkWord wants of words, hold all letters and digits of the text in their order, and are found again in what they are
// joined to.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"Don't stop.", "a\u0301 \u0301", "3.14 '' ’", "我e\u0301\ufe0f", "\xff", "ǅ ß ſ K"} {
		f.Add(s, true, false)
		f.Add(s, false, true)
	}
	f.Fuzz(func(t *testing.T, s string, fold, words bool) {
		tokenizer := Tokenizer{Fold: fold, NoPunctuation: words}
		tokens, err := tokenizer.Tokens(s)
		if (err != nil) == utf8.ValidString(s) {
			t.Fatalf("%q: %v", s, err)
		}
		for _, token := range tokens {
			if err := checkWord(token); err != nil {
				t.Fatalf("%q: %v", s, err)
			}
		}
		if err != nil || fold {
			return
		}
		again, err := tokenizer.Tokens(strings.Join(tokens, " "))
		if err != nil || !slices.Equal(letters(again), letters(tokens)) || !slices.Equal(letters(tokens), letters([]string{norm.NFC.String(s)})) {
			t.Fatalf("%q gives %q, which gives %q, %v", s, tokens, again, err)
		}
	})
}

// letters are all letters and digits of tokens.
func letters(tokens []string) (all []rune) {
	for _, r := range strings.Join(tokens, "") {
		if inWord(r) && !strings.ContainsRune("_", r) && !isMark(r) {
			all = append(all, r)
		}
	}
	return all
}
