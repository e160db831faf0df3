package graph

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unsafe"
)

// MemoryReport says where the memory of a session goes. All sizes are in bytes.
// What a Run is fed stays the caller's memory and is not copied, and what it
// returns becomes the caller's: neither is counted. Nor are the buffers in which the
// matrix product packs its operands, less than a megabyte for each thread, which
// serve all sessions of the process.
type MemoryReport struct {
	// Variables are the values that the session keeps, the largest first.
	Variables []VariableMemory
	// Arenas hold the intermediate values of a Run, one for each of the most
	// Runs that were under way at one time. All plans use the same ones, so they
	// are as large as the neediest plan has made them.
	Arenas, ArenaBytes int
	// ConstantBytes are the constants and default values of the graph, which all
	// its sessions share.
	ConstantBytes int
	// PreparedBytes is what kernels work from instead of variables and constants, such as
	// packed weights, kept as long as a plan in the cache uses it: Binding.Prepares.
	PreparedBytes int
	// Plans are those in the cache, the one used last first.
	Plans []PlanMemory
}

// VariableMemory is the memory of a variable's value.
type VariableMemory struct {
	Name      string
	Bytes     int
	Trainable bool // others are optimizer slots, moving statistics, counters
}

// PlanMemory is the memory of the plan for some fetches and feeds.
type PlanMemory struct {
	Fetches []string
	Feeds   []string // with the shapes that the plan is for
	// ArenaBytes is what a Run needs of an arena. It exceeds PeakBytes, the most
	// that values take up at one step, by rounding to cache lines and by gaps.
	ArenaBytes, PeakBytes int
	// ScratchBytes is the part of PeakBytes that is working memory of kernels.
	ScratchBytes int
	// Peak are the values that take up PeakBytes, the largest first; PeakNode is
	// the node that is being computed then.
	Peak     []ValueMemory
	PeakNode string
	// FoldedBytes are values that were computed once, when the plan was made.
	FoldedBytes int
	// OverheadBytes are the plan's own tables, estimated, and those of the Runs
	// that use it.
	OverheadBytes int
}

// ValueMemory is a value in an arena. Values whose lifetimes do not overlap may
// share memory.
type ValueMemory struct {
	Node  string
	Use   ValueUse
	Bytes int
	// From and To are the steps of the plan at which it is made and used last.
	// For a value that is fetched, To is the number of steps.
	From, To int
}

// ValueUse says what a piece of arena memory is for.
type ValueUse int

const (
	NodeValue   ValueUse = iota // the value of the node
	ExtraOutput                 // an extra output of its op (OpDef.Aux)
	Scratch                     // working memory of its kernel
	OldValue                    // the value of a variable before a write, for those who use it later
)

func (u ValueUse) String() string {
	return [...]string{"value", "extra output", "scratch", "old value"}[u]
}

// MemoryReport reports the session's memory. It may be called during Runs,
// which it does not wait for; the plan of a Run that has not begun may be
// missing from it, and a closed session has none. It is cheap enough to be asked
// once an epoch.
func (s *Session) MemoryReport() MemoryReport {
	var r MemoryReport
	s.cellsMu.Lock()
	for ni, c := range s.cells {
		r.Variables = append(r.Variables, VariableMemory{ni.name, c.array.memory(), ni.variable.trainable})
	}
	s.cellsMu.Unlock()
	slices.SortFunc(r.Variables, func(a, b VariableMemory) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Name, b.Name))
	})
	r.Arenas, r.ArenaBytes = s.arenas.size()
	shared := map[*Array]bool{}
	s.g.mu.RLock()
	for _, ni := range s.g.order {
		if ni.value != nil && !shared[ni.value] {
			shared[ni.value] = true
			r.ConstantBytes += ni.value.memory()
		}
	}
	s.g.mu.RUnlock()
	forms := map[*form]bool{}
	for _, p := range s.plans.all() {
		r.Plans = append(r.Plans, p.memory(shared))
		for _, f := range p.prog.forms {
			if !forms[f] {
				forms[f] = true
				r.PreparedBytes += f.array.memory()
			}
		}
	}
	return r
}

// TrainableBytes is the memory of the variables that are trained.
func (r MemoryReport) TrainableBytes() int { return r.variables(true) }

// OtherBytes is the memory of the other variables.
func (r MemoryReport) OtherBytes() int { return r.variables(false) }

func (r MemoryReport) variables(trainable bool) (n int) {
	for _, v := range r.Variables {
		if v.Trainable == trainable {
			n += v.Bytes
		}
	}
	return n
}

// PlanBytes is the memory of the plans in the cache: their tables and the values
// folded into them. SessionConfig.PlanCacheBytes bounds what it estimates of it.
func (r MemoryReport) PlanBytes() (n int) {
	for _, p := range r.Plans {
		n += p.FoldedBytes + p.OverheadBytes
	}
	return n
}

// TotalBytes is the sum of all parts.
func (r MemoryReport) TotalBytes() int {
	return r.TrainableBytes() + r.OtherBytes() + r.ArenaBytes + r.ConstantBytes + r.PreparedBytes + r.PlanBytes()
}

