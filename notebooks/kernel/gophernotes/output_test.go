package main

import (
	"encoding/base64"
	"fmt"
	"image/png"
	"strings"
	"testing"
)

func TestOrderOfOutput(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run("import (\"fmt\"; \"os\"; \"display\"; \"github.com/plexaura/plexaura/notebooks/show\")"); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	for range 20 {
		o := c.run("fmt.Println(\"before\")\nshow.Display(\"picture\")\nfmt.Println(\"after\")\nDisplay(display.HTML(\"<b>bold</b>\"))\nfmt.Println(\"end\")\n7")
		if o.Order != "stream display_data stream display_data stream execute_result " || o.Text != "before\nafter\nend\n" {
			t.Fatalf("order %s, text %q", o.Order, o.Text)
		}
	}
	o := c.run("for i := 0; i < 20000; i++ {\n\tfmt.Print(\"äöü€\")\n}")
	if want := strings.Repeat("äöü€", 20000); o.Text != want {
		t.Errorf("%d bytes arrived, %d of them broken; want %d", len(o.Text), strings.Count(o.Text, "�"), len(want))
	}
	o = c.run("fmt.Print(\"no newline\\x00\\x16\")")
	if o.Text != "no newline\x00\x16" {
		t.Errorf("text %q", o.Text)
	}
}

// A command's output comes to its end, however soon the command ends.
func TestOutputOfCommands(t *testing.T) {
	c := start(t, t.TempDir())
	for range 100 {
		if o := c.run("$echo whole"); o.Text != "whole\n" || o.Status != "ok" {
			t.Fatalf("text %q, %s %s", o.Text, o.Status, o.Error)
		}
	}
}

func TestShow(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run(model + "import (\"github.com/plexaura/plexaura/notebooks/show\"; \"image\"; \"display\")"); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	for _, test := range []struct {
		code, mime, want string
	}{
		{"X", "text/plain", "X"},
		{"g.Trainable()", "text/plain", "hidden/kernel"},
		{"g", "text/plain", "hidden"},
		{"digits.X", "text/plain", "1257"},
		{"image.NewGray(image.Rect(0, 0, 3, 2))", "image/png", "iVBOR"},
		{"display.Markdown(\"*x*\")", "text/markdown", "*x*"},
		{"map[string]float64{\"accuracy\": 0.5}", "text/plain", "accuracy"},
		{"sess", "text/plain", ""},
		{"fmt.Errorf(\"an error\")\nerr2 := fmt.Errorf(\"another\")\nerr2", "text/plain", "another"},
	} {
		o := c.run(test.code)
		if len(o.Output) != 1 {
			t.Errorf("%s: %d outputs, error %q", test.code, len(o.Output), o.Error)
			continue
		}
		if got := fmt.Sprint(o.Output[0][test.mime]); !strings.Contains(got, test.want) {
			t.Errorf("%s: %s is %.200s; want %q in it", test.code, test.mime, got, test.want)
		}
		for mime, content := range o.Output[0] {
			if content == "" || content == nil {
				t.Errorf("%s: %s is empty", test.code, mime)
			}
		}
		if text, _ := o.Output[0]["text/plain"].(string); len(text) > 25000 {
			t.Errorf("%s: %d bytes of text", test.code, len(text))
		}
	}
	o := c.run("image.NewGray(image.Rect(0, 0, 3000, 2000))")
	if len(o.Output) != 1 || o.shown() != "picture of 3000 × 2000" {
		t.Fatalf("a large picture shows %.200v, %s", o.Output, o.Error)
	}
	encoded, _ := o.Output[0]["image/png"].(string)
	if size, err := png.DecodeConfig(base64.NewDecoder(base64.StdEncoding, strings.NewReader(encoded))); err != nil || size.Width != 1024 || size.Height != 682 {
		t.Errorf("a large picture is shown at %d × %d, %v; want 1024 × 682", size.Width, size.Height, err)
	}
	c.run("bundle := map[string]interface{}{\"text/html\": \"<b>x</b>\", \"image/png\": \"\"}")
	if o := c.run("display.MIME(bundle, nil)"); len(o.Output) != 1 || o.Output[0]["text/html"] == nil || o.Output[0]["image/png"] != nil {
		t.Errorf("a bundle shows %v, %s", o.Output, o.Error)
	}
	if o := c.run("fmt.Println(bundle)"); o.Text != "map[image/png: text/html:<b>x</b>]\n" {
		t.Errorf("a bundle that was shown is %s", o.Text)
	}
	for mime, method := range map[string]string{
		"text/html":        "HTML() string { return \"<b>x</b>\" }",
		"image/svg+xml":    "SVG() string { return \"<svg/>\" }",
		"application/json": "JSON() map[string]interface{} { return map[string]interface{}{\"a\": 1} }",
		"text/latex":       "SimpleRender() map[string]interface{} { return map[string]interface{}{\"text/latex\": \"$x$\"} }",
	} {
		c.run("type own struct{ A int }\nfunc (o own) " + method)
		if o := c.run("own{1}"); len(o.Output) != 1 || o.Output[0][mime] == nil || o.shown() != "{1}" {
			t.Errorf("a type with the method %s shows %v, %s", method, o.Output, o.Error)
		}
	}
	for what, code := range map[string]string{
		"a value whose SimpleRender panics": "type bad struct{ A int }\nfunc (b bad) SimpleRender() map[string]interface{} { panic(\"it does not draw\") }\nbad{1}",
		"a huge text":                       "make([]int, 1000000)",
		"a map in itself":                   "self := map[string]interface{}{}\nself[\"self\"] = self\nself",
		"shown, a map in itself":            "show.Display(self)",
		"a gigabyte":                        "make([]float64, 1 << 27)",
		"a cycle":                           "type ring struct{ next *ring }\nr := &ring{}\nr.next = r\nr",
	} {
		o := c.run(code)
		if o.Status != "ok" {
			t.Errorf("%s: error %q", what, o.Error)
		}
		if len(o.shown()) > 25000 {
			t.Errorf("%s: %d bytes of text", what, len(o.shown()))
		}
		if o := c.run("1"); o.shown() != "1" {
			t.Errorf("%s: the next cell is %q, %q", what, o.shown(), o.Error)
		}
	}
}

