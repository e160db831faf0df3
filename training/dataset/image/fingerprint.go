package image

import (
	"fmt"
	"io"
	"io/fs"

	"github.com/pkg/errors"
)

// Fingerprint writes what the pictures follow from: the Config, and of each file its name, its label, its length and the time of its last change, or its
// content where a file system keeps no times, such as an embed.FS. Where the folder lies is no part of it. See dataset.Fingerprint.
func (s *FileSource) Fingerprint(w io.Writer) error {
	c := s.cfg
	fmt.Fprintf(w, "pictures %d %d %d %d %d %d %d %v %v %d %d\n",
		c.Height, c.Width, c.Fit, c.Shorter, c.Resampling, c.Channels, c.Layout, c.Normalize, c.IgnoreOrientation, c.MaxPixels, c.MaxFileLength)
	if c.Background != nil {
		r, g, b, a := c.Background.RGBA()
		fmt.Fprintln(w, "on", r, g, b, a)
	}
	for i := range s.Paths {
		if err := s.fingerprint(w, i); err != nil {
			return errors.WithMessagef(err, "image: Fingerprint: %s", s.path(i))
		}
	}
	return nil
}

// fingerprint writes what is known of file i.
func (s *FileSource) fingerprint(w io.Writer, i int) error {
	f, err := s.open(s.Paths[i])
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	label := int64(-1)
	if s.labels != nil {
		label = s.labels[i]
	}
	if _, err := fmt.Fprintf(w, "%q %d %d ", s.Paths[i], label, info.Size()); err != nil {
		return err
	}
	return writeChange(w, f, info)
}

// writeChange writes when a file was changed, or what is in it.
func writeChange(w io.Writer, f fs.File, info fs.FileInfo) error {
	if t := info.ModTime(); !t.IsZero() {
		_, err := fmt.Fprintln(w, t.UnixNano())
		return err
	}
	_, err := io.Copy(w, f)
	return err
}
