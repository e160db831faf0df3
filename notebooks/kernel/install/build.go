package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// build builds the kernel's program from the clone at root.
//
// gophernotes is a program, so it cannot be imported; and its last release does not work with today's Go. It is built
// here by an overlay: the go command is told that its files lie in notebooks/kernel/gophernotes beside ours, which mend
// it. Nothing is written to the module cache or to the clone.
func build(ctx context.Context, root, program string) error {
	temporary, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "plexaura-kernel-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	b := builder{ctx: ctx, root: root, module: filepath.Join(root, "notebooks", "kernel", "gophernotes"), folder: temporary}
	if err := b.writeModule(); err != nil {
		return err
	}
	if err := b.writeBindings(); err != nil {
		return fmt.Errorf("bindings of the packages: %w", err)
	}
	if err := b.writeOverlay(); err != nil {
		return fmt.Errorf("gophernotes' files: %w", err)
	}
	made := filepath.Join(filepath.Dir(program), building)
	os.Remove(made) // of an installation that was killed: the go command may not overwrite it
	defer os.Remove(made)
	if _, err := b.goCommand("build", "-tags", "gophernotes", "-ldflags", "-s -w",
		"-overlay", b.path("overlay.json"), "-o", made, "."); err != nil {
		return err
	}
	if err := os.Rename(made, program); err != nil {
		return fmt.Errorf("%w; close the notebooks that use the kernel", err)
	}
	return nil
}

// builder has the folders of a build.
type builder struct {
	ctx    context.Context
	root   string // the clone
	module string // the kernel's module in it
	folder string // files that are made for the build
}

func (b *builder) path(name string) string { return filepath.Join(b.folder, name) }

// writeModule writes the kernel's go.mod for the build: with the clone's path in full, and free to take in what
// the clone's own modules need.
func (b *builder) writeModule() error {
	mod, err := os.ReadFile(filepath.Join(b.module, "go.mod"))
	if err != nil {
		return err
	}
	sum, err := os.ReadFile(filepath.Join(b.module, "go.sum"))
	if err != nil {
		return err
	}
	library, err := os.ReadFile(filepath.Join(b.root, "go.sum"))
	if err != nil {
		return err
	}
	text, err := replaceOnce(string(mod), "=> ../../..", fmt.Sprintf("=> %q", filepath.ToSlash(b.root)))
	if err != nil {
		return err
	}
	if err := os.WriteFile(b.path("go.mod"), []byte(text), 0o644); err != nil {
		return err
	}
	return os.WriteFile(b.path("go.sum"), append(sum, library...), 0o644)
}

// linked are the packages beside Plexaura's own that cells can import. Those of the standard library replace what
// gomacro has of them, which is of Go 1.13.
var linked = strings.Fields(`
	gorgonia.org/gorgonia gorgonia.org/tensor github.com/pkg/errors
	gonum.org/v1/plot gonum.org/v1/plot/plotter gonum.org/v1/plot/plotutil gonum.org/v1/plot/vg gonum.org/v1/plot/vg/draw
	bufio bytes context encoding/binary encoding/csv encoding/json errors fmt html
	image image/color image/draw image/gif image/jpeg image/png io io/fs log math math/bits math/cmplx math/rand math/rand/v2
	os os/exec path path/filepath regexp runtime runtime/debug sort strconv strings sync text/tabwriter text/template time
	unicode unicode/utf8`)

// writeBindings writes the tables by which the interpreter knows the packages that are linked in.
func (b *builder) writeBindings() error {
	packages, err := b.publicPackages()
	if err != nil {
		return err
	}
	if err := os.Mkdir(b.path("bindings"), 0o755); err != nil {
		return err
	}
	args := append([]string{"run", "./bindings", "-modfile", b.path("go.mod"), b.path("bindings")}, linked...)
	_, err = b.goCommand(append(args, packages...)...)
	return err
}

// publicPackages lists Plexaura's packages that programs can import.
func (b *builder) publicPackages() ([]string, error) {
	out, err := b.goIn(b.root, "list", noVCS, "-f", `{{if ne .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
	if err != nil {
		return nil, err
	}
	var public []string
	for _, path := range strings.Fields(out) {
		if !strings.Contains(path+"/", "/internal/") && !strings.Contains(path, "/notebooks/kernel/") && !strings.HasSuffix(path, "test") {
			public = append(public, path)
		}
	}
	if len(public) == 0 {
		return nil, fmt.Errorf("no packages in %s", b.root)
	}
	return public, nil
}

// writeOverlay says where the files are that are compiled beside those of the kernel's module.
func (b *builder) writeOverlay() error {
	if _, err := b.goCommand("mod", "download", gophernotes); err != nil {
		return err
	}
	dir, err := b.goCommand("list", "-m", "-f", "{{.Dir}}", gophernotes)
	if err != nil {
		return err
	}
	replace := map[string]string{}
	for _, name := range taken {
		source := filepath.Join(strings.TrimSpace(dir), name)
		if patches[name] != nil {
			if source, err = b.patch(source, patches[name]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		replace[filepath.Join(b.module, "gophernotes_"+name)] = source
	}
	tables, err := filepath.Glob(b.path("bindings/*.go"))
	if err != nil {
		return err
	}
	for _, source := range tables {
		replace[filepath.Join(b.module, "bound", filepath.Base(source))] = source
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(b.path("overlay.json"), text, 0o644)
}
