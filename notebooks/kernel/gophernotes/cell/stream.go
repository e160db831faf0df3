package cell

import (
	"bytes"
	"io"
	"sync"
	"time"
	"unicode/utf8"
)

// Stream passes on what a cell writes to a pipe. Flush waits until all is passed on, so that what was printed before a
// picture stands before it. Pieces end between characters.
type Stream struct {
	flushing sync.Mutex

	mu     sync.Mutex
	pipe   io.Writer     // the end that the cell writes to; nil while none is open
	passed chan struct{} // a mark was seen, or the pipe's end
}

// mark goes through the pipe after what is to be flushed. It is shorter than what a pipe takes in one piece, and nobody
// prints it by chance.
const mark = "\x00\x16\x00plexaura: flush\x00\x16\x00"

// Open tells which pipe the next cell writes to.
func (s *Stream) Open(pipe io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pipe = pipe
}

// Flush waits until what was written so far is passed on, or for a second where nobody takes it.
func (s *Stream) Flush() {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	s.mu.Lock()
	pipe, passed := s.pipe, make(chan struct{}, 1)
	s.passed = passed
	s.mu.Unlock()
	if pipe == nil {
		return
	}
	if _, err := io.WriteString(pipe, mark); err != nil {
		return // closed
	}
	select {
	case <-passed:
	case <-time.After(time.Second):
	}
}

// Copy passes on what comes from a pipe until its end. Errors of to are not the cell's.
func (s *Stream) Copy(to io.Writer, from io.Reader) {
	pass := func(p []byte) {
		if len(p) > 0 {
			to.Write(p)
		}
	}
	var held []byte // read, and not passed on
	buffer := make([]byte, 1<<15)
	for {
		n, err := from.Read(buffer)
		held = append(held, buffer[:n]...)
		for {
			before, after, found := bytes.Cut(held, []byte(mark))
			if !found {
				break
			}
			pass(before)
			held = after
			s.signal()
		}
		if err != nil {
			break
		}
		whole := len(held) - unfinished(held)
		pass(held[:whole])
		held = append(held[:0], held[whole:]...)
	}
	pass(held)
	s.mu.Lock()
	s.pipe = nil
	s.mu.Unlock()
	s.signal()
}

// signal lets a Flush return.
func (s *Stream) signal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.passed <- struct{}{}:
	default: // nobody waits, or it was said already
	}
}

// unfinished counts the bytes at the end of p that may be the beginning of a mark or of a character.
func unfinished(p []byte) int {
	for n := min(len(p), len(mark)-1); n > 0; n-- {
		if bytes.HasPrefix([]byte(mark), p[len(p)-n:]) {
			return n
		}
	}
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if b := p[len(p)-n]; utf8.RuneStart(b) {
			if !utf8.FullRune(p[len(p)-n:]) {
				return n
			}
			break
		}
	}
	return 0
}
