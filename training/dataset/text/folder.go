package text

import (
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/pkg/errors"
)

// FolderConfig says which files of a folder are texts, and how they become sequences.
type FolderConfig struct {
	Config
	Classes []string // sub-folders to read, in the order of their ids; nil means all, sorted by name
	FS      fs.FS    // where the folder lies, such as an embed.FS; nil means the operating system's files
	// Decode makes text of a file, such as that of a mail without its headers; nil takes the bytes as UTF-8.
	Decode func(name string, content []byte) (string, error)
}

// Folder makes a source of the files of a folder, DIR/CLASS/..., a text each: classes are numbered from 0 in the order of their names, the files
// of a class come sorted by path, those in folders below it included. Files beside the class folders, and names that begin with a dot, are
// left out. A folder without classes and a class without files are errors; an error of a text names its file.
func Folder(dir string, cfg FolderConfig) (*Source, error) {
	s, err := folder(dir, cfg)
	return s, errors.WithMessagef(err, "text: Folder %s", dir)
}

func folder(dir string, cfg FolderConfig) (*Source, error) {
	files := cfg.FS
	if files == nil {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		files = root.FS()
	} else {
		var err error
		if files, err = fs.Sub(files, path.Clean(dir)); err != nil {
			return nil, err
		}
	}
	classes := cfg.Classes
	if classes == nil {
		entries, err := fs.ReadDir(files, ".")
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
				classes = append(classes, e.Name())
			}
		}
	}
	if len(classes) == 0 {
		return nil, errors.New("wanted a sub-folder for each class, there is none")
	}
	var names, texts []string
	var labels []int64
	for id, class := range classes {
		before := len(names)
		err := walk(files, class, func(name string, content []byte) error {
			text := string(content)
			if cfg.Decode != nil {
				var err error
				if text, err = cfg.Decode(name, content); err != nil {
					return errors.WithMessage(err, name)
				}
			}
			names, texts, labels = append(names, name), append(texts, text), append(labels, int64(id))
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(names) == before {
			return nil, errors.Errorf("class %s has no files; remove the sub-folder, or name in Classes those to read", class)
		}
	}
	s, err := newSource(texts, labels, func(i int) string { return names[i] }, cfg.Config)
	if err == nil {
		s.Classes = classes
	}
	return s, err
}

// walk calls use with each file below a folder, sorted by path.
func walk(files fs.FS, dir string, use func(name string, content []byte) error) error {
	return fs.WalkDir(files, dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != dir && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !e.Type().IsRegular():
			return nil
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return use(name, content)
	})
}
