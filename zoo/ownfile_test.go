package zoo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// written writes a file into a folder of its own.
func written(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// Config.File takes the place of the published file, where that holds the weights and where it holds the network too. Nothing is fetched.
func TestOwnFile(t *testing.T) {
	n := newTiny(t, 5)
	path := filepath.Join(n.mirror, "tiny.onnx")
	n.Files[0].SHA256, n.mirror = sumOf(nil), t.TempDir() // the published one is another, and is not to be had
	m, sess, err := n.in(t, Config{File: path}, -1, 8, 8, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(context.Background(), sess); err != nil {
		t.Fatal(err)
	}
	wantTiny(t, m, sess, n.logits)

	l := namesOf(t, Torchvision, "SqueezeNet 1.1", 0)
	p, err := newPretrainedNet(pretrainedName, Config{File: written(t, "own.pth", stateDict(t, l, random)), Fetch: fetch.Config{Offline: true, Cache: t.TempDir()}},
		[]fetch.File{{Name: "published.pth", SHA256: sumOf(nil)}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.sess.Close()
	if err := p.Load(context.Background(), p.sess); err != nil {
		t.Fatal(err)
	}
	bias := p.values(t)["conv1/bias"]
	if l.tensors[1].Name != "features.0.bias" || !reflect.DeepEqual(bias, random(1, l.tensors[1].Shape)) {
		t.Errorf("conv1/bias is %v, of %v", bias[:3], l.tensors[1])
	}
}

// A file that is missing or wrong says what is wanted, and where that is.
func TestOwnFileBadInput(t *testing.T) {
	n := newTiny(t, 4)
	l := namesOf(t, Torchvision, "SqueezeNet 1.1", 0)
	for want, path := range map[string]string{
		"no such file":           filepath.Join(t.TempDir(), "none.onnx"),
		"the format is not know": written(t, "text.onnx", []byte("no network at all")),
		"no graph is read":       written(t, "state.pth", stateDict(t, l, random)),
		"a folder; want":         t.TempDir(),
	} {
		_, _, err := n.in(t, Config{File: path}, -1, 8, 8, 3)
		for _, part := range []string{want, "want tiny.onnx, which is https://localhost/tiny.onnx, or another file of that network", path} {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("got %v; want %s", err, part)
			}
		}
	}
	g := graph.New(graph.Config{})
	LeNet5(g.Scope(), graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, 32, 32, 1), Config{File: "lenet.pth"})
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "transfer.Map loads") {
		t.Errorf("a network that has no published file: %v", err)
	}
}

// The error for the weights of another network is short, and has the whole comparison.
func TestOtherNetworkError(t *testing.T) {
	n := begin(t, "torchvision/resnet18", Config{}, nil)
	content := stateDict(t, namesOf(t, Torchvision, "ResNet-34", 0), random)
	err := n.LoadFile(n.sess, written(t, "resnet34.pth", content))
	var mismatch *transfer.MismatchError
	if !errors.As(err, &mismatch) || len(mismatch.Plan.Unused) < 50 {
		t.Fatalf("got %v; want a MismatchError", err)
	}
	if text := err.Error(); strings.Count(text, "\n") > 12 || !strings.Contains(text, "want the weights of ResNet-18, as in resnet18-f37072fd.pth") {
		t.Errorf("the error is\n%s", text)
	}
}

// A context ends the search for the file of a network that stands in it.
func TestBuildContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, shape := range map[string][]int{"onnx/mnist-7": {1, 28, 28, 1}, pretrainedName: {1, 224, 224, 3}} {
		g := graph.New(graph.Config{})
		x := graph.Placeholder(g.Scope(), "x", tensor.Float32, shape...)
		m := BuildContext(ctx, g.Scope(), name, x, Config{Fetch: fetch.Config{Cache: t.TempDir(), Mirrors: []string{}}})
		if inFile := name == "onnx/mnist-7"; errors.Is(g.Err(), context.Canceled) != inFile {
			t.Errorf("%s: got %v", name, g.Err())
		}
		if err := m.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	g := graph.New(graph.Config{})
	var none context.Context
	if BuildContext(none, g.Scope(), pretrainedName, graph.Placeholder(g.Scope(), "x", tensor.Float32, 1, 224, 224, 3), Config{}); g.Err() != nil {
		t.Errorf("without a context: %v", g.Err())
	}
}

// counted counts how often a file is closed.
type counted struct{ closed int }

func (c *counted) Close() error { c.closed++; return nil }

// Close closes the file that a network was built from, and Load works after it.
func TestModelClose(t *testing.T) {
	n := newTiny(t, 4)
	m, sess, err := n.in(t, Config{}, -1, 8, 8, 3)
	if err != nil {
		t.Fatal(err)
	}
	file := &counted{}
	m.network.File = file
	if err := m.Close(); err != nil || file.closed != 1 {
		t.Errorf("closed %d times, %v", file.closed, err)
	}
	if err := m.Load(context.Background(), sess); err != nil {
		t.Fatal(err)
	}
	wantTiny(t, m, sess, n.logits)
	var none *Model
	if err := none.Close(); err != nil {
		t.Error(err)
	}
}
