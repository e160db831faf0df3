package image

import (
	"archive/tar"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pkg/errors"
)

// TarFS is the content of a tar file as an fs.FS, for FolderConfig.FS. The files stay where they are and can be read in any order, by several
// goroutines at once.
type TarFS struct {
	file  *os.File
	nodes map[string]*tarNode
}

// tarNode is a file or a folder; it describes itself.
type tarNode struct {
	name     string // the last element of its path
	dir      bool
	at, size int64 // of a file's content
	time     time.Time
	children []fs.DirEntry // of a folder, sorted by name
}

// OpenTar reads the list of files of a tar, which must not be compressed: gunzip it first. Links and special files are left out. Close it
// when the source is no longer read.
func OpenTar(name string) (*TarFS, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, errors.WithMessage(err, "image: OpenTar")
	}
	t := &TarFS{file: f, nodes: map[string]*tarNode{".": {name: ".", dir: true}}}
	if err := t.index(); err != nil {
		f.Close()
		return nil, errors.WithMessagef(err, "image: OpenTar %s", name)
	}
	return t, nil
}

// Close closes the file.
func (t *TarFS) Close() error { return t.file.Close() }

func (t *TarFS) index() error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(t.file, head); err == nil && bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return errors.New("wanted a tar that is not compressed, came gzip; gunzip it, so that its files can be read in any order")
	}
	if _, err := t.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r := tar.NewReader(t.file)
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errors.WithMessage(err, "damaged, or no tar")
		}
		name := path.Clean(h.Name)
		if !fs.ValidPath(name) { // absolute, or above the root
			return errors.Errorf("wanted names below the root of the tar, came %q", h.Name)
		}
		switch h.Typeflag {
		case tar.TypeDir:
			t.folder(name)
		case tar.TypeReg:
			// The reader takes whole blocks, so the file now stands where the content begins.
			at, err := t.file.Seek(0, io.SeekCurrent)
			if err != nil {
				return err
			}
			t.add(name, &tarNode{name: path.Base(name), at: at, size: h.Size, time: h.ModTime})
		}
	}
	for _, n := range t.nodes {
		slices.SortFunc(n.children, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return nil
}

// folder finds or makes a folder and those above it.
func (t *TarFS) folder(name string) *tarNode {
	if n, ok := t.nodes[name]; ok {
		return n
	}
	n := &tarNode{name: path.Base(name), dir: true}
	t.add(name, n)
	return n
}

// add puts a node into its folder. A second entry of one name replaces the first, as it does when a tar is unpacked.
func (t *TarFS) add(name string, n *tarNode) {
	if old, ok := t.nodes[name]; ok {
		if !old.dir && !n.dir {
			*old = *n
		}
		return
	}
	parent := t.folder(path.Dir(name))
	t.nodes[name] = n
	parent.children = append(parent.children, n)
}

// Open opens a file or a folder by its path in the tar.
func (t *TarFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	n, ok := t.nodes[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if n.dir {
		return &tarFolder{node: n}, nil
	}
	return &tarFile{n, io.NewSectionReader(t.file, n.at, n.size)}, nil
}

type tarFile struct {
	*tarNode
	*io.SectionReader
}

// Both parts of a tarFile have a Size.
func (f *tarFile) Size() int64                { return f.size }
func (f *tarFile) Stat() (fs.FileInfo, error) { return f.tarNode, nil }
func (f *tarFile) Close() error               { return nil }

type tarFolder struct {
	node *tarNode
	read int
}

func (d *tarFolder) Stat() (fs.FileInfo, error) { return d.node, nil }
func (d *tarFolder) Close() error               { return nil }
func (d *tarFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.node.name, Err: errors.New("is a folder")}
}

func (d *tarFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.node.children[d.read:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	d.read += len(rest)
	return slices.Clone(rest), nil
}

func (n *tarNode) Name() string               { return n.name }
func (n *tarNode) IsDir() bool                { return n.dir }
func (n *tarNode) Size() int64                { return n.size }
func (n *tarNode) ModTime() time.Time         { return n.time }
func (n *tarNode) Sys() any                   { return nil }
func (n *tarNode) Info() (fs.FileInfo, error) { return n, nil }
func (n *tarNode) Type() fs.FileMode          { return n.Mode().Type() }
func (n *tarNode) Mode() fs.FileMode {
	if n.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
