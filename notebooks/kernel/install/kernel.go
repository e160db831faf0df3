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
	"github.com/plexaura/plexaura/notebooks/kernel/internal/origin"
)

// kernel is an installed kernel, or one to be. Its record lies beside the program, where the kernel reads what it was
// built from.
type kernel struct {
	origin.Record

	folder string
}

const building = ".building" // what is being written in the kernel's folder, before it gets its name

// newKernel describes the kernel of that name in Jupyter's data folder. It reads nothing.
func newKernel(data, name string) *kernel {
	return &kernel{Record: origin.Record{Name: name}, folder: filepath.Join(data, "kernels", name)}
}

// program is the path of the kernel's program.
func (k *kernel) program() string {
	if runtime.GOOS == "windows" {
		return filepath.Join(k.folder, "gophernotes.exe")
	}
	return filepath.Join(k.folder, "gophernotes")
}

// installed returns what is installed in the kernel's folder; nil if nothing is.
func (k *kernel) installed() (*kernel, error) {
	old, err := origin.Read(k.folder)
	var unreadable *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		entries, err := os.ReadDir(k.folder)
		if err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() != building }) {
			return nil, fmt.Errorf("%s holds a kernel that this command did not install; choose another -name", k.folder)
		}
		return nil, nil
	case errors.As(err, &unreadable):
		return nil, elsewhere(err)
	case err != nil:
		return nil, fmt.Errorf("%w; remove the folder by hand to install anew", err)
	}
	return &kernel{Record: old, folder: k.folder}, nil
}

// install builds the kernel from the clone at root, if that changed since the last time, and installs it.
func (k *kernel) install(ctx context.Context, root string, build func(ctx context.Context, root, program string) error) (err error) {
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
	if k.Display == "" && old != nil {
		k.Display = old.Display
	}
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
	// Until the first build is whole, the record tells that this command made the folder, and a failure removes it.
	first := old == nil || old.Digest == ""
	if first {
		defer func() {
			if err != nil {
				k.remove()
			}
		}()
		begun := k.Record
		begun.Digest = ""
		err = k.writeFile(origin.File, begun)
	} else {
		err = k.writable()
	}
	if err != nil {
		return elsewhere(err)
	}
	if old != nil && old.Digest == k.Digest && old.Go == k.Go && exists(k.program()) {
		k.Built = old.Built
		fmt.Println("the kernel is up to date with", root)
	} else {
		fmt.Println("building the kernel from", root, "(a minute or two the first time)")
		if err := build(ctx, root, k.program()); err != nil {
			return err
		}
	}
	if err := k.write(); err != nil {
		return err
	}
	fmt.Printf("installed kernel %q, %s, in %s\n", k.Name, k.Display, k.folder)
	return nil
}

// write writes kernel.json, by which Jupyter starts the kernel, and then the record.
func (k *kernel) write() error {
	mode := "signal" // reaches programs that a cell started, too
	// An interruption would end the program in the time before it asks for the signal, a tenth of a second in which its
	// packages are set up; a signal that is ignored at its start stays ignored until then.
	argv := []string{"sh", "-c", `trap "" INT; exec "$0" "$1"`, k.program(), "{connection_file}"}
	if runtime.GOOS == "windows" {
		mode = "message"
		argv = []string{k.program(), "{connection_file}"}
	}
	spec := map[string]any{
		"argv":           argv,
		"display_name":   k.Display,
		"language":       "go",
		"interrupt_mode": mode,
	}
	if err := k.writeFile("kernel.json", spec); err != nil {
		return err
	}
	return k.writeFile(origin.File, k.Record)
}

// writeFile writes a file of the kernel's folder, whole or not at all.
func (k *kernel) writeFile(name string, content any) error {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}
	made := filepath.Join(k.folder, building)
	defer os.Remove(made)
	if err := os.WriteFile(made, append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(made, filepath.Join(k.folder, name))
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
	made := filepath.Join(k.folder, building)
	defer os.Remove(made)
	return os.WriteFile(made, nil, 0o644)
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
	if err := k.remove(); err != nil {
		return err
	}
	fmt.Printf("removed kernel %q from %s\n", k.Name, k.folder)
	return nil
}

// remove removes the kernel's files, the record last of them, and the folders.
func (k *kernel) remove() error {
	for _, name := range []string{filepath.Base(k.program()), building, "kernel.json", origin.File} {
		if err := os.Remove(filepath.Join(k.folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(k.folder); err != nil {
		if entries, _ := os.ReadDir(k.folder); len(entries) > 0 {
			err = fmt.Errorf("%w; what lies there is not of the kernel", err)
		}
		return err
	}
	k.removeFolder()
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
