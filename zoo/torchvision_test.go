package zoo

import (
	"flag"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/transfer/npz"
)

var torchvisionFiles = flag.String("torchvision", "", "folder of what internal/golden/torchvisionfiles.py has made, for TestTorchvisionFiles")

// A state dict of each of torchvision's models gives the outputs that torchvision computes.
func TestTorchvisionFiles(t *testing.T) {
	if *torchvisionFiles == "" {
		t.Skip("the files are too large for the repository; internal/golden/torchvisionfiles.py makes them, and -torchvision names their folder")
	}
	paths, err := filepath.Glob(filepath.Join(*torchvisionFiles, "*.npz"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %s: %v", *torchvisionFiles, err)
	}
	for _, path := range paths {
		path = strings.TrimSuffix(path, ".npz")
		name := "torchvision/" + filepath.Base(path)
		t.Run(name, func(t *testing.T) { wantTorchvisionFile(t, name, path) })
	}
}

// wantTorchvisionFile loads an entry from path.pth and compares what it gives with path.npz.
func wantTorchvisionFile(t *testing.T, name, path string) {
	expected, err := npz.Open(path + ".npz")
	if err != nil {
		t.Fatal(err)
	}
	defer expected.Close()
	image, err := expected.Read("x")
	if err != nil {
		t.Fatal(err)
	}
	logits, err := expected.Read("y")
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(graph.Config{})
	x := graph.Placeholder(g.Scope(), "x", tensor.Float32, -1, graph.Unknown, graph.Unknown, 3)
	m := Build(g.Scope().Sub("net"), name, x, Config{})
	sess, err := graph.NewSession(g, graph.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer sess.Close()
	if err := m.LoadFile(sess, path+".pth"); err != nil {
		t.Fatal(err)
	}
	out, err := sess.Run(graph.Feeds{x: image}, m.Output)
	if err != nil {
		t.Fatal(err)
	}
	want, scale, worst := logits.Data().([]float64), 0.0, 0.0
	for i, v := range out.Float32s(0) {
		scale = math.Max(scale, math.Abs(want[i]))
		worst = math.Max(worst, math.Abs(float64(v)-want[i]))
	}
	t.Logf("%-32s %4d variables, largest difference %.1e of %.1e", name, len(m.Variables()), worst/scale, scale)
	if !(worst <= 1e-4*scale) {
		t.Errorf("%s: the outputs differ by up to %v of %v", name, worst, scale)
	}
}
