package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plexaura/plexaura/notebooks/kernel/internal/origin"
)

// clone makes a folder that looks like a clone of Plexaura.
func clone(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module github.com/plexaura/plexaura\n\ngo 1.25\n")
	return root
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// builds stands for build: it writes a program and counts.
type builds struct {
	n   int
	err error
}

func (b *builds) build(ctx context.Context, root, program string) error {
	b.n++
	if b.err != nil {
		return b.err
	}
	return os.WriteFile(program, []byte(root), 0o755)
}

// files lists what lies beneath dir.
func files(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && path != dir {
			name, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

func TestInstallAndUninstall(t *testing.T) {
	root, home, b := clone(t), t.TempDir(), &builds{}
	data := filepath.Join(home, "share", "jupyter")
	k := func(name string) *kernel { return newKernel(data, name) }
	install := func(name string) {
		t.Helper()
		if err := k(name).install(context.Background(), root, b.build); err != nil {
			t.Fatal(err)
		}
	}
	install("plexaura")
	var spec struct {
		Argv    []string `json:"argv"`
		Display string   `json:"display_name"`
		Mode    string   `json:"interrupt_mode"`
	}
	text, err := os.ReadFile(filepath.Join(data, "kernels", "plexaura", "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &spec); err != nil {
		t.Fatal(err)
	}
	if n := len(spec.Argv); n < 2 || spec.Argv[n-2] != k("plexaura").program() || spec.Argv[n-1] != "{connection_file}" ||
		spec.Display != "Go (Plexaura)" || spec.Mode == "" {
		t.Errorf("kernel.json is %s", text)
	}

	install("plexaura")
	if b.n != 1 {
		t.Errorf("built %d times; nothing changed since the first", b.n)
	}
	write(t, filepath.Join(root, "new.go"), "package plexaura\n")
	install("plexaura")
	if b.n != 2 {
		t.Errorf("built %d times; want twice, as there is a new file", b.n)
	}
	if err := os.Remove(k("plexaura").program()); err != nil {
		t.Fatal(err)
	}
	install("plexaura")
	if b.n != 3 {
		t.Errorf("built %d times; want three times, as the program was gone", b.n)
	}

	install("other")
	if b.n != 4 {
		t.Errorf("built %d times with a second kernel; want 4", b.n)
	}
	if err := k("plexaura").uninstall(); err != nil {
		t.Fatal(err)
	}
	if got := files(t, home); !strings.Contains(got, "kernels/other/kernel.json") || strings.Contains(got, "plexaura") {
		t.Errorf("after one of two kernels was removed there is %s", got)
	}
	if err := k("other").uninstall(); err != nil {
		t.Fatal(err)
	}
	if err := k("other").uninstall(); err != nil {
		t.Errorf("uninstalling what is not there: %v", err)
	}
	// The second kernel did not make the folders above it, so they stay when it goes last.
	if got := files(t, home); got != "share share/jupyter share/jupyter/kernels" && got != "" {
		t.Errorf("after both were removed there is %s", got)
	}
}

func TestUninstallLeavesNothing(t *testing.T) {
	home := t.TempDir()
	data := filepath.Join(home, "share", "jupyter")
	k := newKernel(data, "plexaura")
	if err := k.install(context.Background(), clone(t), (&builds{}).build); err != nil {
		t.Fatal(err)
	}
	if err := newKernel(data, "plexaura").uninstall(); err != nil {
		t.Fatal(err)
	}
	if got := files(t, home); got != "" {
		t.Errorf("left: %s", got)
	}
}

// A folder that cannot be removed is reported, and what others have put into it is told apart from what is the system's.
func TestUninstallEndsEarly(t *testing.T) {
	for _, foreign := range []bool{true, false} {
		k := newKernel(t.TempDir(), "plexaura")
		if err := k.install(context.Background(), clone(t), (&builds{}).build); err != nil {
			t.Fatal(err)
		}
		folder := k.folder
		if foreign {
			write(t, filepath.Join(folder, "logo-64x64.png"), "")
		} else if k.folder += string(filepath.Separator) + "."; runtime.GOOS == "windows" { // a path that rmdir refuses
			continue
		}
		err := k.uninstall()
		if err == nil || strings.Contains(err.Error(), "not of the kernel") != foreign || !exists(folder) {
			t.Errorf("foreign files: %v; error %v", foreign, err)
		}
	}
}

// What a kill or a full disk leaves behind is installed over, and uninstalled.
func TestInstallEndsEarly(t *testing.T) {
	ctx, root := context.Background(), clone(t)
	kernelIn := func(home string) *kernel {
		return newKernel(filepath.Join(home, "jupyter"), "plexaura")
	}
	// What lies there at the moment of the kill is copied.
	killedHome := func() string {
		home, left := t.TempDir(), t.TempDir()
		kernelIn(home).install(ctx, root, func(ctx context.Context, root, program string) error {
			write(t, program, "")
			write(t, filepath.Join(filepath.Dir(program), building), "half a program")
			return errors.Join(os.CopyFS(left, os.DirFS(home)), errors.New("killed"))
		})
		at := filepath.Join(kernelIn(left).folder, origin.File)
		text, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		write(t, at, strings.ReplaceAll(string(text), home, left))
		return left
	}
	home := killedHome()
	if err := kernelIn(home).uninstall(); err != nil || files(t, home) != "" {
		t.Errorf("uninstalling after a kill: %v; left: %s", err, files(t, home))
	}
	home = killedHome()
	b := &builds{}
	if err := kernelIn(home).install(ctx, root, b.build); err != nil || b.n != 1 {
		t.Errorf("installing after a kill: %v, built %d times", err, b.n)
	}
	if err := kernelIn(home).uninstall(); err != nil || files(t, home) != "" {
		t.Errorf("uninstalling then: %v; left: %s", err, files(t, home))
	}

	// kernel.json cannot be written where a folder lies.
	home = t.TempDir()
	err := kernelIn(home).install(ctx, root, func(ctx context.Context, root, program string) error {
		return errors.Join(b.build(ctx, root, program), os.Mkdir(filepath.Join(filepath.Dir(program), "kernel.json"), 0o755))
	})
	if err == nil || files(t, home) != "" {
		t.Errorf("error %v; left: %s", err, files(t, home))
	}
}

// A build that fails leaves the kernel that is there, and a new one of it keeps the name that was chosen.
func TestReinstall(t *testing.T) {
	ctx, root, data, b := context.Background(), clone(t), t.TempDir(), &builds{}
	k := func(display string) *kernel {
		k := newKernel(data, "plexaura")
		k.Display = display
		return k
	}
	if err := k("Mine").install(ctx, root, b.build); err != nil {
		t.Fatal(err)
	}
	before, err := k("").installed()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "new.go"), "package plexaura\n")
	b.err = errors.New("it does not compile")
	if err := k("").install(ctx, root, b.build); !errors.Is(err, b.err) {
		t.Errorf("error %v", err)
	}
	if after, err := k("").installed(); err != nil || after == nil || after.Digest != before.Digest || !exists(after.program()) {
		t.Errorf("after a failed build there is %+v (%v), was %+v", after, err, before)
	}
	b.err = nil
	if err := k("").install(ctx, root, b.build); err != nil {
		t.Fatal(err)
	}
	if after, err := k("").installed(); err != nil || after.Display != "Mine" || after.Digest == before.Digest {
		t.Errorf("reinstalled it is %+v (%v); want it new, and Mine", after, err)
	}
}

func TestInstallRefuses(t *testing.T) {
	ctx, root := context.Background(), clone(t)
	folder := func(data string) *kernel { return newKernel(data, "plexaura") }

	t.Run("a folder that cannot be written to", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		write(t, file, "")
		err := folder(file).install(ctx, root, (&builds{}).build)
		if err == nil || !strings.Contains(err.Error(), "JUPYTER_DATA_DIR") {
			t.Errorf("error %v; want one that says how to choose another folder", err)
		}
	})
	t.Run("a read-only home", func(t *testing.T) {
		if os.Getuid() == 0 || runtime.GOOS == "windows" {
			t.Skip("root may write everywhere")
		}
		home := t.TempDir()
		if err := os.Chmod(home, 0o555); err != nil {
			t.Fatal(err)
		}
		b := &builds{}
		err := folder(filepath.Join(home, "jupyter")).install(ctx, root, b.build)
		if err == nil || !strings.Contains(err.Error(), "JUPYTER_DATA_DIR") || b.n != 0 {
			t.Errorf("error %v after %d builds; want one before any build that says how to choose another folder", err, b.n)
		}
	})
	t.Run("somebody else's kernel", func(t *testing.T) {
		data := t.TempDir()
		if err := os.MkdirAll(folder(data).folder, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder(data).folder, "kernel.json"), "{}")
		before := files(t, data)
		for what, err := range map[string]error{"install": folder(data).install(ctx, root, (&builds{}).build), "uninstall": folder(data).uninstall()} {
			if err == nil || !strings.Contains(err.Error(), "-name") {
				t.Errorf("%s: error %v; want one that says to choose another name", what, err)
			}
		}
		if after := files(t, data); after != before {
			t.Errorf("there is %s now; was %s", after, before)
		}
	})
	t.Run("what does not compile", func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		b := &builds{err: errors.New("it does not compile")}
		if err := folder(data).install(ctx, root, b.build); !errors.Is(err, b.err) {
			t.Errorf("error %v", err)
		}
		if _, err := os.Stat(data); err == nil {
			t.Errorf("left: %s", files(t, data))
		}
	})
	t.Run("a broken record", func(t *testing.T) {
		data := t.TempDir()
		if err := folder(data).install(ctx, root, (&builds{}).build); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder(data).folder, origin.File), "{")
		if err := folder(data).install(ctx, root, (&builds{}).build); err == nil || !strings.Contains(err.Error(), origin.File) {
			t.Errorf("error %v; want one that names %s", err, origin.File)
		}
	})
	t.Run("no Go", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		err := folder(t.TempDir()).install(ctx, root, (&builds{}).build)
		if err == nil || !strings.Contains(err.Error(), "go.dev/dl") {
			t.Errorf("error %v; want one that says where Go is to be had", err)
		}
	})
}