// String is the table that WriteTable writes.
func (r MemoryReport) String() string {
	var b strings.Builder
	r.WriteTable(&b) // a Builder takes everything
	return b.String()
}

// WriteTable writes the report as text tables: the session's, and for each plan
// the values that fill the arena at its peak.
func (r MemoryReport) WriteTable(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	total := r.TotalBytes()
	fmt.Fprintln(tw, "bytes\tshare\tcount\tsession\t")
	for _, part := range []struct {
		bytes, count int
		name         string
	}{
		{r.TrainableBytes(), r.count(true), "variables that are trained"},
		{r.OtherBytes(), r.count(false), "other variables"},
		{r.ArenaBytes, r.Arenas, "arenas of intermediate values"},
		{r.PlanBytes(), len(r.Plans), "plans"},
	} {
		fmt.Fprintf(tw, "%d\t%.1f%%\t%d\t%s\t\n", part.bytes, percent(part.bytes, total), part.count, part.name)
	}
	fmt.Fprintf(tw, "%d\t%.1f%%\t\tprepared from variables\t\n", r.PreparedBytes, percent(r.PreparedBytes, total))
	fmt.Fprintf(tw, "%d\t%.1f%%\t\tconstants of the graph\t\n", r.ConstantBytes, percent(r.ConstantBytes, total))
	fmt.Fprintf(tw, "%d\t100.0%%\t\tall\t\n", total)
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, p := range r.Plans {
		if err := p.writeTable(w); err != nil {
			return err
		}
	}
	return nil
}

func (r MemoryReport) count(trainable bool) (n int) {
	for _, v := range r.Variables {
		if v.Trainable == trainable {
			n++
		}
	}
	return n
}

func (p PlanMemory) writeTable(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "\nplan of %s", strings.Join(p.Fetches, ", ")); err != nil {
		return err
	}
	if len(p.Feeds) > 0 {
		fmt.Fprintf(w, " for %s", strings.Join(p.Feeds, ", "))
	}
	fmt.Fprintf(w, "\narena %d, folded %d, overhead %d", p.ArenaBytes, p.FoldedBytes, p.OverheadBytes)
	if len(p.Peak) == 0 {
		_, err := fmt.Fprintln(w)
		return err
	}
	fmt.Fprintf(w, "; at %s %d are in use, of which scratch %d:\n", p.PeakNode, p.PeakBytes, p.ScratchBytes)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "bytes\tshare\tsteps\tuse\tnode\t")
	for _, v := range p.Peak {
		fmt.Fprintf(tw, "%d\t%.1f%%\t%d-%d\t%v\t%s\t\n", v.Bytes, percent(v.Bytes, p.PeakBytes), v.From, v.To, v.Use, v.Node)
	}
	return tw.Flush()
}

// percent is the share of a part, 0 of nothing.
func percent(part, total int) float64 { return 100 * float64(part) / float64(max(1, total)) }

// memory is the size of an array's elements.
func (a *Array) memory() int { return a.size * int(a.dtype.Size()) }

// memory reports on a plan; the arrays in shared are the graph's.
func (c *cachedPlan) memory(shared map[*Array]bool) PlanMemory {
	p := c.prog
	m := PlanMemory{ArenaBytes: p.arenaBytes, OverheadBytes: p.overhead()}
	m.Fetches = append(m.Fetches, p.labels...)
	for i, ni := range p.feedNodes {
		m.Feeds = append(m.Feeds, fmt.Sprintf("%s %v", ni.name, p.feeds[i]))
	}
	folded := map[*Array]bool{}
	for i := range p.arrays {
		if k := p.arrays[i].konst; k != nil && !shared[k] && !folded[k] {
			folded[k] = true
			m.FoldedBytes += k.memory()
		}
	}
	at, values := peak(p.held)
	if len(values) == 0 {
		return m
	}
	m.PeakNode = p.steps[min(at, len(p.steps)-1)].name
	for _, v := range values {
		m.PeakBytes += v.Bytes
		if v.Use == Scratch {
			m.ScratchBytes += v.Bytes
		}
	}
	slices.SortStableFunc(values, func(a, b ValueMemory) int { return cmp.Compare(b.Bytes, a.Bytes) })
	m.Peak = values
	return m
}

// overhead estimates the plan's own memory, beside folded values, with the
// frames that Runs have left.
func (p *program) overhead() int {
	n := cap(p.arrays)*int(unsafe.Sizeof(arrayDef{})) + cap(p.steps)*int(unsafe.Sizeof(step{})) + cap(p.held)*int(unsafe.Sizeof(held{}))
	operands := 0
	for i := range p.steps {
		st := &p.steps[i]
		operands += len(st.in) + len(st.aux) + len(st.scratch) + len(st.prepared)
	}
	const word = int(unsafe.Sizeof(uintptr(0)))
	frame := int(unsafe.Sizeof(frame{})) + len(p.arrays)*int(unsafe.Sizeof(Array{})) + len(p.steps)*int(unsafe.Sizeof(Call{})) + operands*word
	p.pool.mu.Lock()
	defer p.pool.mu.Unlock()
	return n + operands*word + p.pool.made*frame
}
