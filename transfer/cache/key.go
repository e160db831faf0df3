package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
)

// key is a hash of all that activations follow from: the graph down from the nodes, constants, feeds, the variables' values, and the data. What ops do
// not say of themselves is not in it; that is why the first examples are computed again and compared.
func (w *walk) key(cfg Config) (string, error) {
	h := sha256.New()
	places := map[*gorgonia.Node]int{}
	for i, n := range w.order {
		places[n] = i
		if err := w.write(h, n, places); err != nil {
			return "", errors.WithMessage(err, w.g.NameOf(n))
		}
	}
	for _, n := range cfg.Nodes {
		fmt.Fprintln(h, "node", places[n])
	}
	if cfg.DataKey != "" {
		fmt.Fprintf(h, "data %q\n", cfg.DataKey)
	} else if err := dataset.Fingerprint(h, cfg.Source); err != nil {
		return "", errors.WithMessage(err, "whether a file is of the same data cannot be told; set DataKey, or leave Path empty")
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// write writes what is known of a node; places has those that were written before it.
func (w *walk) write(h io.Writer, n *gorgonia.Node, places map[*gorgonia.Node]int) error {
	d := w.g.Describe(n)
	fmt.Fprintf(h, "%q %q %d %v %d", d.Name, d.Op, d.Kind, d.Spec, d.Output)
	if n == w.x {
		_, err := fmt.Fprintln(h, " examples")
		return err
	}
	if v, ok := w.feeds[n]; ok {
		fmt.Fprint(h, " fed")
		return writeValue(h, v)
	}
	for _, name := range sortedKeys(d.Attrs) {
		fmt.Fprintf(h, " %q=%v", name, d.Attrs[name])
	}
	if d.Producer != nil {
		fmt.Fprint(h, " of ", places[d.Producer])
	}
	for _, in := range d.Inputs {
		if at, ok := places[in]; ok {
			fmt.Fprint(h, " ", at)
		} else {
			fmt.Fprint(h, " -") // in a branch that is not taken
		}
	}
	if w.g.IsVariable(n) {
		v, err := w.sess.Value(n)
		if err != nil {
			return err
		}
		return writeValue(h, v)
	}
	if v := w.g.ValueOf(n); v != nil {
		return writeValue(h, v)
	}
	_, err := fmt.Fprintln(h)
	return err
}

// writeValue writes what a node is fed, or holds.
func writeValue(h io.Writer, v any) error {
	t, ok := v.(*tensor.Dense)
	if !ok {
		_, err := fmt.Fprintf(h, " %T %v\n", v, v)
		return err
	}
	fmt.Fprintf(h, " %v %v ", t.Dtype(), t.Shape())
	if dtypes[t.Dtype().Name()].Type == nil || t.IsScalar() || t.RequiresIterator() {
		_, err := fmt.Fprintf(h, "%v\n", t.Data())
		return err
	}
	memory, _ := memoryOf(t.Data())
	_, err := h.Write(memory)
	return err
}

func sortedKeys(m map[string]interface{}) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
