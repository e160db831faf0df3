package tffile

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pkg/errors"
)

func TestParseState(t *testing.T) {
	for _, c := range []struct {
		text string
		want State
		err  string
	}{
		{text: "model_checkpoint_path: \"a\"\nall_model_checkpoint_paths: \"b\"\nall_model_checkpoint_paths: \"a\"\n", want: State{Latest: "a", All: []string{"b", "a"}}},
		{text: `all_model_checkpoint_timestamps: 1540000000.25 all_model_checkpoint_timestamps: 2e9, last_preserved_timestamp: 1f; model_checkpoint_path: 'x"y' # end`,
			want: State{Latest: `x"y`, Timestamps: []float64{1540000000.25, 2e9}, LastPreserved: 1}},
		{text: `model_checkpoint_path: "caf\303\251\t\x41\u00e9\U0001F600\\\'\"\?\n" 'join' "ed" all_model_checkpoint_paths: ["a", 'b'], all_model_checkpoint_paths: []`,
			want: State{Latest: "café\tAé😀\\'\"?\njoined", All: []string{"a", "b"}}},
		{text: "model_checkpoint_path:\"a\" last_preserved_timestamp: inf", want: State{Latest: "a", LastPreserved: math.Inf(1)}},
		{text: "", err: "no model_checkpoint_path"},
		{text: "\n\nmodel_checkpoint_path \"a\"", err: "line 3: a colon is wanted"},
		{text: "model_checkpoint_path: a", err: "string in quotes"},
		{text: "model_checkpoint_path: \"a", err: "does not end"},
		{text: "model_checkpoint_path: \"a\nb\"", err: "does not end"},
		{text: `model_checkpoint_path: "\q"`, err: "unknown escape"},
		{text: `model_checkpoint_path: "\777"`, err: "unknown escape"},
		{text: `model_checkpoint_path: "\xg"`, err: "unknown escape"},
		{text: `model_checkpoint_path: "\ud800"`, err: "unknown escape"},
		{text: `model_checkpoint_path: "\`, err: "unknown escape"},
		{text: "other: 1", err: "unknown field other"},
		{text: "{", err: "field name is wanted"},
		{text: "last_preserved_timestamp: soon", err: "a number is wanted"},
		{text: `all_model_checkpoint_paths: ["a" "b" 3]`, err: "comma or bracket"},
	} {
		got, err := parseState(c.text, "")
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q: %v, want %q", c.text, err, c.err)
			}
		} else if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %+v, %v, want %+v", c.text, got, err, c.want)
		}
	}
}

// The text is what Python's text_format prints.
func TestFormatState(t *testing.T) {
	got := formatState(State{Latest: "dir/é \"q\"\\\n\x01", All: []string{"a"}, Timestamps: []float64{1540000000.25, 3}, LastPreserved: 2})
	want := `model_checkpoint_path: "dir/\303\251 \"q\"\\\n\001"` + "\n" +
		"all_model_checkpoint_paths: \"a\"\nall_model_checkpoint_timestamps: 1540000000.25\nall_model_checkpoint_timestamps: 3.0\nlast_preserved_timestamp: 2.0\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	s := State{Latest: "\x00\xff'\"\\?\r\t\v€", All: []string{"x"}}
	if back, err := parseState(formatState(s), ""); err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("%+v, %v", back, err)
	}
}

func TestWriteState(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Mkdir("models", 0o755); err != nil {
		t.Fatal(err)
	}
	abs := func(p string) string { return filepath.Join(dir, p) }
	for _, c := range []struct {
		dir   string
		state State
		text  []string // the paths in the file, latest first
		read  State
	}{
		{"models", State{Latest: "models/m-2", All: []string{"models/m-1", "models/m-2"}}, []string{"m-2", "m-1", "m-2"},
			State{Latest: "models/m-2", All: []string{"models/m-1", "models/m-2"}}},
		{abs("models"), State{Latest: "models/m-1"}, []string{"m-1", "m-1"}, State{Latest: abs("models/m-1"), All: []string{abs("models/m-1")}}},
		{"models", State{Latest: abs("models/m-1"), Timestamps: []float64{5}}, []string{abs("models/m-1"), abs("models/m-1")},
			State{Latest: abs("models/m-1"), All: []string{abs("models/m-1")}, Timestamps: []float64{5}}},
		{"models", State{Latest: abs("models/m-1"), RelativePaths: true}, []string{"m-1", "m-1"}, State{Latest: "models/m-1", All: []string{"models/m-1"}}},
		{".", State{Latest: "m"}, []string{"m", "m"}, State{Latest: "m", All: []string{"m"}}},
		{"models", State{Latest: "m"}, []string{"../m", "../m"}, State{Latest: "m", All: []string{"m"}}},
	} {
		if err := WriteState(c.dir, c.state); err != nil {
			t.Error(err)
			continue
		}
		text, _ := os.ReadFile(filepath.Join(c.dir, StateFile))
		raw, err := parseState(string(text), "")
		if paths := append([]string{raw.Latest}, raw.All...); err != nil || !reflect.DeepEqual(paths, c.text) {
			t.Errorf("%+v: stored %q, want %q", c.state, paths, c.text)
		}
		if got, err := ReadState(c.dir); err != nil || !reflect.DeepEqual(got, c.read) {
			t.Errorf("%+v: read %+v, want %+v, %v", c.state, got, c.read, err)
		}
	}
	for _, bad := range []State{{}, {Latest: "m", Timestamps: []float64{1, 2}}} {
		if err := WriteState("models", bad); err == nil {
			t.Errorf("%+v was written", bad)
		}
	}
	if _, err := ReadState("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := WriteState("none", State{Latest: "m"}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if files, _ := os.ReadDir("models"); len(files) != 1 {
		t.Errorf("%d files beside the state", len(files)-1)
	}
}
