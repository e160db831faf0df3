package graph

import (
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"sync"
	"text/tabwriter"
	"time"
)

// Tracer records how long each node of each Run takes. Set it in
// SessionConfig.Tracer; one Tracer serves one session whose Runs do not
// overlap. The zero value is ready.
type Tracer struct {
	mu     sync.Mutex
	epoch  time.Time
	events []traceEvent
	at     time.Time
	now    *step
	runs   int
	total  time.Duration
}

type traceEvent struct {
	name, op string
	start    time.Duration // since the first Run
	took     time.Duration
}

// TraceRow sums up one node or, in ByOp, one kind of op.
type TraceRow struct {
	Name  string
	Op    string
	Calls int
	Time  time.Duration // of all calls together
}

// begin notes the start of a Run and returns the function that ends it.
func (t *Tracer) begin() func() {
	t.mu.Lock()
	start := time.Now()
	if t.epoch.IsZero() {
		t.epoch = start
	}
	return func() {
		t.runs++
		t.total += time.Since(start)
		t.mu.Unlock()
	}
}

func (t *Tracer) start(st *step) { t.now, t.at = st, time.Now() }

func (t *Tracer) stop() {
	t.events = append(t.events, traceEvent{t.now.name, t.now.op, t.at.Sub(t.epoch), time.Since(t.at)})
}

// Reset forgets what was recorded.
func (t *Tracer) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events, t.runs, t.total, t.epoch = nil, 0, 0, time.Time{}
}

// Runs returns the number of Runs recorded and their whole time, which includes
// what no node accounts for.
func (t *Tracer) Runs() (int, time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.runs, t.total
}

// ByNode sums up the time by node, the longest first.
func (t *Tracer) ByNode() []TraceRow { return t.rows(func(e traceEvent) string { return e.name }) }

// ByOp sums up the time by kind of op, the longest first.
func (t *Tracer) ByOp() []TraceRow { return t.rows(func(e traceEvent) string { return e.op }) }

func (t *Tracer) rows(key func(traceEvent) string) []TraceRow {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := map[string]int{}
	var rows []TraceRow
	for _, e := range t.events {
		k := key(e)
		i, ok := at[k]
		if !ok {
			i = len(rows)
			at[k] = i
			rows = append(rows, TraceRow{Name: k, Op: e.op})
		}
		rows[i].Calls++
		rows[i].Time += e.took
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Time > rows[j].Time })
	return rows
}

// WriteTable writes the time by node as a text table, in microseconds a Run.
func (t *Tracer) WriteTable(w io.Writer) error {
	rows := t.ByNode()
	runs, total := t.Runs()
	if runs == 0 {
		_, err := fmt.Fprintln(w, "no Run was traced")
		return err
	}
	per := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 / float64(runs) }
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "µs/run\tshare\tcalls\top\tnode\t")
	for _, r := range rows {
		fmt.Fprintf(tw, "%.1f\t%.1f%%\t%d\t%s\t%s\t\n", per(r.Time), 100*float64(r.Time)/float64(total), r.Calls, r.Op, r.Name)
	}
	fmt.Fprintf(tw, "%.1f\t100.0%%\t%d\t\tall\t\n", per(total), runs)
	return tw.Flush()
}

// WriteChrome writes the record in Chrome's trace-event JSON, for
// chrome://tracing and Perfetto.
func (t *Tracer) WriteChrome(w io.Writer) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	type event struct {
		Name  string  `json:"name"`
		Cat   string  `json:"cat"`
		Phase string  `json:"ph"`
		TS    float64 `json:"ts"`
		Dur   float64 `json:"dur"`
		PID   int     `json:"pid"`
		TID   int     `json:"tid"`
	}
	events := make([]event, len(t.events))
	for i, e := range t.events {
		events[i] = event{e.name, e.op, "X", float64(e.start.Nanoseconds()) / 1e3, float64(e.took.Nanoseconds()) / 1e3, 1, 1}
	}
	return json.NewEncoder(w).Encode(map[string]interface{}{"traceEvents": events, "displayTimeUnit": "ms"})
}
