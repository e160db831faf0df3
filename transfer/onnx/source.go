package onnx

import (
	"io"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// source is a model's message: in memory, or in a file, of which a window is in memory.
type source struct {
	message []byte // nil for a file

	file   io.ReaderAt
	size   int64 // of the file
	window []byte
	at     int64 // where the window begins
	err    error // the first of reading, or of taking memory

	room  *budget.Budget    // for what the message describes
	names map[string]string // texts that came up, each of which is kept once: a value's name stands where it is made and wherever it is read
}

// windowBytes is what is read of a file at a time.
const windowBytes = 1 << 16

// inMemory is a message that is in memory.
func inMemory(message []byte) part {
	return (&source{message: message, room: budget.Of(int64(len(message)))}).whole()
}

// inFile is a message that a file of so many bytes has.
func inFile(file io.ReaderAt, size int64) part {
	return (&source{file: file, size: size, room: budget.Of(size)}).whole()
}

// whole returns all of it.
func (s *source) whole() part {
	if s.message != nil {
		return part{s, 0, int64(len(s.message))}
	}
	return part{s, 0, s.size}
}

// bytes returns bytes [from, to), which there must be. Those of a file are good until the next call; they are none after an error, which err keeps.
func (s *source) bytes(from, to int64) []byte {
	if s.err != nil || from == to {
		return nil
	}
	if s.message != nil {
		return s.message[from:to:to]
	}
	if from >= s.at && to <= s.at+int64(len(s.window)) {
		return s.window[from-s.at : to-s.at]
	}
	if to-from > windowBytes {
		b := make([]byte, to-from)
		if !s.read(b, from) {
			return nil
		}
		return b
	}
	if s.window == nil {
		s.window = make([]byte, 0, min(windowBytes, s.size))
	}
	s.window, s.at = s.window[:min(int64(cap(s.window)), s.size-from)], from
	if !s.read(s.window, from) {
		return nil
	}
	return s.window[:to-from]
}

func (s *source) read(b []byte, at int64) bool {
	if n, err := s.file.ReadAt(b, at); n < len(b) {
		s.err = errors.Wrapf(err, "byte %d of %d", at+int64(n), s.size)
	}
	return s.err == nil
}

// take counts bytes of memory that are allocated for what the message describes. Where there are too many, err says so.
func (s *source) take(bytes int) {
	if err := s.room.Take(int64(bytes)); err != nil && s.err == nil {
		s.err = err
	}
}

// list returns an empty list for n elements of so many bytes. A list that grows would be there twice at times.
func list[T any](s *source, n, bytes int) []T {
	if s.take(n * bytes); s.err != nil || n == 0 {
		return nil
	}
	return make([]T, 0, n)
}

// textBytes is what a new text takes beside its bytes.
const textBytes = 80

// text returns a part of the message as such.
func (s *source) text(b []byte) string {
	if t, known := s.names[string(b)]; known {
		return t
	}
	if s.take(textBytes + len(b)); s.err != nil {
		return ""
	}
	if s.names == nil {
		s.names = map[string]string{}
	}
	t := string(b)
	s.names[t] = t
	return t
}