// Another user's clone, of which git says nothing, is built from as one's own is.
func TestCloneWithoutGit(t *testing.T) {
	root := clone(t)
	for path, text := range map[string]string{
		".git/HEAD":                    "",
		"graph/graph.go":               "package graph\n",
		"internal/kernel/kernel.go":    "package kernel\n",
		"graph/graphtest/graphtest.go": "package graphtest\n",
		"examples/quickstart/main.go":  "package main\n\nfunc main() {}\n",
	} {
		path = filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, text)
	}
	t.Setenv("GOFLAGS", "-buildvcs=auto") // as where nobody has set anything
	b := &builder{ctx: context.Background(), root: root, folder: t.TempDir()}
	got, err := b.publicPackages()
	if want := []string{"github.com/plexaura/plexaura/graph"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("public packages %q, %v; want %q", got, err, want)
	}
}

// An interrupted go command has the time to remove its temporary files, and where it leaves some the build removes them.
func TestInterruptedGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no interrupt signal, and no shell for the program that stands for go")
	}
	bin, folder := t.TempDir(), t.TempDir()
	work := filepath.Join(folder, "go-build")
	script := "#!/bin/sh\ntrap 'rmdir $GOTMPDIR/go-build; exit 1' INT\nmkdir $GOTMPDIR/go-build\nwhile :; do sleep 0.05; done\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for end := time.Now().Add(time.Minute); !exists(work) && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		if !exists(work) {
			t.Error("go's temporary files are not among those of the build")
		}
		cancel()
	}()
	b := &builder{ctx: ctx, module: bin, folder: folder}
	if _, err := b.goCommand("build"); err == nil || err.Error() != "interrupted" {
		t.Errorf("error %v; want interrupted", err)
	}
	if exists(work) {
		t.Error("the temporary folder is left")
	}
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{{"-name", "a/b"}, {"-name", ""}, {"-name", "../x"}, {"-name", "a b"}, {"stray"}} {
		if err := run(context.Background(), args, (&builds{}).build); err == nil {
			t.Errorf("%q is no error", args)
		}
	}
	t.Chdir(t.TempDir())
	if err := run(context.Background(), []string{"-data", t.TempDir()}, (&builds{}).build); err == nil || !strings.Contains(err.Error(), "clone") {
		t.Errorf("outside of a clone: %v; want an error that says so", err)
	}
}

