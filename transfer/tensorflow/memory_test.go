package tensorflow

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/internal/budget/budgettest"
	"github.com/plexaura/plexaura/internal/tffile"
)

// A graph whose edges are followed takes four times the memory of its file, and a room beside, or is refused.
func TestMemory(t *testing.T) {
	var tiny, chain, deep []tffile.NodeDef
	for i := range 100_000 {
		tiny = append(tiny, tffile.NodeDef{Name: fmt.Sprintf("%06d", i), Op: "A"})
	}
	for i := range 10_000 {
		chain = append(chain, def(fmt.Sprintf("tower/block_%d/conv/Relu = Relu(tower/block_%d/conv/Relu)", i+1, i), "T", tffile.Float32, "_class", []string{"loc:@tower"}))
	}
	chain[0].Inputs = nil
	// Each function calls the one before it twice, so that the last stands for 2^20 nodes.
	functions := []tffile.Function{{Name: "f0", Nodes: []tffile.NodeDef{def("n = NoOp()")}}}
	for i := 1; i <= 20; i++ {
		call := tffile.Func{Name: fmt.Sprintf("f%d", i-1)}
		functions = append(functions, tffile.Function{Name: fmt.Sprintf("f%d", i), Nodes: []tffile.NodeDef{def("a = PartitionedCall()", "f", call), def("b = PartitionedCall()", "f", call)}})
	}
	deep = append(deep, def("c = PartitionedCall()", "f", tffile.Func{Name: "f20"}))
	for name, c := range map[string]struct {
		graph tffile.GraphDef
		want  string
	}{
		"tiny nodes": {tffile.GraphDef{Nodes: tiny}, "takes much more memory"},
		"a network":  {tffile.GraphDef{Nodes: chain}, ""},
		"functions":  {tffile.GraphDef{Nodes: deep, Functions: functions}, "nodes of the graph"},
	} {
		t.Run(name, func(t *testing.T) {
			whole := c.graph.Encode()
			var err error
			budgettest.Peak(t, len(whole), func() any {
				var g *Graph
				g, err = ParseGraph(whole)
				return g
			})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}

// So does a checkpoint, of whose files all count: small tensors take more memory than bytes, larger ones do not.
func TestMemoryOfCheckpoints(t *testing.T) {
	budgettest.Lower(t)
	for _, c := range []struct {
		elements int
		want     string
	}{{4, "takes much more memory"}, {32, "takes much more memory"}, {256, ""}} {
		prefix := filepath.Join(t.TempDir(), "m")
		w, err := tffile.Create(prefix)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 8000 {
			x, err := tffile.New(fmt.Sprintf("%07d", i), []int{c.elements}, make([]float32, c.elements))
			if err == nil {
				err = w.Add(x)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		size := int64(0)
		for _, path := range []string{prefix + ".index", prefix + ".data-00000-of-00001"} {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			size += info.Size()
		}
		budgettest.Peak(t, int(size), func() any {
			f, e := Open(prefix)
			err = e
			return f
		})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("tensors of %d elements: got %v; want %q", c.elements, err, c.want)
		}
	}
}
