package fetch

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"strings"
	"time"

	"github.com/pkg/errors"
)

// lockPoll is how often a lock is asked for.
const lockPoll = 50 * time.Millisecond

// verify returns an error unless the file at path has the length and the checksum.
func verify(ctx context.Context, path string, f File) error {
	info, err := os.Stat(path)
	if err != nil {
		return errors.WithStack(err)
	}
	if !info.Mode().IsRegular() {
		return errors.Errorf("%s is not a file", path)
	}
	if f.Bytes > 0 && info.Size() != f.Bytes {
		return errors.Errorf("%s has %d bytes; want %d", path, info.Size(), f.Bytes)
	}
	for _, c := range []struct {
		name, want string
		hash       hash.Hash
	}{{"SHA-256", f.SHA256, sha256.New()}, {"MD5", f.MD5, md5.New()}} {
		if c.want == "" {
			continue
		}
		got, err := sumOf(ctx, path, c.hash)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(got, strings.ToLower(c.want)) {
			return errors.Errorf("%s has the %s %s; want %s", path, c.name, got, c.want)
		}
	}
	return nil
}

// sumOf returns the checksum of a file.
func sumOf(ctx context.Context, path string, h hash.Hash) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", errors.WithStack(err)
	}
	defer file.Close()
	if _, err := io.CopyBuffer(h, withContext{ctx, file}, make([]byte, 1<<20)); err != nil {
		return "", errors.WithStack(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// withContext is a reader that ends with the context.
type withContext struct {
	ctx context.Context
	io.Reader
}

func (r withContext) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
