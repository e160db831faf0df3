package origin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/sources"
)

// clone makes a folder that looks like a clone of Plexaura, and returns it with the digest of its sources.
func clone(t *testing.T) (root, digest string) {
	t.Helper()
	root = t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module github.com/plexaura/plexaura\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	digest, err := sources.Digest(root)
	if err != nil {
		t.Fatal(err)
	}
	return root, digest
}

func TestStaleness(t *testing.T) {
	root, digest := clone(t)
	outside := t.TempDir()
	for _, test := range []struct {
		what string
		r    Record
		dir  string
		want []string // parts of what is said; nil: nothing
	}{
		{"fresh, in its clone", Record{Root: root, Digest: digest}, root, nil},
		{"fresh, outside", Record{Root: root, Digest: digest}, outside, nil},
		{"fresh, built from another clone with the same sources", Record{Root: "/other", Digest: digest}, root, nil},
		{"changed since", Record{Name: "plexaura", Root: root, Digest: "old", Built: "yesterday"}, root, []string{root, "as they were at yesterday", "install` there"}},
		{"changed since, outside", Record{Name: "mine", Root: root, Digest: "old"}, outside, []string{root, "install -name mine` there"}},
		{"of another clone", Record{Root: "/other", Digest: "other"}, root, []string{root, "those of /other"}},
	} {
		got, err := test.r.Staleness(test.dir)
		if err != nil || (got == "") != (test.want == nil) {
			t.Errorf("%s: %q, %v", test.what, got, err)
		}
		for _, part := range test.want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: %q; want %q in it", test.what, got, part)
			}
		}
	}
	if got, err := (Record{Root: filepath.Join(outside, "gone")}).Staleness(outside); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a clone that is gone: %q, %v", got, err)
	}
}

// Git may know no commit of the sources.
func TestStringWithoutCommit(t *testing.T) {
	if got := (Record{Name: "n", Display: "d", Root: "r", Go: "g", Built: "b"}).String(); got != "kernel n (d)\nbuilt from r\nat b with g\n" {
		t.Errorf("described as %q", got)
	}
}

func TestRead(t *testing.T) {
	folder := t.TempDir()
	if _, err := Read(folder); err == nil {
		t.Error("no record is no error")
	}
	// A record as it lies beside kernels that are installed.
	text := `{"Name": "n", "Display": "d", "Root": "r", "Digest": "s", "Commit": "c", "Go": "g", "Built": "b", "Created": ["x", "y"]}`
	for content, ok := range map[string]bool{text: true, "{": false} {
		if err := os.WriteFile(filepath.Join(folder, File), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := Read(folder)
		if (err == nil) != ok || ok && (r.String() != "kernel n (d)\nbuilt from r, commit c\nat b with g\n" || r.Digest != "s" || len(r.Created) != 2) {
			t.Errorf("%s is %+v, %v", content, r, err)
		}
		if err != nil && !strings.Contains(err.Error(), File) {
			t.Errorf("error %v; want one that names %s", err, File)
		}
	}
}
