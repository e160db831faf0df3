// Importmeta reuses a network of which there is only what TensorFlow's saver
// writes: the graph in a .meta file and the checkpoint beside it. It imports the
// graph, restores the variables, takes a hidden layer by its name, and trains
// new outputs on it for other classes while the layers below stay as they are.
//
//	go run ./examples/importmeta
//	go run ./examples/importmeta -meta my_model_final.ckpt.meta -hidden dnn/hidden2/Elu -logits dnn/outputs/BiasAdd
//
// The second takes a network that was trained on MNIST. Without -meta a network
// is trained on the embedded digits 0 to 4 first, saved, and forgotten.
package main

import (
	"flag"
	"fmt"
	"os"
)

// options are the flags.
type options struct {
	meta, input, hidden, logits string
	epochs                      int
	seed                        int64
	out                         string
	short                       bool
}

func main() {
	var o options
	flag.StringVar(&o.meta, "meta", "", "graph to import, with its checkpoint beside it (default: one that is made of the embedded digits)")
	flag.StringVar(&o.input, "input", "X", "node of the graph that takes the images")
	flag.StringVar(&o.hidden, "hidden", "dnn/hidden2/elu", "node of the graph that the new outputs stand on")
	flag.StringVar(&o.logits, "logits", "dnn/outputs/BiasAdd", "node of the graph that tells its own classes")
	flag.IntVar(&o.epochs, "epochs", 40, "passes over the training images")
	flag.Int64Var(&o.seed, "seed", 42, "seed of initial weights and of the order of images")
	flag.StringVar(&o.out, "out", "", "folder for the checkpoints (default: a temporary one, removed)")
	flag.BoolVar(&o.short, "short", false, "five epochs, to see that it runs")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "importmeta: %q is not a flag; importmeta -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if _, err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "importmeta:", err)
		os.Exit(1)
	}
}

// run returns the accuracy of the new outputs.
func run(o options) (float64, error) {
	if o.short {
		o.epochs = 5
	}
	if o.epochs < 1 {
		return 0, fmt.Errorf("-epochs %d: want 1 or more", o.epochs)
	}
	if o.out == "" {
		dir, err := os.MkdirTemp("", "importmeta")
		if err != nil {
			return 0, err
		}
		defer os.RemoveAll(dir)
		o.out = dir
	}
	if o.meta == "" {
		var err error
		if o.meta, err = saveLower(o); err != nil {
			return 0, err
		}
	}
	return reuse(o)
}