// Jupyter starts the kernel from the notebook's folder, where a relative path would lead elsewhere.
func TestRelativeData(t *testing.T) {
	root := clone(t)
	t.Chdir(root)
	if err := run(context.Background(), []string{"-data", "jupyter"}, (&builds{}).build); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "jupyter", "kernels", "plexaura", "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Argv []string `json:"argv"`
	}
	if err := json.Unmarshal(text, &spec); err != nil || len(spec.Argv) < 2 || !filepath.IsAbs(spec.Argv[len(spec.Argv)-2]) || !exists(spec.Argv[len(spec.Argv)-2]) {
		t.Errorf("kernel.json starts %q (%v); want the absolute path of the program", spec.Argv, err)
	}
}

// The rules are those of jupyter_core 5, paths.jupyter_data_dir, without JUPYTER_PLATFORM_DIRS.
func TestDataFolder(t *testing.T) {
	home := filepath.FromSlash("/home/me")
	for _, test := range []struct {
		system string
		env    map[string]string
		want   string
	}{
		{"linux", nil, "/home/me/.local/share/jupyter"},
		{"linux", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/jupyter"},
		{"linux", map[string]string{"XDG_DATA_HOME": "/data", "JUPYTER_DATA_DIR": "/jupyter"}, "/jupyter"},
		{"freebsd", nil, "/home/me/.local/share/jupyter"},
		{"darwin", map[string]string{"XDG_DATA_HOME": "/data"}, "/home/me/Library/Jupyter"},
		{"darwin", map[string]string{"JUPYTER_DATA_DIR": "/jupyter"}, "/jupyter"},
		{"windows", map[string]string{"APPDATA": "/appdata"}, "/appdata/jupyter"},
		{"windows", nil, "/home/me/.jupyter/data"},
		{"windows", map[string]string{"JUPYTER_CONFIG_DIR": "/config"}, "/config/data"},
	} {
		env := func(name string) string { return filepath.FromSlash(test.env[name]) }
		got, err := dataFolder(test.system, func() (string, error) { return home, nil }, env)
		if got != filepath.FromSlash(test.want) || err != nil {
			t.Errorf("%s with %v: %s, %v; want %s", test.system, test.env, got, err, test.want)
		}
		// Without a home it is an error where home is needed, and only there.
		got, err = dataFolder(test.system, func() (string, error) { return "", errors.New("no home") }, env)
		if inHome := strings.HasPrefix(test.want, "/home/me/"); inHome != (err != nil) || inHome && !strings.Contains(err.Error(), "-data") {
			t.Errorf("%s with %v, without a home: %s, %v", test.system, test.env, got, err)
		}
	}
}

func TestMissingJupyter(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JUPYTER_DATA_DIR", filepath.FromSlash("/somewhere"))
	if got, err := findJupyter(context.Background()); err != nil || !got.missing || got.data != filepath.FromSlash("/somewhere") {
		t.Errorf("without Jupyter: %+v, %v", got, err)
	}
}

func TestReplaceOnce(t *testing.T) {
	if got, err := replaceOnce("a b c", "b", "x"); got != "a x c" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"a c", "b b"} {
		if _, err := replaceOnce(text, "b", "x"); err == nil {
			t.Errorf("replacing in %q is no error", text)
		}
	}
}

// Each patch has a file that is compiled, and its place in the gophernotes of the kernel's go.mod.
func TestPatches(t *testing.T) {
	for name := range patches {
		if !slices.Contains(taken, name) {
			t.Errorf("patches for %s, which is not compiled", name)
		}
	}
	dir, err := runGo(context.Background(), filepath.Join("..", "gophernotes"), nil, "list", "-m", "-f", "{{.Dir}}", gophernotes)
	if dir = strings.TrimSpace(dir); err != nil || dir == "" {
		t.Skipf("gophernotes is not in the module cache: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		if known := append([]string{"complete.go", "compiler_version.go"}, taken...); !slices.Contains(known, name) && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("gophernotes has a file %s, of which it was not decided whether it is compiled", name)
		}
	}
	b := builder{folder: t.TempDir()}
	for name, patches := range patches {
		if _, err := b.patch(filepath.Join(dir, name), patches); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
