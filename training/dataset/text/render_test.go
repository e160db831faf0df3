package text

import (
	"strings"
	"testing"
)

func TestSimpleRender(t *testing.T) {
	s, err := New([]string{"a <b> & a", "b"}, []int64{0, 1}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	s.Classes = []string{"<ham>"}
	for _, shown := range []map[string]interface{}{s.SimpleRender(), s.Vocabulary.SimpleRender()} {
		page, _ := shown["text/html"].(string)
		if shown["text/plain"] == "" || strings.Contains(page, "<b>") || strings.Contains(page, "<ham>") || !strings.Contains(page, "&lt;") || !strings.Contains(page, "&amp;") {
			t.Errorf("it is shown as %v", shown)
		}
	}
	for _, shown := range []map[string]interface{}{(*Source)(nil).SimpleRender(), new(Source).SimpleRender(), (*Vocabulary)(nil).SimpleRender(), new(Vocabulary).SimpleRender()} {
		if len(shown) != 1 || shown["text/plain"] == "" {
			t.Errorf("nothing is shown as %v", shown)
		}
	}
}

// A changed bit makes another vocabulary, which can be written and read, or an error.
func TestVocabularyFileBits(t *testing.T) {
	whole := []byte(fileOf(50))
	for at := range whole {
		for bit := range 8 {
			changed := append([]byte(nil), whole...)
			changed[at] ^= 1 << bit
			v, err := parseVocabulary(string(changed))
			if err != nil {
				continue
			}
			var b strings.Builder
			if err := v.write(&b); err != nil {
				t.Fatal(err)
			}
			if _, err := parseVocabulary(b.String()); err != nil {
				t.Fatalf("bit %d of byte %d makes a vocabulary that is written and not read: %v", bit, at, err)
			}
		}
	}
}
