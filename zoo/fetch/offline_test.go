package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What may not be downloaded leaves no folder behind, and the error says what to do.
func TestOnlyLooking(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	noURL, archive := file(""), file("https://example.org/weights.bin")
	noURL.URLs = nil
	archive.Members = []string{"model.ckpt"}
	for _, c := range []struct {
		ctx     context.Context
		file    File
		offline bool
		want    []string
	}{
		{context.Background(), file("https://example.org/weights.bin"), true,
			[]string{"weights.bin is not in", "nothing is downloaded offline", "put what is missing there, from https://example.org/weights.bin", "PLEXAURA_MIRRORS"}},
		{context.Background(), archive, true, []string{"nothing is downloaded offline"}},
		{context.Background(), noURL, false, []string{"no URL of it is known; put what is missing there, or name"}},
		{cancelled, file("https://example.org/weights.bin"), true, []string{"context canceled"}},
		{cancelled, file("https://example.org/weights.bin"), false, []string{"a/b: context canceled"}},
	} {
		cfg := config(t)
		cfg.Cache, cfg.Offline = filepath.Join(cfg.Cache, "plexaura"), c.offline
		_, err := Fetch(c.ctx, "a/b", []File{c.file}, cfg)
		for _, part := range c.want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("got %v; want %s", err, part)
			}
		}
		if c.ctx.Err() != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, which is not that of the context", err)
		}
		if _, err := os.Stat(cfg.Cache); !os.IsNotExist(err) {
			t.Errorf("%+v: there is a folder now, %v", c.file, err)
		}
	}
}

// An archive that the cache has is unpacked offline too.
func TestArchiveInCache(t *testing.T) {
	archive := gzipped(tarred(t, "model.ckpt"))
	sum := sha256.Sum256(archive)
	cfg := config(t)
	cfg.Offline = true
	folder := filepath.Join(cfg.Cache, "net")
	err := os.MkdirAll(folder, 0o777)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "net.tgz"), archive, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := Fetch(context.Background(), "net", []File{{Name: "net.tgz", SHA256: hex.EncodeToString(sum[:]), Members: []string{"model.ckpt"}}}, cfg)
	if err != nil || got != folder {
		t.Errorf("got %s, %v; want %s", got, err, folder)
	}
}

// A download of which nothing comes leaves no part; one of which something comes leaves that.
func TestParts(t *testing.T) {
	closed := serve(t, nil)
	closed.Close()
	for name, c := range map[string]struct {
		url  string
		part bool
	}{
		"no server":    {closed.URL, false},
		"no such file": {serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool { http.NotFound(w, r); return true }).URL, false},
		"ends at once": {serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool { panic(http.ErrAbortHandler) }).URL, false},
		"ends halfway": {serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool { cut(w, r); return true }).URL, true},
	} {
		cfg := config(t)
		cfg.Tries = 2
		fails(t, cfg, file(c.url), "PLEXAURA_MIRRORS may name a folder that has it")
		_, err := os.Stat(filepath.Join(cfg.Cache, "a", "b", "weights.bin.part"))
		if (err == nil) != c.part {
			t.Errorf("%s: the part is there: %v", name, err == nil)
		}
	}
}

// Of a set of which a mirror has only some, the error says what is wrong with it there.
func TestPartOfASet(t *testing.T) {
	cfg := config(t)
	cfg.Offline, cfg.Mirrors = true, []string{t.TempDir()}
	one, two := file("https://example.org/weights.bin"), file("https://example.org/other.bin")
	two.Name = "other.bin"
	for name, text := range map[string][]byte{one.Name: content, two.Name: content[:100]} {
		if err := os.WriteFile(filepath.Join(cfg.Mirrors[0], name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Fetch(context.Background(), "a/b", []File{one, two}, cfg)
	for _, part := range []string{"weights.bin and 1 more are not all in one of", filepath.Join(cfg.Mirrors[0], two.Name) + " has 100 bytes"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("got %v; want %s", err, part)
		}
	}
}

// A mirror that is none is passed over, and named where nothing else helps.
func TestWrongMirror(t *testing.T) {
	good, bad := serve(t, nil), serve(t, func(i int, w http.ResponseWriter, r *http.Request) bool { http.NotFound(w, r); return true })
	cfg := config(t)
	none := filepath.Join(cfg.Cache, "none")
	t.Setenv("PLEXAURA_MIRRORS", string(filepath.ListSeparator)+none)
	cfg.Mirrors = nil
	want := "the mirror " + none + " is no folder"
	fails(t, cfg, file(bad.URL), want)
	cfg.Offline = true
	fails(t, cfg, file(bad.URL), want)
	if _, err := Fetch(context.Background(), "a/b", []File{file(bad.URL)}, cfg); strings.Count(err.Error(), "is no folder") != 1 {
		t.Errorf("an empty mirror counts: %v", err)
	}
	cfg.Offline = false
	if _, err := Fetch(context.Background(), "a/b", []File{file(good.URL)}, cfg); err != nil {
		t.Error(err)
	}
}
