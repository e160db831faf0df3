package darknet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
)

func TestParse(t *testing.T) {
	n, err := Parse(strings.NewReader("\ufeff# a comment\r\n[net]\r\n height = 4\r\nwidth=\t6\r\n;another\n\n[conv]\nfilters=3\nfilters=5\nangle=\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := "{{net 2 [{height 4 3} {width 6 4}]} [{conv 7 [{filters 3 8} {filters 5 9} {angle  10}]}]}"
	if got := fmt.Sprint(*n); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if h, w, c := n.Input(); h != 4 || w != 6 || c != 0 {
		t.Errorf("the input is %d x %d x %d", h, w, c)
	}
}

func TestParseBadInput(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "no section",
		"# nothing":                "no section",
		"filters=3":                `line 1: "filters=3" stands before the first section`,
		"[conv]\nfilters=3":        "line 1: the first section is [conv]; want [net]",
		"[net]\nwidth=3":           "no layer below [net]",
		"[net]\n[conv":             `line 2: wanted the name of a section in brackets, came "[conv"`,
		"[net]\n[]":                "line 2: wanted the name",
		"[net]\n[conv] x":          "line 2: wanted the name",
		"[net]\n[conv]\nfilters 3": `line 3: wanted a section in brackets, key=value or a comment, came "filters3"`,
		"[net]\n[conv]\n=3":        "line 3: wanted a section",
		"[net]\n" + strings.Repeat("[max]\n", maxLayers+1): "has more than 10000 layers",
		"[net]\n" + strings.Repeat("a=\n", 1<<17):          "takes much more memory",
		strings.Repeat("#", maxCfg+2):                      "larger than 4194304 bytes",
		strings.Repeat("# a line\n", maxCfg/8):             "larger than 4194304 bytes",
	} {
		if _, err := Parse(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %v; want %s", text, err, want)
		}
	}
	if _, err := Parse(nil); err == nil {
		t.Error("a nil reader is no error")
	}
	if _, err := Open("testdata/none.cfg"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
}

// builds builds the layers of a text on images [batch, 8, 8, 4].
func builds(text string) (*Model, *graph.Graph, error) {
	n, err := Parse(strings.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	g := graph.New(graph.Config{})
	m := n.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, graph.Unknown, 8, 8, 4), BuildConfig{})
	return m, g, g.Err()
}

func TestUnsupported(t *testing.T) {
	_, _, err := builds(`[net]
[local]
[conv]
activation=stair
xnor=1
[rnn]
[conv]
activation=stair
binary=0
[local]
[softmax]
groups=3
[shortcut]
from=-1
alpha=.5
`)
	want := "not supported: 2 x [local] (line 2, 10); 1 x xnor=1 of [conv] (line 5); 2 x activation=stair (line 4, 8); " +
		"1 x [rnn] (line 6); 1 x groups=3 of [softmax] (line 12); 1 x alpha=.5 of [shortcut] (line 15)"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v\nwant %s", err, want)
	}
	n, err := Parse(strings.NewReader("[net]\n" + strings.Repeat("[gru]\n", 20)))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Check(); err == nil || !strings.Contains(err.Error(), "20 x [gru] (line 2, 3, 4, 5, 6, 7, 8, 9, ...)") {
		t.Errorf("got %v", err)
	}
}

