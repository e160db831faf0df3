package fetch

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/wholefile"
)

// sumsSuffix ends the name of the file that says what was unpacked of an archive.
const sumsSuffix = ".members.json"

// sums are the checksums of what was unpacked.
type sums struct {
	Archive string            `json:"archive"` // the checksums that were asked for
	Members map[string]string `json:"members"`
}

// memberName is the name of an archive's member in the folder.
func memberName(member string) string { return path.Base(filepath.ToSlash(member)) }

// unpacked tells whether the members of f are in the folder as they came out of the archive.
func unpacked(ctx context.Context, folder string, f File) bool {
	text, err := os.ReadFile(filepath.Join(folder, f.Name+sumsSuffix))
	var s sums
	if err != nil || json.Unmarshal(text, &s) != nil || s.Archive != f.sum() {
		return false
	}
	for _, m := range f.Members {
		got, err := sumOf(ctx, filepath.Join(folder, memberName(m)), sha256.New())
		if err != nil || got != s.Members[m] {
			return false
		}
	}
	return true
}

// unpack puts the members of the archive into the folder.
func unpack(ctx context.Context, archive, folder string, f File, limit int64) error {
	s := sums{Archive: f.sum(), Members: map[string]string{}}
	err := walk(ctx, archive, func(name string, r io.Reader) error {
		for _, m := range f.Members {
			if path.Clean(name) != path.Clean(m) {
				continue
			}
			to := filepath.Join(folder, memberName(m))
			err := wholefile.Write(to, func(w io.Writer) error {
				n, err := io.Copy(w, withContext{ctx, io.LimitReader(r, limit+1)})
				if err == nil && n > limit {
					err = errors.Errorf("%s is longer than %d bytes (Limit)", name, limit)
				}
				return err
			})
			if err != nil {
				return err
			}
			if s.Members[m], err = sumOf(ctx, to, sha256.New()); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return errors.Wrapf(err, "unpack %s", archive)
	}
	for _, m := range f.Members {
		if s.Members[m] == "" {
			return errors.Errorf("unpack %s: it has no member %q", archive, m)
		}
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return errors.WithStack(err)
	}
	return wholefile.Write(filepath.Join(folder, f.Name+sumsSuffix), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// walk calls use for every file in an archive, whose kind its first bytes tell.
func walk(ctx context.Context, archive string, use func(name string, r io.Reader) error) error {
	file, err := os.Open(archive)
	if err != nil {
		return errors.WithStack(err)
	}
	defer file.Close()
	head := make([]byte, 4)
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return errors.WithStack(err)
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return walkZip(file, use)
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(withContext{ctx, file})
		if err != nil {
			return errors.WithStack(err)
		}
		return walkTar(z, use)
	}
	return walkTar(withContext{ctx, file}, use)
}

func walkZip(file *os.File, use func(name string, r io.Reader) error) error {
	info, err := file.Stat()
	if err != nil {
		return errors.WithStack(err)
	}
	z, err := zip.NewReader(file, info.Size())
	if err != nil {
		return errors.WithStack(err)
	}
	for _, entry := range z.File {
		if strings.HasSuffix(entry.Name, "/") {
			continue
		}
		r, err := entry.Open()
		if err != nil {
			return errors.Wrap(err, entry.Name)
		}
		err = use(entry.Name, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func walkTar(r io.Reader, use func(name string, r io.Reader) error) error {
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return errors.WithStack(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if err := use(h.Name, t); err != nil {
			return err
		}
	}
}
