package image

import (
	stdimage "image"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// FolderConfig says which files of a folder are pictures, and of which class. The zero value takes a sub-folder for each class.
type FolderConfig struct {
	Image Config // what becomes of a file; set Height and Width unless all files have one size

	Flat      bool     // no classes: all pictures in the folder and below, with Label -1
	Classes   []string // sub-folders to read, in the order of their ids; nil means all, sorted by name
	ByContent bool     // look into each file, whatever its name; by default the extension tells (.jpg, .png, ...)
	FS        fs.FS    // where the folder lies, such as an embed.FS, a *zip.Reader or OpenTar's; nil means the operating system's files
}

// extensions are those of the formats that Decode knows.
var extensions = []string{".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}

// Folder lists the pictures of a folder: DIR/CLASS/..., as torchvision.datasets.ImageFolder and
// tf.keras.utils.image_dataset_from_directory want it. Classes are numbered from 0 in the order of their names; the pictures of a class come
// sorted by path, those in folders below it included. Pictures beside the class folders, and names that begin with a dot, are left out.
//
// Files are opened when they are read, not before; Verify looks for damaged ones. A link may lead to another file below dir, but not out of it.
// A folder without pictures, a class without any (unless Classes names it), and a link that leads nowhere, out of dir or, as a class, to dir itself are
// errors.
func Folder(dir string, cfg FolderConfig) (*FileSource, error) {
	s, err := folder(dir, cfg)
	if err != nil {
		return nil, errors.WithMessagef(err, "image: Folder %s", dir)
	}
	return s, nil
}

func folder(dir string, cfg FolderConfig) (*FileSource, error) {
	image, err := cfg.Image.filled()
	if err != nil {
		return nil, errors.WithMessage(err, "Image")
	}
	if cfg.Flat && cfg.Classes != nil {
		return nil, errors.New("Flat excludes Classes; set one")
	}
	s := &FileSource{name: dir, cfg: image}
	files := cfg.FS
	if files == nil {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		files = root.FS()
		s.open = func(name string) (fs.File, error) { return os.OpenInRoot(dir, filepath.FromSlash(name)) }
	} else {
		if files, err = fs.Sub(files, path.Clean(filepath.ToSlash(dir))); err != nil {
			return nil, err
		}
		s.open = files.Open
	}
	if cfg.Flat {
		s.Paths, err = cfg.pictures(files, ".")
		if err == nil && len(s.Paths) == 0 {
			err = errors.Errorf("wanted pictures (%s), there are none; set ByContent if they have other names", strings.Join(extensions, " "))
		}
		return s, err
	}
	return s, s.readClasses(files, cfg)
}

// readClasses lists the pictures of each class.
func (s *FileSource) readClasses(files fs.FS, cfg FolderConfig) error {
	s.Classes = slices.Clone(cfg.Classes)
	if cfg.Classes == nil {
		var err error
		if s.Classes, err = subFolders(files); err != nil {
			return err
		}
	}
	if len(s.Classes) == 0 {
		return errors.New("wanted a sub-folder for each class, there is none; set Flat for pictures without classes")
	}
	s.labels = []int64{}
	for id, class := range s.Classes {
		if !fs.ValidPath(class) || class == "." || slices.Contains(s.Classes[:id], class) {
			return errors.Errorf("Classes[%d]: wanted a sub-folder that is not there twice, came %q", id, class)
		}
		paths, err := cfg.pictures(files, class)
		if errors.Is(err, fs.ErrNotExist) {
			if there, err := subFolders(files); err == nil && !slices.Contains(there, class) {
				return errors.Errorf("Classes[%d]: there is no sub-folder %q%s", id, class, listed(there))
			}
		}
		if err != nil {
			return err
		}
		if len(paths) == 0 && cfg.Classes == nil {
			return errors.Errorf("class %s has no pictures (%s); remove the sub-folder, or name in Classes those to read", class, strings.Join(extensions, " "))
		}
		s.Paths = append(s.Paths, paths...)
		for range paths {
			s.labels = append(s.labels, int64(id))
		}
	}
	if len(s.Paths) == 0 {
		return errors.Errorf("the classes %s have no pictures", strings.Join(s.Classes, ", "))
	}
	return nil
}

// subFolders lists the folders of a folder by name, without those whose name
// begins with a dot.
func subFolders(files fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		is, err := isFolder(files, e)
		if err != nil {
			return nil, err
		}
		if is {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// listed ends a message with the names that could have been meant, the first twenty.
func listed(names []string) string {
	switch n := len(names); {
	case n == 0:
		return "; there is none at all"
	case n > 20:
		return "; there are " + strings.Join(names[:20], ", ") + ", ..."
	}
	return "; there are " + strings.Join(names, ", ")
}

// pictures lists the pictures below a folder, sorted by path.
func (c FolderConfig) pictures(files fs.FS, dir string) ([]string, error) {
	var paths []string
	err := fs.WalkDir(files, dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != dir && strings.HasPrefix(e.Name(), ".") {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e.IsDir() || !c.ByContent && !slices.Contains(extensions, strings.ToLower(path.Ext(name))) {
			return nil
		}
		mode := e.Type()
		if mode&fs.ModeSymlink != 0 {
			target, err := fs.Stat(files, name)
			if err != nil {
				return badLink(name, err)
			}
			mode = target.Mode().Type()
		}
		if !mode.IsRegular() { // a pipe would wait for ever
			return nil
		}
		if c.ByContent {
			if known, err := isPicture(files, name); err != nil || !known {
				return err
			}
		}
		paths = append(paths, name)
		return nil
	})
	return paths, err
}

// isFolder tells whether an entry of files is a folder, or a link to one.
func isFolder(files fs.FS, e fs.DirEntry) (bool, error) {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir(), nil
	}
	target, err := fs.Stat(files, e.Name())
	if err != nil {
		return false, badLink(e.Name(), err)
	}
	if all, err := fs.Stat(files, "."); err == nil && os.SameFile(all, target) {
		return false, errors.Errorf("the link %s leads to the folder itself, and is no class of it; remove it, or name in Classes the sub-folders to read", e.Name())
	}
	return target.IsDir(), nil
}

// badLink is the error for a link that cannot be followed.
func badLink(name string, err error) error {
	return errors.WithMessagef(err, "the link %s leads out of the folder or nowhere; remove it, or set FS to os.DirFS to follow it", name)
}

// isPicture tells whether a file begins as a picture does, damaged or not.
func isPicture(files fs.FS, name string) (bool, error) {
	f, err := files.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	_, _, err = stdimage.DecodeConfig(f)
	return err != stdimage.ErrFormat, nil
}
