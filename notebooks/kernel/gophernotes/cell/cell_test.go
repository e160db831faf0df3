package cell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestContext(t *testing.T) {
	c := NewContext()
	if c.Err() != nil {
		t.Fatal("a new context is cancelled")
	}
	derived, cancel := context.WithCancel(c)
	defer cancel()
	first := c.Done()
	c.Cancel()
	c.Cancel() // again does nothing
	<-first
	<-derived.Done()
	if !errors.Is(c.Err(), context.Canceled) || !errors.Is(derived.Err(), context.Canceled) {
		t.Errorf("after Cancel: %v, %v", c.Err(), derived.Err())
	}
	c.Renew()
	c.Renew()
	if c.Err() != nil {
		t.Errorf("after Renew: %v", c.Err())
	}
	select {
	case <-c.Done():
		t.Error("after Renew it is done")
	default:
	}
	if derived.Err() == nil {
		t.Error("what was derived from it is whole again")
	}
}

// What is derived from the context is cancelled with it, at once, though the next cell begins at once too, and costs no
// goroutine if nobody ever cancels it.
func TestDerivedContexts(t *testing.T) {
	c := NewContext()
	before := runtime.NumGoroutine()
	for range 100 {
		var derived []context.Context
		for range 20 {
			d, cancel := context.WithCancel(c)
			defer cancel()
			d, cancel = context.WithTimeout(context.WithValue(d, key{}, 1), time.Hour)
			defer cancel()
			derived = append(derived, d)
		}
		if n := runtime.NumGoroutine(); n > before {
			t.Fatalf("%d goroutines more", n-before)
		}
		c.Cancel()
		c.Renew()
		for _, d := range derived {
			if !errors.Is(d.Err(), context.Canceled) || !errors.Is(context.Cause(d), context.Canceled) {
				t.Fatalf("a derived context has the error %v, of cause %v", d.Err(), context.Cause(d))
			}
		}
	}
	if v := c.Value(key{}); v != nil {
		t.Errorf("a value %v", v)
	}
}

// key is a key of contexts.
type key struct{}

func TestInterrupter(t *testing.T) {
	var requests, waited atomic.Int32
	i := Interrupter{
		Context: NewContext(), Patience: time.Millisecond,
		Request: func() { requests.Add(1) }, Waiting: func() { waited.Add(1) },
	}
	i.Interrupt()
	if requests.Load() != 0 {
		t.Error("an interruption between cells is passed on")
	}
	i.Begin()
	if i.End() {
		t.Error("a cell that nobody interrupted was interrupted")
	}
	i.Begin()
	i.Interrupt()
	i.Interrupt()
	if i.Context.Err() == nil {
		t.Error("the context is whole")
	}
	for requests.Load() < 3 || waited.Load() == 0 { // it is repeated, and said
		time.Sleep(time.Millisecond)
	}
	if !i.End() {
		t.Error("the cell was not interrupted")
	}
	i.Begin()
	before := requests.Load()
	time.Sleep(250 * time.Millisecond) // two repetitions
	if requests.Load() != before || i.Context.Err() != nil {
		t.Error("the next cell is interrupted too")
	}
	i.End()
	if waited.Load() != 1 {
		t.Errorf("said %d times that it waits; want once", waited.Load())
	}
}

// collector is an io.Writer whose pieces are looked at while they come.
type collector struct {
	mu     sync.Mutex
	pieces []string
}

func (c *collector) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pieces = append(c.pieces, string(p))
	return len(p), nil
}

func (c *collector) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.pieces, "")
}

func TestStreamFlush(t *testing.T) {
	var s Stream
	s.Flush() // nothing is open
	for round := range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		var got collector
		done := make(chan struct{})
		s.Open(w)
		go func() { defer close(done); s.Copy(&got, r) }()
		want := ""
		for i := range 50 {
			line := fmt.Sprintf("%d line %d ä€ \x00\x16\n", round, i)
			want += line
			if _, err := io.WriteString(w, line); err != nil {
				t.Fatal(err)
			}
			s.Flush()
			if got.text() != want {
				t.Fatalf("after Flush: %q; want %q", got.text(), want)
			}
		}
		io.WriteString(w, "the end \x00\x16\x00plex")
		w.Close()
		<-done
		if got.text() != want+"the end \x00\x16\x00plex" {
			t.Errorf("at the end: %q", got.text())
		}
		s.Flush() // closed: returns
	}
}

