package tensorflow

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write README.md")

// heldElsewhere are the ops whose values are no cases of TestOps: they are inputs, variables and conditions, draw random numbers,
// or are held against the ops that are written as them (TestForms).
var heldElsewhere = []string{"Assign", "AssignAdd", "AssignAddVariableOp", "AssignSub", "AssignSubVariableOp", "AssignVariableOp", "Const", "IsVariableInitialized", "MatrixBandPart", "MatrixDiag", "MatrixDiagPart", "Merge", "Multinomial", "NoOp",
	"Placeholder", "PlaceholderV2", "PlaceholderWithDefault", "RandomGamma", "RandomShuffle", "RandomStandardNormal", "RandomUniform", "ReadVariableOp", "RefIdentity", "RefMerge", "RefSwitch",
	"ResourceGather", "ScatterAdd", "ScatterNd", "Switch", "TensorScatterAdd", "TensorScatterUpdate", "TruncatedNormal", "UnsortedSegmentSum", "VarHandleOp", "VarIsInitializedOp", "Variable", "VariableV2"}

// README.md lists the ops that are read and those that are written; go test ./transfer/tensorflow -run TestREADME -update writes it.
func TestREADME(t *testing.T) {
	held := map[string]bool{}
	for _, c := range opCases(t) {
		held[c.Op] = true
	}
	var names []string
	for name := range operators {
		names = append(names, name)
		if held[name] == slices.Contains(heldElsewhere, name) {
			t.Errorf("%s must be a case of TestOps, or be listed as held elsewhere", name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("# TensorFlow\n\n`tensorflow.Open` reads checkpoints; `tensorflow.OpenGraph` reads graphs (`.meta`, frozen `.pb`, SavedModels, binary or text), and `Graph.Import` builds them;\n" +
		"`tensorflow.WriteMeta`, `WriteFrozen`, `WriteSavedModel` and `Save` write them.\n\n## Import\n\n")
	fmt.Fprintf(&b, "%d ops are supported, besides functions that are called and conditions (If, StatelessIf), which are built in place:\n\n", len(names))
	line := ""
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		if len(line)+len(name) > 140 {
			b.WriteString(strings.TrimSpace(line) + "\n")
			line = ""
		}
		line += name + " "
	}
	b.WriteString(strings.TrimSpace(line) + ".\n")
	fmt.Fprintf(&b, "\nThe values of %d of them are held against NumPy and PyTorch, the others by tests of their own. Loops (Enter, NextIteration, While), TensorArrays,\n"+
		"queues and strings are not supported; what trains, saves or writes summaries is left out of what is built.\n", len(held))
	b.WriteString(exportTable())
	b.WriteString("\nThis page is written by `go test ./transfer/tensorflow -run TestREADME -update`, and a test keeps it true.\n")
	if *update {
		if err := os.WriteFile("README.md", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile("README.md"); err != nil || string(have) != b.String() {
		t.Errorf("README.md is not what the operators say (%v): run go test ./transfer/tensorflow -run TestREADME -update", err)
	}
}
