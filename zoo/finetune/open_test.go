package finetune_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/transfer/safetensors"
	"github.com/plexaura/plexaura/transfer/weights"
	"github.com/plexaura/plexaura/zoo/finetune"
)

// TestDamagedFile opens a saved classifier cut off after every hundredth of its length, which is an error, and with some bits flipped, which may be one.
func TestDamagedFile(t *testing.T) {
	cfg := small
	cfg.Data = zeroAndOne(t, small)
	s, err := finetune.New(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	err = s.Save(dir)
	s.Close()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "model.safetensors")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open := func(b []byte) error {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		k, err := finetune.Open(dir)
		if err == nil {
			err = k.Close()
		}
		return err
	}
	if err := open(whole); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if n := len(whole) * i / 100; open(whole[:n]) == nil {
			t.Errorf("no error for the first %d of %d bytes", n, len(whole))
		}
	}
	header := bytes.IndexByte(whole[8:], '}') + 300 // the metadata and some tensors
	seed := rand.Int63()
	r := rand.New(rand.NewSource(seed))
	for i := range 200 {
		b := bytes.Clone(whole)
		for range 1 + r.Intn(3) {
			b[r.Intn(header)] ^= 1 << r.Intn(8)
		}
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("seed %d, file %d: %v", seed, i, p)
				}
			}()
			open(b)
		}()
	}
}

// described writes a file without tensors that describes its network so.
func described(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.safetensors")
	tensors := []weights.Named{}
	if err := safetensors.Write(path, tensors, map[string]string{"plexaura/finetune": text}); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestHostileDescription: whatever a file says of its network is an error that says what is wrong with it.
func TestHostileDescription(t *testing.T) {
	const good = `{"network":"cifar/resnet20","endpoint":"layer3","height":16,"width":16,"classes":["a","b"]}`
	for text, want := range map[string]string{
		good: "missing 99",
		"":   "what the file says of its network", "null": "names no classes", "[]": "cannot unmarshal array", "{": "what the file says of its network",
		strings.Repeat("[", 1<<17):                         "what the file says of its network",
		strings.Replace(good, "cifar/resnet20", "none", 1): `no weights called "none"`,
		strings.Replace(good, "layer3", "layer4", 1):       `no endpoint "layer4"`,
		strings.Replace(good, "16", "-16", 1):              "Height is -16",
		strings.Replace(good, "16", "1e9", 1):              "",
		strings.Replace(good, "16", "1000000", 1):          "Height is 1000000",
		strings.Replace(good, `["a","b"]`, `[]`, 1):        "names no classes",
		strings.Replace(good, `["a","b"]`, `"a"`, 1):       "cannot unmarshal string",
		strings.Replace(good, `["a","b"]`, `["a","a"]`, 1): `the class "a" twice`,
	} {
		k, err := finetune.Open(described(t, text))
		if err == nil {
			k.Close()
		}
		wantError(t, err, "finetune: Open", want)
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := safetensors.Write(path, nil, nil); err != nil {
		t.Fatal(err)
	}
	_, err := finetune.Open(path)
	wantError(t, err, "does not say which network")
	_, err = finetune.Open(t.TempDir())
	wantError(t, err, "model.safetensors", "no such file")
}

// FuzzDescription: no description makes Open panic, or open a network without its weights.
func FuzzDescription(f *testing.F) {
	f.Add(`{"network":"cifar/resnet20","endpoint":"layer3","height":16,"width":16,"classes":["a","b"]}`)
	f.Add(`{"network":"cifar/resnet20","endpoint":"layer1/0","height":0,"width":7,"classes":["a","b","a"]}`)
	f.Add(`{"network":"cifar/resnet20","endpoint":"fc","width":1e9,"classes":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := finetune.Open(described(t, text)); err == nil {
			t.Errorf("%q opens %v", text, fmt.Sprint(k))
		}
	})
}
