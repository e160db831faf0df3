package tffile

import (
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// golden reads a file that internal/golden/graphs.py made.
func golden(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What Google's protocol buffers encode, in each of their forms, is one graph.
func TestForms(t *testing.T) {
	want, err := DecodeMetaGraph([]byte(golden(t, "metagraph.pb")))
	if err != nil {
		t.Fatal(err)
	}
	nodes := want.Graph.Nodes
	if len(nodes) != 2 || len(nodes[1].Attrs) != 21 || nodes[0].Attrs["ref"].Value != DType(109) || !reflect.DeepEqual(nodes[1].Attrs["s"].Value, []string{"a\"b'c\\d\n\xff\x00", ""}) {
		t.Fatalf("the nodes are %+v", nodes)
	}
	got, err := ParseMetaGraphText(golden(t, "metagraph.pbtxt"))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("text: %+v, %v; want %+v", got, err, want)
	}
	b, err := encodeJSON("MetaGraphDef", []byte(golden(t, "metagraph.json")), nil)
	if err == nil {
		got, err = DecodeMetaGraph(b)
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("JSON: %+v, %v; want %+v", got, err, want)
	}
	for name, message := range map[string]string{"text": "metagraph.pbtxt", "wire": "metagraph.pb"} {
		if text := golden(t, message); IsText([]byte(text[:min(len(text), 256)])) != (name == "text") {
			t.Errorf("%s is taken for something else", message)
		}
	}
}

// The encoder's bytes are those of Google's, whose maps were put in order.
func TestEncodeLikeProtocolBuffers(t *testing.T) {
	text := golden(t, "metagraph.pb")
	want, err := DecodeMetaGraph([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(want.Encode()); got != text {
		t.Errorf("%q\nwant\n%q", got, text)
	}
}

func TestParseGraphText(t *testing.T) {
	for text, want := range map[string]GraphDef{
		"": {},
		"node { name: 'a' op: \"O\" \"p\" } # a comment\nversions: < producer: 0x1a, >;": {Nodes: []NodeDef{{Name: "a", Op: "Op", Attrs: map[string]Attr{}}}, Producer: 26},
		`node: [{name:"a" op:"A" input: ["x", "y"]}, <name:"b" op:"B">] unknown { deep < list: [1, {a: 2}] [x.y/z] { b: "c" 'd' } f: -1.5e3 > }`: {Nodes: []NodeDef{
			{Name: "a", Op: "A", Inputs: []string{"x", "y"}, Attrs: map[string]Attr{}}, {Name: "b", Op: "B", Attrs: map[string]Attr{}}}},
		`node {name: "a" op: "A" attr {key: "f" value {f: inf}} attr {key: "i" value {list {i: [-017, 18446744073709551615] i: 5}}} attr {value {b: t}}
			attr {key: "none"} attr {key: "T" value {type: DT_HALF_REF}} attr {key: "n" value {type: 9}}}`: {Nodes: []NodeDef{{Name: "a", Op: "A", Attrs: map[string]Attr{
			"f": {float32(math.Inf(1))}, "i": {[]int64{-15, -1, 5}}, "": {true}, "none": {}, "T": {Float16 + 100}, "n": {Int64}}}}},
	} {
		if got, err := ParseGraphText(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"\n\nnode {\n name: 3":               `line 4: a string in quotes is wanted, found "3"`,
		"node {":                             "a field name is wanted",
		"node }":                             "a colon is wanted after node",
		"node: 3":                            "a message in braces is wanted",
		"node { name: \"a":                   "does not end on its line",
		"node { > }":                         "a field name is wanted",
		"}":                                  "a field name is wanted",
		"versions { producer: 1.5 }":         "an integer is wanted",
		"versions { producer: [1, 2, }":      "an integer is wanted",
		"versions { producer: [1 2] }":       "a comma or bracket is wanted",
		"node { attr { value { b: yes } } }": "true or false is wanted",
		"node { attr { value { type: DT_FLOAT32 } } }": "a value of DataType is wanted",
		"node { attr { value { f: x } } }":             "a number is wanted",
		"unknown: }":                                   "a value is wanted",
		"[a.b: 1":                                      "a bracket is wanted",
		"versions { producer: 18446744073709551616 }":  "an integer is wanted",
		strings.Repeat("library {", 102):               "", // no field of it is known
		strings.Repeat("a <", 102):                     "deeper than 100",
		"node { name: 'a' op: 'b' attr { value { shape { dim { size: -2 }}}}}": "axis of size -2",
	} {
		if g, err := ParseGraphText(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, read as %+v; want %s", text, err, g, want)
		}
	}
}

// protoc turns the graphs that TensorFlow wrote into text, which is read as what they are.
func TestPublishedGraphsAsText(t *testing.T) {
	protoc, err := exec.LookPath("protoc")
	if err != nil {
		t.Skip("no protoc on the PATH, which would turn graphs into text")
	}
	count := 0
	err = filepath.WalkDir(testData(t), func(path string, d fs.DirEntry, err error) error {
		kind := filepath.Ext(path)
		if err != nil || kind != ".meta" && kind != ".pb" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		message := map[string]string{"saved_model.pb": "SavedModel", "frozen_graph.pb": "GraphDef"}[d.Name()]
		if message == "" {
			message = "MetaGraphDef"
		}
		cmd := exec.Command(protoc, "-I../golden", "--decode="+message, "graphs.proto")
		cmd.Stdin = strings.NewReader(string(b))
		text, err := cmd.Output()
		if err != nil {
			return err
		}
		var got, want interface{}
		var errText error
		switch message {
		case "SavedModel":
			want, err = DecodeSavedModel(b)
			got, errText = ParseSavedModelText(string(text))
		case "GraphDef":
			want, err = DecodeGraphDef(b)
			got, errText = ParseGraphText(string(text))
		default:
			want, err = DecodeMetaGraph(b)
			got, errText = ParseMetaGraphText(string(text))
		}
		if err != nil || errText != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v, or they differ", path, err, errText)
		}
		count++
		return err
	})
	if err != nil || count < 16 {
		t.Error(count, err)
	}
}