// What cannot be JSON is shown as text, by whatever way it is shown.
func TestContentsThatCannotBeJSON(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run("import (\"display\"; \"fmt\"; \"math\"; \"github.com/plexaura/plexaura/notebooks/show\")\n" +
		"c := make(chan int)\nf := func() {}\nself := map[string]interface{}{}\nself[\"self\"] = self\n" +
		"bundle := map[string]interface{}{\"application/json\": math.NaN()}\nmetadata := map[string]interface{}{\"text/plain\": c}\n" +
		"type drawn struct{ A float64 }\nfunc (d drawn) SimpleRender() map[string]interface{} { return map[string]interface{}{\"application/json\": d.A} }"); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	for _, test := range []struct{ code, shown string }{
		{"math.NaN()", "NaN"},
		{"math.Inf(-1)", "-Inf"},
		{"[]interface{}{math.NaN(), math.Inf(1)}", "[NaN +Inf]"},
		{"display.JSON(map[string]interface{}{\"loss\": math.NaN()})", "map[loss:NaN]"},
		{"Display(display.JSON(map[string]interface{}{\"loss\": math.Inf(1)}))", "map[loss:+Inf]"},
		{"display.MIME(bundle, metadata)", "NaN"},
		{"Display(display.MIME(bundle, metadata))", "NaN"},
		{"show.Display(bundle)", "map[application/json:NaN]"},
		{"drawn{math.NaN()}", "NaN"},
		{"display.MIME(map[string]interface{}{\"text/plain\": c}, nil)", "0x"},
		{"display.MIME(map[string]interface{}{\"application/json\": f}, nil)", "0x"},
		{"Display(display.MIME(map[string]interface{}{\"application/json\": f}, nil))", "0x"},
		{"display.JSON(self)", "map[string]interface {}, too large to print"},
		{"Display(display.JSON(self))", "map[string]interface {}, too large to print"},
		{"c", "0x"},
		{"f", "0x"},
	} {
		o := c.run(test.code)
		if o.Status != "ok" || len(o.Output) != 1 || !strings.HasPrefix(o.shown(), test.shown) {
			t.Errorf("%s shows %v, %s; want the text %s", test.code, o.Output, o.Error, test.shown)
		}
	}
	if o := c.run("fmt.Println(len(bundle), len(metadata))"); o.Text != "1 1\n" {
		t.Errorf("what was shown is changed: %s", o.Text)
	}
}

// The text of a panic has bounds, as that of a value has.
func TestHugePanics(t *testing.T) {
	c := start(t, t.TempDir())
	c.run("import (\"errors\"; \"strings\")\nself := map[string]interface{}{}\nself[\"self\"] = self")
	for code, want := range map[string]string{
		"panic(self)":                                           "too large to print",
		"panic(make([]float64, 1 << 20))":                       "[0 0 0 ",
		"panic(strings.Repeat(\"long \", 1 << 20))":             "long long ",
		"panic(errors.New(strings.Repeat(\"long \", 1 << 20)))": "long long ",
	} {
		if o := c.run(code); o.Status != "error" || !strings.Contains(o.Error, want) || len(o.Error) > 25000 {
			t.Errorf("%s: %s, an error of %d bytes: %.100s", code, o.Status, len(o.Error), o.Error)
		}
	}
}

func TestLiveDisplay(t *testing.T) {
	c := start(t, t.TempDir())
	if o := c.run(model + "import \"github.com/plexaura/plexaura/notebooks/show\""); o.Status != "ok" {
		t.Fatal(o.Error)
	}
	o := c.run("a := &show.Area{}\na.Show(\"one\")\na.Show(\"two\")\nb := &show.Area{}\nb.Show(\"other\")\na.Show(\"three\")\nfmt.Println(show.Live())")
	if len(o.Output) != 2 || fmt.Sprint(o.Output[0]["text/plain"]) != "three" || fmt.Sprint(o.Output[1]["text/plain"]) != "other" || o.Text != "true\n" {
		t.Errorf("shown %v, %q, %s", o.Output, o.Text, o.Error)
	}
	if want := "display_data update_display_data display_data update_display_data stream "; o.Order != want {
		t.Errorf("order %q; want %q", o.Order, want)
	}
	o = c.run("history, err := training.Fit(context.Background(), sess, training.FitConfig{Step: step, Loss: loss, Data: batches, X: X, Y: y, Epochs: 20, " +
		"Hooks: []training.Hook{&show.Curves{}}})\nerr == nil")
	if o.Status != "ok" || len(o.Output) != 2 || o.Output[0]["image/svg+xml"] == nil || !strings.Contains(o.Order, "update_display_data") {
		t.Errorf("curves: order %s, %d outputs, error %q", o.Order, len(o.Output), o.Error)
	}
}