func TestBuildBadInput(t *testing.T) {
	for text, want := range map[string]string{
		"[conv]\nfilters=x":                                     `line 3: filters of [conv] is "x"; want an integer from 1`,
		"[conv]\nfilters=0\nstride=-1":                          "line 3: filters of [conv]|line 4: stride",
		"[conv]\nfilters=99999999999999999999":                  "line 3: filters",
		"[conv]\nfilters=4\ngroups=3":                           "conv0|groups",
		"[conv]\nsize=9":                                        "conv0|9",
		"[max]\nsize=2\npadding=5":                              "maxpool0|Pads",
		"[max]\n[route]\nlayers=1":                              "line 3: [route]: layer 1 is not one of the 1 before this one",
		"[route]\nlayers=-1":                                    "line 2: [route]: layer -1 is not one of the 0",
		"[route]":                                               "line 2: [route] has no layers",
		"[max]\n[route]\nlayers=0,x":                            `line 4: layers of [route] is "0,x"; want numbers`,
		"[max]\n[route]\nlayers=0.5":                            "want integers",
		"[max]\n[route]\nlayers=0\ngroups=3":                    "multiple of groups=3",
		"[max]\n[route]\nlayers=0\ngroups=2\ngroup_id=2":        "line 6: group_id",
		"[max]\nstride=2\n[max]\nstride=2\n[route]\nlayers=0,1": "route2/Concat",
		"[shortcut]":                                            "line 2: [shortcut] has no from",
		"[shortcut]\nfrom=-1":                                   "line 2: [shortcut]: layer -1",
		"[max]\nstride=2\n[upsample]\n[max]\nstride=3\n[shortcut]\nfrom=1\n[max]\nstride=2\n[max]\nstride=1\n[shortcut]\nfrom=1\n[shortcut]\nfrom=0\n[upsample]\n[shortcut]\nfrom=4": "cannot be added",
		"[reorg]\nstride=3":                                       "line 2: [reorg] with stride 3 wants",
		"[conv]\nfilters=14\n[yolo]\nclasses=3":                   "line 4: [yolo] with 1 anchors and 3 classes takes 8 channels, but the layer before gives 14; want filters=8",
		"[yolo]\nnum=2\nanchors=1,2,3":                            "line 4: anchors of [yolo]",
		"[yolo]\nnum=2\nmask=2":                                   "line 4: mask of [yolo]",
		"[yolo]\nnum=9999":                                        "line 3: num of [yolo]",
		"[region]\ncoords=2":                                      "coords=2 of [region]",
		"[conv]\nfilters=6\n[yolo]\nclasses=1\n[route]\nlayers=1": "layer 1 is a detection layer",
		"[dropout]\nprobability=1":                                "line 3: probability",
		"[soft]\ntemperature=0":                                   "line 3: temperature",
		"[upsample]\nscale=NaN":                                   "line 3: scale of [upsample]",
		"[upsample]\nstride=0":                                    "line 3: stride",
	} {
		m, _, err := builds("[net]\n" + text)
		if err == nil {
			t.Errorf("%q: no error", text)
			continue
		}
		for _, w := range strings.Split(want, "|") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q: got %v; want %s", text, err, w)
			}
		}
		if m.Output == nil || !graph.IsBad(m.Output) {
			t.Errorf("%q: the output is no bad node", text)
		}
	}
}

func TestBuildWrongImage(t *testing.T) {
	n, err := Parse(strings.NewReader("[net]\nchannels=3\nheight=x\n[max]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Check(); err == nil || !strings.Contains(err.Error(), "line 3: height of [net]") {
		t.Errorf("got %v", err)
	}
	n.Net.Options = n.Net.Options[:1]
	for _, shape := range [][]int{{1, 8, 8, 4}, {1, 8, 8}, {1, 8, 8, -1}} {
		g := graph.New(graph.Config{})
		n.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, shape...), BuildConfig{})
		if g.Err() == nil {
			t.Errorf("%v: no error", shape)
		}
	}
	g := graph.New(graph.Config{})
	n.Build(g.Scope(), nil, BuildConfig{})
	(*Network)(nil).Build(g.Scope(), nil, BuildConfig{})
	if g.Err() == nil || (*Network)(nil).Check() == nil {
		t.Error("nil is no error")
	}
}

// TestUnknownSizes: sizes that no layer depends on may be unknown.
func TestUnknownSizes(t *testing.T) {
	n, err := Parse(strings.NewReader("[net]\n[conv]\nfilters=4\nsize=3\npad=1\n[max]\nstride=2\n[upsample]\n[route]\nlayers=-1,0\n[shortcut]\nfrom=0\n"))
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	n.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, -1, -1, 3), BuildConfig{})
	if g.Err() != nil {
		t.Error(g.Err())
	}
	n, err = Parse(strings.NewReader("[net]\n[reorg]\nstride=2\n"))
	if err != nil {
		t.Fatal(err)
	}
	g = graph.New(graph.Config{})
	n.Build(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, -1, -1, 4), BuildConfig{})
	if g.Err() == nil || !strings.Contains(g.Err().Error(), "wants to know height and width") {
		t.Error(g.Err())
	}
}

// TestDarknetsOwn builds the .cfg files that come with Darknet where Debian's package has them.
func TestDarknetsOwn(t *testing.T) {
	files, _ := filepath.Glob("/usr/share/darknet/cfg/*.cfg")
	if len(files) == 0 {
		t.Skip("Debian's package darknet, which has the files, is not installed")
	}
	lacks := map[string]string{
		"darknet9000.cfg": "tree=", "yolo9000.cfg": "tree=", "go.cfg": "extra=1", "go.test.cfg": "extra=1 of [reorg]", "gru.cfg": "[gru]", "rnn.cfg": "[rnn]", "rnn.train.cfg": "[rnn]",
		"strided.cfg": "[crop]", "vgg-16.cfg": "[crop]", "t1.test.cfg": "[detection]", "yolov1-tiny.cfg": "[detection]", "yolov1.cfg": "[local]",
	}
	for _, path := range files {
		n, err := Open(path)
		if err != nil {
			t.Error(err)
			continue
		}
		err = n.Check()
		if err == nil {
			_, err = n.entries()
		}
		name := filepath.Base(path)
		switch lack, ok := lacks[name]; {
		case ok && (err == nil || !strings.Contains(err.Error(), lack)):
			t.Errorf("%s: got %v; want %s", name, err, lack)
		case !ok && err != nil:
			t.Errorf("%s: %v", name, err)
		}
	}
}
