package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The notebooks of the repository must be sound as they are committed. This needs no Jupyter; -execute runs them.
func TestNotebooks(t *testing.T) {
	for _, file := range notebooks(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problemsOf(t, file, raw) {
				t.Error(p)
			}
		})
	}
}

// Notebooks link to each other by file name.
func TestLinks(t *testing.T) {
	files := notebooks(t)
	there := map[string]bool{}
	for _, file := range files {
		there[filepath.Base(file)] = true
	}
	links := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\((\d\d)(-[^)#]*)`).FindAllStringSubmatch(string(raw), -1) {
			links++
			if name := m[1] + m[2]; !there[name] {
				t.Errorf("%s links to %s, which is not there", filepath.Base(file), name)
			}
		}
	}
	if links == 0 {
		t.Error("no notebook links to another")
	}
}

// notebooks are the committed files, in order.
func notebooks(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "*.ipynb"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks in the folder above (%v)", err)
	}
	return files
}
