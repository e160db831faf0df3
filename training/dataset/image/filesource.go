package image

import (
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training/dataset"
)

// FileSource is a dataset.Source of pictures in files; Folder and Files make one. It knows its labels, so that Partition and the like may be
// Stratified. Reading decodes, resizes and normalises a picture as its Config
// says: X is float32 [height, width, channels], or [channels, height, width] in CHW.
type FileSource struct {
	Paths   []string // of the pictures; below the folder, with slashes, where Folder made it
	Classes []string // names of the class ids; nil for none

	name   string // of the folder
	labels []int64
	cfg    Config
	open   func(path string) (fs.File, error)
}

var _ dataset.Labelled = (*FileSource)(nil)

// Files is a source of the pictures at paths. labels are their class ids, or nil.
func Files(paths []string, labels []int64, cfg Config) (*FileSource, error) {
	cfg, err := cfg.filled()
	switch {
	case err != nil:
	case len(paths) == 0:
		err = errors.New("wanted the paths of one picture or more, came none")
	case labels != nil && len(labels) != len(paths):
		err = errors.Errorf("wanted a label for each of %d paths, or nil, came %d labels", len(paths), len(labels))
	}
	for i, l := range labels {
		if l < 0 && err == nil {
			err = errors.Errorf("labels[%d]: wanted a class id of 0 or more, came %d", i, l)
		}
	}
	if err != nil {
		return nil, errors.WithMessage(err, "image: Files")
	}
	return &FileSource{
		Paths:  append([]string(nil), paths...),
		labels: append([]int64(nil), labels...),
		cfg:    cfg,
		open:   func(path string) (fs.File, error) { return os.Open(path) },
	}, nil
}

// Len is how many pictures there are.
func (s *FileSource) Len() int { return len(s.Paths) }

// Labels returns the class id of each picture, [n]; nil for none. It is not to be changed.
func (s *FileSource) Labels() []int64 { return s.labels }

// Read fills e with picture e.Index. A file that is gone, damaged or no picture is an error that names its path.
func (s *FileSource) Read(e *dataset.Example) error {
	m, err := s.read(e.Index, e.X) // fresh memory for each picture would cost more than its pixels
	if err != nil {
		return err
	}
	if m.Layout == CHW {
		e.Resize(m.Channels, m.Height, m.Width)
	} else {
		e.Resize(m.Height, m.Width, m.Channels)
	}
	copy(e.X, m.Pix)
	e.Label, e.Target = -1, nil
	if s.labels != nil {
		e.Label = s.labels[e.Index]
	}
	return nil
}

// Image reads picture i.
func (s *FileSource) Image(i int) (*Image, error) { return s.read(i, nil) }

// read may put the picture on the memory of pix.
func (s *FileSource) read(i int, pix []float32) (*Image, error) {
	if i < 0 || i >= len(s.Paths) {
		return nil, errors.Errorf("image: %v: wanted a picture from 0 to %d, came %d", s, len(s.Paths)-1, i)
	}
	f, err := s.open(s.Paths[i])
	if err != nil {
		return nil, errors.WithMessagef(err, "image: %s", s.path(i))
	}
	defer f.Close()
	m, err := decode(f, s.cfg, pix)
	if err != nil {
		return nil, errors.WithMessagef(err, "image: %s", s.path(i))
	}
	return m, nil
}

// path is what a user knows picture i by.
func (s *FileSource) path(i int) string {
	if s.name == "" {
		return s.Paths[i]
	}
	return strings.TrimSuffix(s.name, "/") + "/" + s.Paths[i]
}

// String says how many pictures there are, and of which classes.
func (s *FileSource) String() string {
	if s == nil {
		return "no pictures"
	}
	var b strings.Builder
	if s.name != "" {
		b.WriteString(s.name + ": ")
	}
	fmt.Fprintf(&b, "%d pictures", len(s.Paths))
	if len(s.Classes) == 0 {
		return b.String()
	}
	counts := make([]int, len(s.Classes))
	for _, l := range s.labels {
		if int(l) < len(counts) { // Classes is the caller's to change
			counts[l]++
		}
	}
	const most = 20 // classes to list
	for i, n := range counts {
		if i == most {
			fmt.Fprintf(&b, ", and %d more classes", len(counts)-most)
			break
		}
		fmt.Fprintf(&b, ", %s %d", s.Classes[i], n)
	}
	return b.String()
}
