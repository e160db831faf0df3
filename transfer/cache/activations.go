package cache

import (
	"fmt"
	"strings"
	"sync"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
)

// Activations are what frozen layers give for every example of a source, with its labels; Open makes them. They are a dataset.Source that
// may be read by several goroutines at once: X is what the node gives for an example, or, of several nodes, their values one behind
// the other, [width].
type Activations struct {
	nodes   gorgonia.Nodes
	n       int
	columns []column // of the nodes
	y       *column  // nil without labels
	at      []int    // where the columns begin in data; that of y last
	ids     []int64  // class ids; nil where y has none

	mu   sync.RWMutex // of data
	data []byte       // nil after Close
}

var _ dataset.Labelled = (*Activations)(nil)

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

// Read fills e with the activations of example e.Index, float32, and its label or target. For activations of float64 take Set.
func (a *Activations) Read(e *dataset.Example) error {
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
	if d := a.columns[0].Dtype; d != tensor.Float32.Name() {
		return errors.Errorf("cache: the activations are %s, and a Source has float32; take Set", d)
	}
	x := e.Resize(a.shape()...)
	memory := bytesOf(x)
	for k, c := range a.columns {
		decode(memory[:c.size()], a.row(k, i), c.elementSize())
		memory = memory[c.size():]
	}
	e.Label, e.Target = -1, nil
	switch {
	case a.ids != nil:
		e.Label = a.ids[i]
	case a.y != nil && a.y.Dtype == tensor.Float32.Name():
		decode(bytesOf(e.ResizeTarget(a.y.Shape...)), a.row(len(a.columns), i), a.y.elementSize())
	case a.y != nil:
		return errors.Errorf("cache: the labels are %v, and a Source has int64 [n] or float32 [n, ...]; take Set", a.y)
	}
	return nil
}

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
	return a.data[a.at[k]+i*c.size():][:c.size()]
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
	a.data = nil
	return nil
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
