package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/plexaura/plexaura/internal/sources"
)

// kernel is an installed kernel, or one to be. Its exported fields lie beside the program as build.json, where the
// kernel reads what it was built from.
type kernel struct {
	Name    string   // as Jupyter knows it
	Display string   // as Jupyter shows it
	Root    string   // the clone that it was built from
	Digest  string   // of that clone's sources
	Commit  string   // of the clone, if git knows; with a "+" if it was changed since
	Go      string   // version of Go
	Built   string   // when
	Created []string // folders that were made for it, outermost first

	folder string
}

const record = "build.json"

// program is the path of the kernel's program.
func (k *kernel) program() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(k.folder, "gophernotes.exe")
	}
	return filepath.Join(k.folder, "gophernotes")
}

// installed returns what is installed in the kernel's folder; nil if nothing is.
func (k *kernel) installed() (*kernel, error) {
	text, err := os.ReadFile(filepath.Join(k.folder, record))
	if errors.Is(err, fs.ErrNotExist) {
		if entries, err := os.ReadDir(k.folder); err == nil && len(entries) > 0 {
			return nil, fmt.Errorf("%s holds a kernel that this command did not install; choose another -name", k.folder)
		}
		return nil, nil
	}
	if err != nil {
		return nil, elsewhere(err)
	}
	old := &kernel{folder: k.folder}
	if err := json.Unmarshal(text, old); err != nil {
		return nil, fmt.Errorf("%s: %w; remove the folder by hand to install anew", filepath.Join(k.folder, record), err)
	}
	return old, nil
}

// install builds the kernel from the clone at root, if that changed since the last time, and installs it.
func (k *kernel) install(ctx context.Context, root string, build func(ctx context.Context, root, program string) error) error {
	old, err := k.installed()
	if err != nil {
		return err
	}
	goVersion, err := findGo(ctx, root)
	if err != nil {
		return err
	}
	if k.Digest, err = sources.Digest(root); err != nil {
		return err
	}
	k.Root, k.Go, k.Commit, k.Built = root, goVersion, commit(ctx, root), time.Now().UTC().Format(time.RFC3339)
	if k.Display == "" {
		k.Display = "Go (" + k.Name + ")"
		if k.Name == "plexaura" {
			k.Display = "Go (Plexaura)"
		}
	}
	if old != nil {
		k.Created = old.Created
		if old.Root != root {
			fmt.Printf("replaces the kernel %q of %s; with -name both live side by side\n", k.Name, old.Root)
		}
	} else if err := k.makeFolder(); err != nil {
		return err
	}
	if err := k.writable(); err != nil {
		k.removeFolder()
		return err
	}
	if old != nil && old.Digest == k.Digest && old.Go == k.Go && exists(k.program()) {
		k.Built = old.Built
		fmt.Println("the kernel is up to date with", root)
	} else {
		fmt.Println("building the kernel from", root, "(a minute or two the first time)")
		if err := build(ctx, root, k.program()); err != nil {
			k.removeFolder() // if nothing was there before
			return err
		}
	}
	if err := k.write(); err != nil {
		return err
	}
	fmt.Printf("installed kernel %q, %s, in %s\n", k.Name, k.Display, k.folder)
	return nil
}

// write writes kernel.json, by which Jupyter starts the kernel, and the record.
func (k *kernel) write() error {
	mode := "signal" // reaches programs that a cell started, too
	if runtime.GOOS == "windows" {
		mode = "message"
	}
	spec := map[string]any{
		"argv":           []string{k.program(), "{connection_file}"},
		"display_name":   k.Display,
		"language":       "go",
		"interrupt_mode": mode,
	}
	for name, content := range map[string]any{"kernel.json": spec, record: k} {
		text, err := json.MarshalIndent(content, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(k.folder, name), append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// elsewhere adds to an error of the kernel's folder how to choose another one.
func elsewhere(err error) error {
	return fmt.Errorf("%w; -data or JUPYTER_DATA_DIR names another data folder for Jupyter", err)
}

// makeFolder makes the kernel's folder, and notes which of those above it were made with it.
func (k *kernel) makeFolder() error {
	for dir := k.folder; !exists(dir); dir = filepath.Dir(dir) {
		k.Created = append(k.Created, dir)
	}
	slices.Reverse(k.Created)
	if err := os.MkdirAll(k.folder, 0o755); err != nil {
		k.removeFolder()
		return elsewhere(err)
	}
	return nil
}

// writable reports a folder that nothing can be written to, before time goes into building.
func (k *kernel) writable() error {
	f, err := os.CreateTemp(k.folder, "")
	if err != nil {
		return elsewhere(err)
	}
	f.Close()
	return os.Remove(f.Name())
}

// uninstall removes the kernel, and the folders that were made for it if nothing else came to lie there.
func (k *kernel) uninstall() error {
	old, err := k.installed()
	if err != nil {
		return err
	}
	if old == nil {
		fmt.Printf("there is no kernel %q in %s\n", k.Name, filepath.Dir(k.folder))
		return nil
	}
	k.Created = old.Created
	for _, path := range []string{k.program(), filepath.Join(k.folder, "kernel.json"), filepath.Join(k.folder, record)} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(k.folder); err != nil {
		return fmt.Errorf("%w; what lies there is not of the kernel", err)
	}
	k.removeFolder()
	fmt.Printf("removed kernel %q from %s\n", k.Name, k.folder)
	return nil
}

// removeFolder removes the folders that were made for the kernel and are empty.
func (k *kernel) removeFolder() {
	for _, dir := range slices.Backward(k.Created) {
		if os.Remove(dir) != nil && exists(dir) {
			return
		}
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
