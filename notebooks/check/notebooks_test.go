package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The notebooks of the repository must be sound as they are committed. This needs no Jupyter; -execute runs them.
func TestNotebooks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "*.ipynb"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no notebooks in the folder above (%v)", err)
	}
	for _, file := range files {
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