func TestStreamPieces(t *testing.T) {
	text := strings.Repeat("aä€😀", 100)
	for size := 1; size < 7; size++ {
		var s Stream
		var got collector
		s.Copy(&got, &bySize{text: text, size: size})
		if got.text() != text {
			t.Errorf("in pieces of %d: %q", size, got.text())
		}
		for _, p := range got.pieces {
			if strings.ContainsRune(p, '\ufffd') {
				t.Errorf("in pieces of %d: a piece is %q", size, p)
			}
		}
	}
	var s Stream
	var got collector
	broken := "\xff\xc3"
	s.Copy(&got, bytes.NewReader([]byte(broken)))
	if got.text() != broken {
		t.Errorf("what is no UTF-8 arrives as %q", got.text())
	}
}

// bySize reads pieces of a size.
type bySize struct {
	text string
	size int
}

func (b *bySize) Read(p []byte) (int, error) {
	if b.text == "" {
		return 0, io.EOF
	}
	n := copy(p, b.text[:min(b.size, len(b.text))])
	b.text = b.text[n:]
	return n, nil
}

func TestText(t *testing.T) {
	type opaqueValue struct{ hidden int }
	for _, test := range []struct {
		v    interface{}
		want string
	}{
		{3, "3"},
		{"text", "text"},
		{[]int{1, 2}, "[1 2]"},
		{struct{ A int }{4}, "{4}"},
		{opaqueValue{1}, "cell.opaqueValue"},
		{&opaqueValue{1}, "*cell.opaqueValue"},
		{errors.New("an error"), "an error"},
		{time.Second, "1s"},
		{nil, "<nil>"},
	} {
		if got := Text(test.v); got != test.want {
			t.Errorf("%#v is %q; want %q", test.v, got, test.want)
		}
	}
	self := map[string]interface{}{}
	self["self"] = self
	if got := Text(self); got != "map[string]interface {}, too large to print" {
		t.Errorf("a map in itself is %q", got)
	}
	if got := Text(make([]float64, 1e6)); !strings.HasPrefix(got, "[0 0 0") || !strings.HasSuffix(got, "0 … and 999000 more]") {
		t.Errorf("a million numbers are %d bytes, %.100q", len(got), got)
	}
	if got := Text(strings.Repeat("ä", textLimit)); len(got) > textLimit+100 || !strings.Contains(got, "more bytes") {
		t.Errorf("a long text is %d bytes that end with %q", len(got), got[len(got)-50:])
	}
}

func TestIsNil(t *testing.T) {
	var p *int
	var f func()
	for _, v := range []interface{}{nil, p, f, (chan int)(nil)} {
		if !IsNil(v) {
			t.Errorf("%#v is not nil", v)
		}
	}
	for _, v := range []interface{}{0, "", []int(nil), map[string]int(nil), new(int), errors.New("")} {
		if IsNil(v) {
			t.Errorf("%#v is nil", v)
		}
	}
}

func TestMessages(t *testing.T) {
	if got := Message(errors.New("repl.go:12:5: undefined identifier: x")); got != "line 12, column 5: undefined identifier: x" {
		t.Error(got)
	}
	if got := Message(errors.New("reflect: call of reflect.Value.Index on zero Value")); !strings.Contains(got, "has no value") {
		t.Error(got)
	}
	if got := Message(errors.New(strings.Repeat("long ", textLimit))); len(got) > textLimit+100 || !strings.Contains(got, "more bytes") {
		t.Errorf("a long message has %d bytes", len(got))
	}
	if got := Interrupted(nil).Error(); got != "interrupted" {
		t.Error(got)
	}
	if got := Interrupted(errors.New("after step 3: panic: // signal: interrupt")).Error(); strings.Contains(got, "//") || !strings.Contains(got, "after step 3") {
		t.Error(got)
	}
}

// brokenError is an error that panics when it is asked what it is.
type brokenError struct{}

func (brokenError) Error() string { panic("broken") }

func TestErrorsThatPanic(t *testing.T) {
	var none *os.PathError
	for err, want := range map[error]string{none: "a nil *fs.PathError", brokenError{}: "broken"} {
		if got := Message(err); !strings.Contains(got, want) {
			t.Errorf("the message of a broken error is %q; want %q in it", got, want)
		}
		if got := Interrupted(err).Error(); !strings.HasPrefix(got, "interrupted: ") || !strings.Contains(got, want) {
			t.Errorf("interrupted: %q; want %q in it", got, want)
		}
	}
}

func TestWithoutCommands(t *testing.T) {
	for code, want := range map[string]string{
		"x := 1":                      "x := 1",
		"%kernel\n  $ls -l\n\nx := 1": "\n\n\nx := 1",
		"x := 5\n% 3":                 "x := 5\n% 3",
		"%only":                       "",
		"":                            "",
	} {
		if got := WithoutCommands(code); got != want {
			t.Errorf("%q becomes %q; want %q", code, got, want)
		}
	}
}
