package keras

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write README.md")

// README.md lists the layers; go test ./transfer/keras -run TestREADME -update writes it.
func TestREADME(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# Keras

` + "`keras.OpenModel`" + ` opens a model that Keras saved whole, ` + "`keras.ParseModel`" + ` reads the JSON of ` + "`model.to_json`" + ` with the weights of another file or none, and
` + "`keras.FromFile`" + ` takes a layers model that ` + "`tfjs.Open`" + ` has opened; ` + "`Model.Import`" + ` builds the graph. Models are Sequential or Functional, of Keras 2 and 3 and of
TensorFlow.js, with layers and models that are called several times, and models in models. Others have no description in their files.

`)
	fmt.Fprintf(&b, "%d classes of layers are supported, some under several names, and InputLayer beside them:\n\n| family | layers |\n|---|---|\n", len(readers))
	for _, f := range families {
		fmt.Fprintf(&b, "| %s | %s |\n", f.name, strings.Join(slices.Sorted(maps.Keys(f.layers)), ", "))
	}
	fmt.Fprintf(&b, "\nActivations: hard_sigmoid, %s.\n", strings.Join(slices.Sorted(maps.Keys(activations)), ", "))
	b.WriteString(`
Recurrent layers are unrolled: the length of their sequences must be known. They leave out what Masking, or Embedding with
mask_zero, says; merging layers, GlobalAveragePooling1D and Softmax do not take masked sequences. Lambda layers, layers in three dimensions and classes of one's own are not supported: one error lists
all that a model needs and there is not. Regularizers and constraints are registered; what matters in training only and is missing does not keep
a model from being built, and ` + "`Model.Ignored`" + ` lists it.

This page is written by ` + "`go test ./transfer/keras -run TestREADME -update`" + `, and a test keeps it true.
`)
	if *update {
		if err := os.WriteFile("README.md", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile("README.md"); err != nil || string(have) != b.String() {
		t.Errorf("README.md is not what the layers say (%v): run go test ./transfer/keras -run TestREADME -update", err)
	}
}
