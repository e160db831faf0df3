package npz

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
)

// What says most by the fewest bytes takes four times the memory, and a room beside, or is refused.
func TestMemoryOfArchives(t *testing.T) {
	budgettest.Lower(t)
	const refused = "takes much more memory"
	archive := func(name string, method uint16, content []byte) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := 0; b.Len() < budgettest.Small/2; i++ { // the list of members is as long again
			w, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf(name, i), Method: method})
			if err == nil {
				_, err = w.Write(content)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	empty := npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }", "")
	// Fortran order has strides.
	axes := npy("{'descr': '<f4', 'fortran_order': True, 'shape': ("+strings.Repeat("1,", 254)+"), }", "1234")
	for what, c := range map[string]struct {
		whole []byte
		want  string
	}{
		"members":     {archive("%d", zip.Store, nil), "no member that ends in .npy"},
		"arrays":      {archive("%d.npy", zip.Store, empty), refused},
		"axes":        {archive("%d.npy", zip.Store, axes), refused},
		"packed axes": {archive("%d.npy", zip.Deflate, axes), refused},
		"a header":    {npy("{'descr': '<f4', 'fortran_order': True, 'shape': ("+strings.Repeat("1,", 200)+"), }", strings.Repeat("1234", budgettest.Small/4)), ""},
	} {
		t.Run(what, func(t *testing.T) {
			var err error
			budgettest.Peak(t, len(c.whole), func() (f any) {
				f, err = parseBytes(c.whole)
				return f
			})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}
