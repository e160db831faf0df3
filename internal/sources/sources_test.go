package sources

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// clone makes a folder that looks like a clone.
func clone(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	write(t, root, "go.mod", "module github.com/plexaura/plexaura\n\ngo 1.25\n")
	write(t, root, "graph/graph.go", "package graph\n")
	return root
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRoot(t *testing.T) {
	root := clone(t)
	write(t, root, "notebooks/kernel/gophernotes/go.mod", "module github.com/plexaura/plexaura/notebooks/kernel/gophernotes\n")
	for _, dir := range []string{".", "graph", "notebooks/kernel/gophernotes"} {
		got, err := Root(filepath.Join(root, dir))
		if err != nil || got != root {
			t.Errorf("Root(%s) is %q, %v; want %q", dir, got, err, root)
		}
	}
	if got, err := Root(t.TempDir()); err == nil {
		t.Errorf("Root outside of a clone is %q; want an error", got)
	}
}

func TestDigest(t *testing.T) {
	root := clone(t)
	digest := func() string {
		t.Helper()
		d, err := Digest(root)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	write(t, root, "venv/pyvenv.cfg", "home = /usr/bin\n")
	before := digest()
	for _, name := range []string{
		"graph/graph_test.go", "graph/testdata/x.go", "examples/mnist/main.go", ".git/x.go", "README.md", "notebooks/a.ipynb", "out/log.txt", "graph/.x.go",
		"venv/lib/python3/site-packages/top_level.txt", "node_modules/x/x.go", "notebooks/node_modules/x/LICENSE.txt", "notebooks/notebook-files/labels.txt",
	} {
		write(t, root, name, "package x\n")
		if digest() != before {
			t.Fatalf("%s changes the digest", name)
		}
	}
	write(t, root, "tool/main.go", "// Command tool is none of the kernel's.\npackage main\n")
	write(t, root, "tool/more.go", "package main\n\nvar x = 1\n")
	if digest() != before {
		t.Fatal("a program changes the digest")
	}
	for _, name := range []string{"graph/graph.go", "graph/new.go", "graph/add_amd64.s", "go.sum", "zoo/labels.txt", "digits.csv.gz", "graph/out/x.go", "notebooks/kernel/gophernotes/main.go"} {
		text := "package other\n"
		if strings.HasPrefix(name, kernel) {
			text = "package main\n"
		}
		write(t, root, name, text)
		if after := digest(); after == before {
			t.Fatalf("%s does not change the digest", name)
		} else {
			before = after
		}
	}
	if err := os.Rename(filepath.Join(root, "graph/new.go"), filepath.Join(root, "graph/newer.go")); err != nil {
		t.Fatal(err)
	}
	if digest() == before {
		t.Error("another name does not change the digest")
	}
	if _, err := Digest(filepath.Join(root, "none")); err == nil {
		t.Error("the digest of a missing folder is no error")
	}
}
