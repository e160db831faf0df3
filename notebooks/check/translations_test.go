package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// A translation is the same notebook in other words: cell by cell the same code, with what is expected of it, and in the texts
// the same formulas and code. It is committed without outputs, so nothing in it can be stale.
func TestTranslations(t *testing.T) {
	var literal = regexp.MustCompile("(?s)```.*?```|\\$\\$.*?\\$\\$|\\$[^$]+\\$|`[^`\n]+`")
	english := regexp.MustCompile(`[a-z]{4,} [a-z]{2,} [a-z]{2,}`)
	for _, file := range notebooks(t) {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			original, translated := readNotebook(t, file), readNotebook(t, filepath.Join("..", "zh", name))
			if len(original.Cells) != len(translated.Cells) {
				t.Fatalf("%d cells; the original has %d", len(translated.Cells), len(original.Cells))
			}
			if original.Metadata != translated.Metadata {
				t.Errorf("the metadata are %+v; the original's %+v", translated.Metadata, original.Metadata)
			}
			for i, want := range original.Cells {
				got := translated.Cells[i]
				if got.ID != want.ID || got.Type != want.Type || !reflect.DeepEqual(got.Metadata, want.Metadata) {
					t.Errorf("cell %d is %s %q with %+v; want %s %q with %+v", i, got.Type, got.ID, got.Metadata, want.Type, want.ID, want.Metadata)
				}
				if want.Type == "code" {
					if got.Source != want.Source {
						t.Errorf("cell %q has other code than the original", got.ID)
					}
					if len(got.Outputs) > 0 || got.ExecutionCount != nil {
						t.Errorf("cell %q has outputs; clear them", got.ID)
					}
					continue
				}
				if got.Source == want.Source && english.MatchString(literal.ReplaceAllString(string(want.Source), "")) {
					t.Errorf("cell %q is not translated", got.ID)
				}
				oneLine := func(s string) string { return strings.Join(strings.Fields(s), " ") }
				for _, s := range literal.FindAllString(string(want.Source), -1) {
					if !strings.Contains(oneLine(string(got.Source)), oneLine(s)) {
						t.Errorf("cell %q lacks %s", got.ID, s)
					}
				}
			}
		})
	}
}

func readNotebook(t *testing.T, file string) (nb notebook) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &nb); err != nil {
		t.Fatal(err)
	}
	return nb
}
