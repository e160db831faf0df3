package tensorflow

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var updateExport = flag.Bool("update-export", false, "write EXPORT.md")

// EXPORT.md lists what can be written; go test ./transfer/tensorflow -run TestEXPORT -update-export writes it.
func TestEXPORT(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Writing TensorFlow's graphs\n\n" +
		"The ops of Plexaura that `WriteMeta`, `WriteFrozen`, `WriteSavedModel` and `Save` can write, by the names of their OpDefs, and the ops of TensorFlow that they become; a\n" +
		"semicolon stands between alternatives, which sizes, dtypes and parameters choose. Ops that only make arguments (Const, Shape, Cast, StridedSlice, Pack) are left out.\n" +
		"Ops that say of which others they are made (`OpDef.Composite`) are written as those.\n\n| op | TensorFlow |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(forms)) {
		fmt.Fprintf(&b, "| %s | %s |\n", name, forms[name].tensorflow)
	}
	fmt.Fprintf(&b, "\n%d ops. This page is written by `go test ./transfer/tensorflow -run TestEXPORT -update-export`, and a test keeps it true.\n", len(forms))
	if *updateExport {
		if err := os.WriteFile("EXPORT.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile("EXPORT.md"); err != nil || string(got) != b.String() {
		t.Errorf("EXPORT.md is not what the table says (%v): run go test ./transfer/tensorflow -run TestEXPORT -update-export", err)
	}
}
