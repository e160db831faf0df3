package image

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/plexaura/plexaura/training/dataset"
)

// pictureFile is a picture of 7x9 pixels; a truncated one is damaged.
func pictureFile(t *testing.T) []byte {
	t.Helper()
	file, err := os.ReadFile("testdata/rgb.png")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func tree(t *testing.T) fstest.MapFS {
	good := &fstest.MapFile{Data: pictureFile(t)}
	return fstest.MapFS{
		"set/wasps/b.png":      good,
		"set/wasps/a.PNG":      good,
		"set/ants/z/deep.jpg":  good, // by content a PNG
		"set/ants/c.jpeg":      good,
		"set/ants/.hidden.png": good,
		"set/ants/notes.txt":   {Data: []byte("no picture")},
		"set/ants/unnamed":     good,
		"set/.cache/x.png":     good,
		"set/loose.png":        good,
	}
}

func TestFolder(t *testing.T) {
	files := tree(t)
	for _, c := range []struct {
		cfg     FolderConfig
		paths   []string
		labels  []int64
		classes []string
	}{
		{FolderConfig{}, []string{"ants/c.jpeg", "ants/z/deep.jpg", "wasps/a.PNG", "wasps/b.png"}, []int64{0, 0, 1, 1}, []string{"ants", "wasps"}},
		{FolderConfig{ByContent: true}, []string{"ants/c.jpeg", "ants/unnamed", "ants/z/deep.jpg", "wasps/a.PNG", "wasps/b.png"}, []int64{0, 0, 0, 1, 1}, []string{"ants", "wasps"}},
		{FolderConfig{Classes: []string{"wasps", "ants/z"}}, []string{"wasps/a.PNG", "wasps/b.png", "ants/z/deep.jpg"}, []int64{0, 0, 1}, []string{"wasps", "ants/z"}},
		{FolderConfig{Flat: true}, []string{"ants/c.jpeg", "ants/z/deep.jpg", "loose.png", "wasps/a.PNG", "wasps/b.png"}, nil, nil},
	} {
		c.cfg.FS = files
		s, err := Folder("set", c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.Paths, c.paths) || !slices.Equal(s.Labels(), c.labels) || !slices.Equal(s.Classes, c.classes) || s.Len() != len(c.paths) {
			t.Errorf("%+v: %v %v %v", c.cfg, s.Paths, s.Labels(), s.Classes)
		}
		for i := range s.Len() {
			e := &dataset.Example{Index: i, Label: 77}
			if err := s.Read(e); err != nil {
				t.Fatal(err)
			}
			want := int64(-1)
			if c.labels != nil {
				want = c.labels[i]
			}
			if e.Label != want || !slices.Equal(e.Shape, []int{7, 9, 3}) || len(e.X) != 7*9*3 {
				t.Errorf("picture %d: label %d, shape %v", i, e.Label, e.Shape)
			}
		}
	}
	s, err := Folder("set", FolderConfig{FS: files, Image: Config{Height: 4, Width: 5, Layout: CHW, Channels: 1}})
	if err != nil {
		t.Fatal(err)
	}
	e := &dataset.Example{Index: 3}
	if err := s.Read(e); err != nil || !slices.Equal(e.Shape, []int{1, 4, 5}) {
		t.Errorf("%v, %v", e.Shape, err)
	}
	if got, want := s.String(), "set: 4 pictures, ants 2, wasps 2"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	wantError(t, s.Read(&dataset.Example{Index: 4}), "set: 4 pictures", "0 to 3, came 4")
	if s := (*FileSource)(nil).String(); s != "no pictures" {
		t.Error(s)
	}
}

func TestFolderRefuses(t *testing.T) {
	files := tree(t)
	empty := fstest.MapFS{"set/a/x.txt": {}, "set/b/y.png": {Data: pictureFile(t)}}
	many := fstest.MapFS{}
	for i := range 21 {
		many[fmt.Sprintf("set/%02d/a.png", i)] = &fstest.MapFile{}
	}
	for _, c := range []struct {
		dir  string
		cfg  FolderConfig
		want []string
	}{
		{"none", FolderConfig{FS: files}, []string{"none"}},
		{"set", FolderConfig{FS: files, Flat: true, Classes: []string{"ants"}}, []string{"Flat excludes Classes"}},
		{"set", FolderConfig{FS: files, Classes: []string{"ants", "bees"}}, []string{`Classes[1]: there is no sub-folder "bees"; there are ants, wasps`}},
		{"set/wasps", FolderConfig{FS: files, Classes: []string{"bees"}}, []string{"there is none at all"}},
		{"set", FolderConfig{FS: many, Classes: []string{"bees"}}, []string{"there are 00, 01,", ", 19, ..."}},
		{"set", FolderConfig{FS: files, Classes: []string{"ants", "ants"}}, []string{"Classes[1]", "ants"}},
		{"set", FolderConfig{FS: files, Classes: []string{"../set"}}, []string{"Classes[0]", "../set"}},
		{"set", FolderConfig{FS: files, Image: Config{Channels: 9}}, []string{"Image: Channels"}},
		{"set/wasps", FolderConfig{FS: files}, []string{"a sub-folder for each class", "Flat"}},
		{"set", FolderConfig{FS: empty}, []string{"class a has no pictures", "Classes"}},
		{"set/a", FolderConfig{FS: empty, Flat: true}, []string{"wanted pictures", "ByContent"}},
		{"set", FolderConfig{FS: empty, Classes: []string{"a"}}, []string{"the classes a have no pictures"}},
		{filepath.Join(t.TempDir(), "nowhere"), FolderConfig{}, []string{"nowhere"}},
	} {
		_, err := Folder(c.dir, c.cfg)
		wantError(t, err, append(c.want, "image: Folder "+c.dir)...)
	}
	for want, f := range map[string]func() (*FileSource, error){
		"wanted the paths":            func() (*FileSource, error) { return Files(nil, nil, Config{}) },
		"a label for each of 2 paths": func() (*FileSource, error) { return Files([]string{"a", "b"}, []int64{1}, Config{}) },
		"labels[1]":                   func() (*FileSource, error) { return Files([]string{"a", "b"}, []int64{1, -1}, Config{}) },
		"Channels":                    func() (*FileSource, error) { return Files([]string{"a"}, nil, Config{Channels: 7}) },
	} {
		_, err := f()
		wantError(t, err, "image: Files", want)
	}
}

// A link may lead to another place below the folder, but not out of it.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	write := func(name string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, pictureFile(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(target, name string) {
		t.Helper()
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	write("outside.png")
	write("set/ants/a.png")
	write("set/bees/b.png")
	link("../ants/a.png", "set/bees/same.png")
	link("ants", "set/emmets")
	link("..", "set/bees/round") // a folder: not followed
	s, err := Folder(filepath.Join(dir, "set"), FolderConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"ants/a.png", "bees/b.png", "bees/same.png", "emmets/a.png"}; !slices.Equal(s.Paths, want) {
		t.Errorf("paths %v, want %v", s.Paths, want)
	}
	if bad, err := s.Verify(context.Background()); err != nil || len(bad) > 0 {
		t.Errorf("%v, %v", bad, err)
	}
	link("../../outside.png", "set/bees/out.png")
	_, err = Folder(filepath.Join(dir, "set"), FolderConfig{})
	wantError(t, err, "bees/out.png", "out of the folder")
	// A link that is put in place of a picture after the folder was listed.
	if err := os.Remove(filepath.Join(dir, "set/bees/b.png")); err != nil {
		t.Fatal(err)
	}
	link("../../outside.png", "set/bees/b.png")
	wantError(t, s.Read(&dataset.Example{Index: 1}), "set/bees/b.png")
	// A link that may have been meant for a class is not left out in silence.
	write("elsewhere/wasps/c.png")
	for name, want := range map[string]string{"../elsewhere/wasps": "out of the folder or nowhere", "gone": "out of the folder or nowhere", ".": "leads to the folder itself"} {
		path := filepath.Join(dir, "linked")
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		write("linked/ants/a.png")
		write("linked/bees/b.png")
		link(name, "linked/wasps")
		_, err := Folder(path, FolderConfig{})
		wantError(t, err, "the link wasps leads", want)
		s, err := Folder(path, FolderConfig{Classes: []string{"ants", "bees"}})
		if err != nil || s.Len() != 2 {
			t.Errorf("with the classes named, and a link to %s: %v, %v", name, s, err)
		}
	}
	all, err := Folder("set", FolderConfig{FS: os.DirFS(dir)})
	if err != nil {
		t.Fatal(err)
	}
	if bad, err := all.Verify(context.Background()); err != nil || len(bad) > 0 {
		t.Errorf("%v, %v", bad, err)
	}
}

