package cache

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/mapped"
)

// A file that is cut off between its check and the reading of its labels is an error, not the end of the process.
func TestCutOffBeforeLabels(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only tried where a mapped file may be cut off")
	}
	l := layout{Examples: 5000, Block: 64, Columns: []column{{Name: "x", Dtype: tensor.Float32.Name(), Shape: []int{2}}, {Name: labels, Dtype: tensor.Int64.Name(), Shape: []int{}}}}
	_, columns, end, err := l.places()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "c")
	if err := os.WriteFile(path, make([]byte, end), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, release, err := mapped.Content(f, int64(end))
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	c := &computer{cfg: Config{Nodes: make(gorgonia.Nodes, 1)}}
	if a, err := c.activations(l, data, columns, 0); err != nil || len(a.Labels()) != l.Examples {
		t.Fatalf("whole: %v, %v", a, err)
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := c.activations(l, data, columns, 0); err == nil || !strings.Contains(err.Error(), "cannot be read any more") {
		t.Errorf("cut off: %v", err)
	}
}
