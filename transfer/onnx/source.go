package onnx

import (
	"io"

	"github.com/pkg/errors"
)

// source is a model's message: in memory, or in a file, of which a window is in memory.
type source struct {
	message []byte // nil for a file

	file   io.ReaderAt
	size   int64 // of the file
	window []byte
	at     int64 // where the window begins
	err    error // the first of reading
}

// windowBytes is what is read of a file at a time.
const windowBytes = 1 << 16

// inMemory is a message that is in memory.
func inMemory(message []byte) part { return (&source{message: message}).whole() }

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
