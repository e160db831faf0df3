package fetch

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// File is a file as it was published.
type File struct {
	// Name is what it is called in its folder.
	Name string
	// URLs are tried in order; http and https.
	URLs []string
	// Bytes is its length; 0 where that is not known.
	Bytes int64
	// SHA256 is its checksum, 64 hexadecimal digits, or the first digits of it, 8 at least, as PyTorch's file names
	// have them. MD5 takes its place where only that was published, as by Keras. With neither, Config.Unchecked must be set.
	SHA256, MD5 string
	// Members are the files that are wanted of an archive (.tar, .tar.gz, .tgz, .zip), by their paths in it. They are put
	// beside it, under the last elements of the paths.
	Members []string
}

// check returns an error for a description that cannot be true.
func (f File) check(unchecked bool) error {
	switch {
	case f.Name == "" || f.Name != filepath.Base(f.Name) || !filepath.IsLocal(f.Name):
		return errors.Errorf("%q is not the name of a file in a folder", f.Name)
	case f.SHA256 != "" && !hexadecimal(f.SHA256, 8, 64):
		return errors.Errorf("%s: the checksum %q is not the first 8 to 64 hexadecimal digits of a SHA-256", f.Name, f.SHA256)
	case f.MD5 != "" && !hexadecimal(f.MD5, 32, 32):
		return errors.Errorf("%s: the checksum %q is not the 32 hexadecimal digits of an MD5", f.Name, f.MD5)
	case f.unchecked() && !unchecked:
		return errors.Errorf("%s: no checksum of it was published; Config.Unchecked takes it as it comes", f.Name)
	case f.Bytes < 0:
		return errors.Errorf("%s: it has %d bytes", f.Name, f.Bytes)
	}
	for _, text := range f.URLs {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return errors.Errorf("%s: %q is not a URL of http or https", f.Name, text)
		}
	}
	names := []string{f.Name, f.Name + sumsSuffix}
	for _, m := range f.Members {
		name := memberName(m)
		if !filepath.IsLocal(m) || slices.Contains(names, name) {
			return errors.Errorf("%s: the member %q has no name of its own in the folder", f.Name, m)
		}
		names = append(names, name)
	}
	return nil
}

// unchecked tells that no checksum is known.
func (f File) unchecked() bool { return f.SHA256 == "" && f.MD5 == "" }

// sum is the checksum that is known, for a record of what was unpacked.
func (f File) sum() string { return f.SHA256 + "/" + f.MD5 }

func hexadecimal(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}
