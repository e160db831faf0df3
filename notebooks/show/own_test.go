package show_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/plexaura/plexaura/notebooks/show"
)

// Types that show themselves, each by one method, and by several.
type (
	bold     struct{ A int }
	script   struct{}
	photo    struct{}
	object   struct{}
	formula  struct{}
	emphatic struct{}
	dot      struct{}
	paper    struct{}
	drawn    struct{}
	made     struct{}
	both     struct {
		bold
		drawn
	}
	alone struct {
		both
		bundle map[string]interface{}
	}
	empty struct{}
)

// formed is what gophernotes' package display returns.
type formed = struct{ Data, Metadata, Transient map[string]interface{} }

func (bold) HTML() string                            { return "<b>x</b>" }
func (script) JavaScript() string                    { return "1" }
func (photo) JPEG() []byte                           { return []byte("\xff\xd8") }
func (object) JSON() map[string]interface{}          { return map[string]interface{}{"a": 1} }
func (formula) Latex() string                        { return "$x$" }
func (emphatic) Markdown() string                    { return "*x*" }
func (dot) PNG() []byte                              { return []byte("\x89PNG") }
func (paper) PDF() []byte                            { return []byte("%PDF") }
func (drawn) SVG() string                            { return "<svg/>" }
func (made) Render() formed                          { return formed{Data: map[string]interface{}{"text/html": "<i>x</i>"}} }
func (a alone) SimpleRender() map[string]interface{} { return a.bundle }
func (empty) HTML() string                           { return "" }
func (empty) PNG() []byte                            { return nil }

// TestDisplayOwn wants Display to show of a type what a cell shows of its last value: all that gophernotes knows methods for.
func TestDisplayOwn(t *testing.T) {
	shown := collect(t)
	text := map[string]interface{}{"text/latex": "$x$"}
	for i, tt := range []struct {
		value interface{}
		text  string
		mimes []string
	}{
		{bold{1}, "{1}", []string{"text/html"}},
		{&bold{1}, "&{1}", []string{"text/html"}},
		{script{}, "{}", []string{"application/javascript"}},
		{photo{}, "{}", []string{"image/jpeg"}},
		{object{}, "{}", []string{"application/json"}},
		{formula{}, "{}", []string{"text/latex"}},
		{emphatic{}, "{}", []string{"text/markdown"}},
		{dot{}, "{}", []string{"image/png"}},
		{paper{}, "{}", []string{"application/pdf"}},
		{drawn{}, "{}", []string{"image/svg+xml"}},
		{made{}, "{}", []string{"text/html"}},
		{both{}, "{{0} {}}", []string{"image/svg+xml", "text/html"}},
		{alone{bundle: text}, "{{{0} {}} map[text/latex:$x$]}", []string{"text/latex"}},
		{formed{Data: map[string]interface{}{"text/html": "<b>y</b>", "text/plain": "y"}}, "y", []string{"text/html"}},
		{empty{}, "{}", nil},
		{(*bold)(nil), "*show_test.bold", nil}, // whose method panics
	} {
		if err := show.Display(tt.value); err != nil {
			t.Fatal(err)
		}
		bundle := maps.Clone((*shown)[i].bundle)
		if got := fmt.Sprint(bundle["text/plain"]); got != tt.text {
			t.Errorf("%T: the text %q; want %q", tt.value, got, tt.text)
		}
		delete(bundle, "text/plain")
		if got := slices.Sorted(maps.Keys(bundle)); !slices.Equal(got, tt.mimes) {
			t.Errorf("%T: shown as %q; want %q", tt.value, got, tt.mimes)
		}
	}
	if len(text) != 1 {
		t.Errorf("the map that SimpleRender returned is now %v", text)
	}
}
