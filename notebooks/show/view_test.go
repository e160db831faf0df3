package show_test

import (
	"encoding/base64"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/notebooks/show"
)

// page is the form of a view for web pages, "" where there is none.
func page(v *show.View) string {
	s, _ := v.SimpleRender()["text/html"].(string)
	return s
}

// svg is the picture of a view, "" where there is none.
func svg(v *show.View) string {
	s, _ := v.SimpleRender()["image/svg+xml"].(string)
	return s
}

// checkXML wants a document that a parser takes, without scripts, and returns its texts.
func checkXML(t testing.TB, document string) (texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(document))
	d.Strict = true
	for {
		token, err := d.Token()
		if err == io.EOF {
			return texts
		}
		if err != nil {
			t.Fatalf("%v in\n%.2000s", err, document)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "script" || token.Name.Local == "foreignObject" || token.Name.Local == "iframe" {
				t.Fatalf("a %s in\n%.2000s", token.Name.Local, document)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || strings.Contains(strings.ToLower(a.Value), "javascript:") {
					t.Fatalf("the attribute %s=%q in\n%.2000s", a.Name.Local, a.Value, document)
				}
			}
		case xml.CharData:
			texts = append(texts, string(token))
		}
	}
}

var pictures = regexp.MustCompile(`src="data:image/svg\+xml;base64,([^"]*)"`)

// voidTags are elements of HTML that XML wants closed.
var voidTags = regexp.MustCompile(`<(img|br)([^>]*)>`)

// check wants all forms of a view to be well formed, and returns the texts in them.
func check(t testing.TB, v *show.View) (texts []string) {
	t.Helper()
	shown := v.SimpleRender()
	if text, ok := shown["text/plain"].(string); !ok || text == "" {
		t.Fatalf("no text: %v", shown["text/plain"])
	}
	if svg(v) != "" {
		texts = append(texts, checkXML(t, svg(v))...)
	}
	closed := voidTags.ReplaceAllString(strings.ReplaceAll(page(v), "&nbsp;", " "), "<$1$2/>")
	texts = append(texts, checkXML(t, "<body>"+closed+"</body>")...)
	for _, m := range pictures.FindAllStringSubmatch(page(v), -1) {
		picture, err := base64.StdEncoding.DecodeString(m[1])
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, checkXML(t, string(picture))...)
	}
	return texts
}

// has wants texts among those of a view.
func has(t testing.TB, texts []string, want ...string) {
	t.Helper()
	all := "\n" + strings.Join(texts, "\n") + "\n"
	for _, w := range want {
		if !strings.Contains(all, "\n"+w+"\n") {
			t.Errorf("no text %q in %q", w, texts)
		}
	}
}

func TestNilView(t *testing.T) {
	var v *show.View
	if v.String() == "" || len(v.SimpleRender()) != 1 {
		t.Errorf("%v", v.SimpleRender())
	}
}