// panicking is a file system that fails badly.
type panicking struct{ fstest.MapFS }

func (p panicking) Open(name string) (fs.File, error) {
	if name == "a/2.png" {
		panic("out of order")
	}
	return p.MapFS.Open(name)
}

func TestVerify(t *testing.T) {
	file := pictureFile(t)
	files := fstest.MapFS{"a/0.png": {Data: file}, "a/1.png": {Data: file[:len(file)-30]}, "a/3.png": {}, "a/4.png": {Data: file}}
	s, err := Folder(".", FolderConfig{FS: files})
	if err != nil {
		t.Fatal(err)
	}
	bad, err := s.Verify(context.Background())
	if err != nil || len(bad) != 2 || bad[0].Index != 1 || bad[1].Path != "./a/3.png" {
		t.Fatalf("%v, %v", bad, err)
	}
	wantError(t, bad[0].Err, "a/1.png", "damaged or truncated png")
	wantError(t, bad[1].Err, "a/3.png", "empty")
	wantError(t, s.Read(&dataset.Example{Index: 1}), "a/1.png", "damaged or truncated png")
	delete(files, "a/4.png")
	wantError(t, s.Read(&dataset.Example{Index: 3}), "a/4.png")

	files["a/2.png"] = &fstest.MapFile{Data: file}
	if s, err = Folder("a", FolderConfig{FS: panicking{files}, Flat: true}); err == nil {
		s.open = panicking{files}.Open
		s.Paths = []string{"a/0.png", "a/2.png"}
		bad, err = s.Verify(context.Background())
	}
	if err != nil || len(bad) != 1 || bad[0].Index != 1 {
		t.Fatalf("%v, %v", bad, err)
	}
	wantError(t, bad[0].Err, "a/2.png", "out of order")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Verify(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestTar(t *testing.T) {
	path := filepath.Join(t.TempDir(), "set.tar")
	write := func(names ...string) {
		t.Helper()
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		w := tar.NewWriter(f)
		for _, name := range names {
			if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(pictureFile(t)))}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(pictureFile(t)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	write("./b/2.png", "a/1.png", "a/0.png", "a/1.png", "a/deep/er/3.png")
	files, err := OpenTar(path)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if err := fstest.TestFS(files, "b/2.png", "a/1.png", "a/0.png", "a/deep/er/3.png"); err != nil {
		t.Error(err)
	}
	s, err := Folder(".", FolderConfig{FS: files})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a/0.png", "a/1.png", "a/deep/er/3.png", "b/2.png"}; !slices.Equal(s.Paths, want) {
		t.Errorf("paths %v, want %v", s.Paths, want)
	}
	if bad, err := s.Verify(context.Background()); err != nil || len(bad) > 0 {
		t.Errorf("%v, %v", bad, err)
	}
	for name, want := range map[string]string{"../evil.png": "../evil.png", "/etc/evil.png": "/etc/evil.png"} {
		write(name)
		_, err := OpenTar(path)
		wantError(t, err, "image: OpenTar "+path, want)
	}
	for _, content := range []string{"\x1f\x8b gzip", "no tar at all, but long enough to fill a block?"} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := OpenTar(path)
		wantError(t, err, "image: OpenTar", "tar")
	}
	_, err = OpenTar(filepath.Join(t.TempDir(), "none.tar"))
	wantError(t, err, "image: OpenTar", "none.tar")
}
