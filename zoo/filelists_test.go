package zoo

import (
	"reflect"
	"testing"

	"github.com/plexaura/plexaura/zoo/fetch"
)

// A list of files that is not one is a mistake in the program, which must not pass in silence.
func TestFileLists(t *testing.T) {
	files := filesOf("https://localhost/", "a 1 "+sumOf(nil)+"\nb 2 "+sumOf(nil)+"\n")
	if want := (fetch.File{Name: "b", Bytes: 2, SHA256: sumOf(nil), URLs: []string{"https://localhost/b"}}); len(files) != 2 || !reflect.DeepEqual(files[1], want) {
		t.Errorf("got %v", files)
	}
	for _, list := range []string{"a", "a 1", "a x " + sumOf(nil), "a 1 " + sumOf(nil) + " b", "a 1 " + sumOf(nil) + "\n\nb 2 " + sumOf(nil), ""} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is taken for a list", list)
				}
			}()
			filesOf("https://localhost/", list)
		}()
	}
}
