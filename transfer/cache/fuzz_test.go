package cache_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/transfer/cache"
)

// Whatever lies where the cache or its part should, what comes out is what is computed.
func FuzzFile(f *testing.F) {
	n, set := build(f, "dense", tensor.Float32), digits(f, tensor.Float32)
	set, err := set.Take(20)
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "c")
	cfg := cache.Config{Nodes: n.features, X: n.x, Source: set, Path: path, BatchSize: 6}
	a, err := cache.Open(context.Background(), n.sess, cfg)
	if err != nil {
		f.Fatal(err)
	}
	right, err := a.Set()
	if err != nil {
		f.Fatal(err)
	}
	a.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, false)
	f.Add(whole, true)
	f.Add(whole[:len(whole)/2], true)
	f.Add([]byte("plexaura cache 1\xff\xff\xff\x00\x00\x00\x00\x00{}"), false)
	f.Fuzz(func(t *testing.T, file []byte, part bool) {
		dir := t.TempDir()
		cfg := cfg
		cfg.Path = filepath.Join(dir, "c")
		at := cfg.Path
		if part {
			at += ".part"
		}
		if err := os.WriteFile(at, file, 0o644); err != nil {
			t.Fatal(err)
		}
		a, err := cache.Open(context.Background(), n.sess, cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		got, err := a.Set()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.X.Data().([]float32), right.X.Data().([]float32)) || !slices.Equal(got.Labels(), right.Labels()) {
			t.Errorf("other values, %d computed", a.Computed())
		}
	})
}
