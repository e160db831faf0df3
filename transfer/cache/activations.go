package cache

import (
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/internal/mapped"
	"github.com/plexaura/plexaura/training/dataset"
)

// Activations are what frozen layers give for every example of a source, with its labels; Open makes them. They are a dataset.Source that
// may be read by several goroutines at once: X is what the node gives for an example, or, of several nodes, their values one behind
// the other, [width].
type Activations struct {
	nodes    gorgonia.Nodes
	n        int
	columns  []column // of the nodes
	y        *column  // nil without labels
	at       []int    // where the columns begin in data; that of y last
	ids      []int64  // class ids; nil where y has none
	computed int
	key      string // of weights, graph and data; "" in memory

	mu      sync.RWMutex // of data
	data    []byte       // nil after Close
	release func() error // gives data back; nil where that is the garbage collector's business
}

var (
	_ dataset.Labelled      = (*Activations)(nil)
	_ dataset.Fingerprinted = (*Activations)(nil)
)

// activations are what data holds, which may be a mapped file.
func (c *computer) activations(l layout, data []byte, columns []int, computed int) (a *Activations, err error) {
	defer mapped.Recover(debug.SetPanicOnFault(true), theFile, &err)
	a = &Activations{nodes: slices.Clone(c.cfg.Nodes), n: l.Examples, columns: l.Columns[:len(c.cfg.Nodes)], at: columns, computed: computed, key: l.Key, data: data}
	if len(l.Columns) > len(a.columns) {
		y := &l.Columns[len(a.columns)]
		a.y = y
		if y.Dtype == tensor.Int64.Name() && len(y.Shape) == 0 {
			a.ids = make([]int64, a.n)
			y.decode(bytesOf(a.ids), data[columns[len(a.columns)]:][:8*a.n])
		}
	}
	return a, nil
}

// Len is the number of examples.
func (a *Activations) Len() int {
	if a == nil {
		return 0
	}
	return a.n
}

// Labels returns the class id of every example, [n]; nil where the source has none. It is not to be changed.
func (a *Activations) Labels() []int64 {
	if a == nil {
		return nil
	}
	return a.ids
}

// Fingerprint writes what the activations follow from: the weights, the graph and the data; in memory their values instead. See dataset.Fingerprint.
func (a *Activations) Fingerprint(w io.Writer) error {
	if a == nil {
		return errors.New("cache: the activations are nil")
	}
	fmt.Fprintf(w, "activations %d %v %v %s\n", a.n, a.columns, a.columns[0].Half, a.key)
	if a.key != "" {
		return nil
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.data == nil {
		return errClosed
	}
	_, err := w.Write(a.data)
	return errors.WithStack(err)
}

// Computed is how many of the examples Open computed; 0 where all were in the file.
func (a *Activations) Computed() int {
	if a == nil {
		return 0
	}
	return a.computed
}

// Read fills e with the activations of example e.Index, float32, and its label or target. For activations of float64 take Set.
func (a *Activations) Read(e *dataset.Example) (err error) {
	if a == nil {
		return errors.New("cache: the activations are nil")
	}
	i := e.Index
	if i < 0 || i >= a.n {
		return errors.Errorf("cache: want an example from 0 to %d, came %d", a.n-1, i)
	}
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.data == nil {
		return errClosed
	}
	defer mapped.Recover(debug.SetPanicOnFault(true), theFile, &err)
	if d := a.columns[0].Dtype; d != tensor.Float32.Name() {
		return errors.Errorf("cache: the activations are %s, and a Source has float32; take Set", d)
	}
	x := e.Resize(a.shape()...)
	memory := bytesOf(x)
	for k, c := range a.columns {
		c.decode(memory[:c.size()], a.row(k, i))
		memory = memory[c.size():]
	}
	e.Label, e.Target = -1, nil
	switch {
	case a.ids != nil:
		e.Label = a.ids[i]
	case a.y != nil && a.y.Dtype == tensor.Float32.Name():
		a.y.decode(bytesOf(e.ResizeTarget(a.y.Shape...)), a.row(len(a.columns), i))
	case a.y != nil:
		return errors.Errorf("cache: the labels are %v, and a Source has int64 [n] or float32 [n, ...]; take Set", a.y)
	}
	return nil
}

// theFile begins the error of a file that was cut off while it was mapped.
const theFile = "cache: the file"

var errClosed = errors.New("cache: the activations are closed")

// shape is that of an example's X.
func (a *Activations) shape() []int {
	if len(a.columns) == 1 {
		return a.columns[0].Shape
	}
	width := 0
	for _, c := range a.columns {
		width += c.width()
	}
	return []int{width}
}

// row is the memory of example i in a column; the labels' is the last.
func (a *Activations) row(k, i int) []byte {
	c := a.column(k)
	return a.data[a.at[k]+i*c.stored():][:c.stored()]
}

func (a *Activations) column(k int) column {
	if k == len(a.columns) {
		return *a.y
	}
	return a.columns[k]
}

// Close gives the memory back. The activations cannot be read after it; a Set stays good.
func (a *Activations) Close() error {
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	release := a.release
	a.data, a.release = nil, nil
	if release == nil {
		return nil
	}
	return errors.WithMessage(release(), "cache")
}

// String says what is there, such as "1797 examples: dnn/hidden2/elu float32 [100], labels int64 []".
func (a *Activations) String() string {
	if a == nil {
		return "no activations"
	}
	var parts []string
	for _, c := range a.columns {
		parts = append(parts, c.String())
	}
	if a.y != nil {
		parts = append(parts, a.y.String())
	}
	return fmt.Sprintf("%d examples: %s", a.n, strings.Join(parts, ", "))
}

// SimpleRender shows in a notebook what is there.
func (a *Activations) SimpleRender() map[string]interface{} {
	return map[string]interface{}{"text/plain": a.String()}
}
