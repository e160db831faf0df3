package fetch

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func tarred(t *testing.T, names ...string) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		w.Write(content)
	}
	w.Close()
	return b.Bytes()
}

func gzipped(text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(text)
	w.Close()
	return b.Bytes()
}

func zipped(t *testing.T, names ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(content)
	}
	w.Close()
	return b.Bytes()
}

func TestArchives(t *testing.T) {
	names := []string{"./net/model.ckpt", "net/other", "../../model.ckpt"}
	for name, archive := range map[string][]byte{"net.tar": tarred(t, names...), "net.tgz": gzipped(tarred(t, names...)), "net.zip": zipped(t, names...)} {
		s := serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool { w.Write(archive); return true })
		sum := sha256.Sum256(archive)
		f := File{Name: name, URLs: []string{s.URL}, SHA256: hex.EncodeToString(sum[:]), Members: []string{"net/model.ckpt"}}
		cfg := config(t)
		folder, err := Fetch(context.Background(), "net", []File{f}, cfg)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "model.ckpt")
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		os.WriteFile(path, []byte("damaged"), 0o666) // it is unpacked anew
		if _, err := Fetch(context.Background(), "net", []File{f}, cfg); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content) || len(s.requests) != 1 {
			t.Errorf("%s: %d bytes, %v, %d requests", name, len(got), err, len(s.requests))
		}
		f.Members = []string{"model.ckpt"}
		if _, err := Fetch(context.Background(), "net", []File{f}, cfg); err == nil || !strings.Contains(err.Error(), `no member "model.ckpt"`) {
			t.Error(err)
		}
		f.Members = []string{"net/other"} // longer than it may be
		cfg.Limit = 1000
		if _, err := Fetch(context.Background(), "net", []File{f}, cfg); err == nil || !strings.Contains(err.Error(), "longer than 1000 bytes") {
			t.Error(err)
		}
	}
}

// An archive in a mirror is unpacked into the cache.
func TestArchiveInMirror(t *testing.T) {
	archive := gzipped(tarred(t, "model.ckpt"))
	sum := sha256.Sum256(archive)
	cfg := config(t)
	cfg.Offline, cfg.Mirrors = true, []string{t.TempDir()}
	if err := os.WriteFile(filepath.Join(cfg.Mirrors[0], "net.tgz"), archive, 0o666); err != nil {
		t.Fatal(err)
	}
	folder, err := Fetch(context.Background(), "net", []File{{Name: "net.tgz", SHA256: hex.EncodeToString(sum[:]), Members: []string{"model.ckpt"}}}, cfg)
	if err != nil || !strings.HasPrefix(folder, cfg.Cache) {
		t.Fatal(folder, err)
	}
}
