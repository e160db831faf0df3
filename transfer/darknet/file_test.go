package darknet

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/network"
)

// pair copies a network of testdata into a folder and writes weights beside it; it returns the path of the .cfg.
func pair(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".cfg"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := open(t, name).entries()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	for ext, content := range map[string][]byte{".cfg": text, ".weights": file(entries, 3)} {
		if err := os.WriteFile(path+ext, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return path + ".cfg"
}

// An imported network begins with the values that Load gives, and computes the same.
func TestImport(t *testing.T) {
	for _, name := range []string{"tour", "classifier"} {
		cfg := pair(t, name)
		for _, path := range []string{cfg, strings.TrimSuffix(cfg, ".cfg") + ".weights"} {
			f, err := OpenFile(path)
			if err != nil {
				t.Fatal(err)
			}
			g := graph.New(graph.Config{})
			net, err := f.Import(g.Scope().Sub("net"), network.Config{})
			if err != nil {
				t.Fatal(err)
			}
			sess, err := graph.NewSession(g, graph.SessionConfig{})
			if err != nil {
				t.Fatal(err)
			}
			if err := sess.Init(); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
			m := fill(t, name, 3, tensor.Float32)
			if w, _ := f.Weights(); len(net.Variables) != len(m.Variables()) || len(w.Names()) != len(net.Variables) {
				t.Errorf("%s: %d variables; want %d", name, len(net.Variables), len(m.Variables()))
			}
			for i, v := range m.Variables() {
				got, err := sess.Value(net.Variables[i].Node)
				if err != nil {
					t.Fatal(err)
				}
				want, err := m.sess.Value(v)
				if err != nil || !reflect.DeepEqual(got.Data(), want.Data()) || "net/"+net.Variables[i].Name != m.sess.Graph().NameOf(v) {
					t.Errorf("%s: %s is not what Load gives (%v)", name, net.Variables[i].Name, err)
				}
			}
			var outputs gorgonia.Nodes
			for _, o := range net.Outputs {
				outputs = append(outputs, o.Node)
				want, err := m.sess.Run(graph.Feeds{m.Input: m.image}, m.Endpoint(o.Name))
				if err != nil {
					t.Fatal(err)
				}
				got, err := sess.Run(graph.Feeds{net.Inputs[0].Node: m.image}, o.Node)
				if err != nil || !reflect.DeepEqual(got.Tensor(0).Data(), want.Tensor(0).Data()) {
					t.Errorf("%s: the output %s is not that of Build (%v)", name, o.Name, err)
				}
			}
			heads, err := f.Network.Heads()
			if err != nil || !reflect.DeepEqual(heads, m.Heads) || len(heads) > 0 && len(heads) != len(outputs) {
				t.Errorf("%s: the heads are %v and the outputs %v (%v); want %v", name, heads, net.Outputs, err, m.Heads)
			}
			sess.Close()
		}
	}
}

func TestNodes(t *testing.T) {
	f := &File{Network: open(t, "tour")}
	var got []string
	for _, n := range f.Nodes() {
		if n.Op == "route" || n.Op == "shortcut" || len(got) == 0 {
			got = append(got, n.String())
		}
	}
	want := []string{"conv0 convolutional(image) -> conv0", "shortcut3 shortcut(conv2, maxpool1) -> shortcut3", "route7 route(upsample6, conv0) -> route7",
		"shortcut8 shortcut(route7, conv0) -> shortcut8", "shortcut10 shortcut(conv9, conv2) -> shortcut10", "route11 route(conv2) -> route11", "route15 route(reorg12) -> route15"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q; want %q", got, want)
	}
}

// Only the layers up to the last that is wanted are built, on a node that is given, and names that are not there are errors.
func TestImportPart(t *testing.T) {
	f, err := OpenFile(pair(t, "classifier"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := graph.New(graph.Config{})
	h, w, c := f.Network.Input()
	x := graph.Placeholder(g.Scope(), "x", tensor.Float64, 2, h, w, c)
	net, err := f.Import(g.Scope(), network.Config{Outputs: []string{"conv0"}, Inputs: map[string]*gorgonia.Node{"image": x}})
	if err != nil {
		t.Fatal(err)
	}
	if len(net.Variables) != 2 || net.Inputs[0].Node != x || graph.SpecOf(net.Outputs[0].Node).Dtype != tensor.Float64 {
		t.Errorf("got the variables %v and the inputs %v; want those of conv0 on x", net.Variables, net.Inputs)
	}
	for name, want := range map[string]string{"connected1": "was not built", "conv1": "near: conv0"} {
		if _, err := net.Node(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %s", name, err, want)
		}
	}
	for _, bad := range []network.Config{{Outputs: []string{"conv7"}}, {Inputs: map[string]*gorgonia.Node{"x": x}}, {Inputs: map[string]*gorgonia.Node{"image": nil}}} {
		if _, err := f.Import(g.Scope().Sub("bad"), bad); err == nil {
			t.Errorf("%+v is no error", bad)
		}
	}
}

// Without weights variables are drawn; a name or weights that do not fit are errors.
func TestOpenFile(t *testing.T) {
	cfg := pair(t, "classifier")
	stem := strings.TrimSuffix(cfg, ".cfg")
	data, err := os.ReadFile(stem + ".weights")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stem+".weights", data[:len(data)-1], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFile(cfg); err == nil || !strings.Contains(err.Error(), "the file has") {
		t.Errorf("of weights that are cut off: %v", err)
	}
	if err := os.Remove(stem + ".weights"); err != nil {
		t.Fatal(err)
	}
	f, err := OpenFile(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if w, err := f.Weights(); err != nil || len(w.Names()) != 0 {
		t.Errorf("the weights are %v, %v; want none", w.Names(), err)
	}
	s := f.Describe()
	if want := "input image float32[? 7 5 2]"; !strings.Contains(s.String(), want) || s.Ops["connected"] != 1 {
		t.Errorf("got\n%s; want %s", s, want)
	}
	if _, err := OpenFile(stem + ".weights"); err != nil {
		t.Errorf("by the name of weights that are not there: %v", err)
	}
	if _, err := OpenFile(stem + "2.weights"); err == nil || !strings.Contains(err.Error(), "want a .cfg") {
		t.Errorf("got %v; want an error that says what is wanted", err)
	}
}
