package tffile

import (
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget"
)

// encoding counts the memory of messages that are encoded as a text or JSON is read. A number of a list, "-1", has eleven bytes then.
type encoding struct{ room *budget.Budget }

// encodedTimes is how often an encoded byte is there at most: in bytes that grow.
const encodedTimes = 3

// stringTimes is how often the bytes of a string are there while they are read.
const stringTimes = 4

// scalar counts what was appended, unless there is an error, to the first so many bytes of a message.
func (e *encoding) scalar(b []byte, before int, err error) ([]byte, error) {
	if err == nil {
		err = e.room.Take(encodedTimes * int64(len(b)-before))
	}
	return b, err
}

// message appends a message, or an entry of a map, whose fields are appended by a function. Their length stands before them, and is known after
// them.
func (e *encoding) message(b []byte, f schemaField, fields func(b []byte) ([]byte, error)) ([]byte, error) {
	before := len(b)
	b = protowire.AppendTag(b, f.number, protowire.BytesType)
	start := len(b)
	b, err := fields(b)
	if err != nil {
		return nil, err
	}
	length := protowire.AppendVarint(nil, uint64(len(b)-start))
	b = slices.Insert(b, start, length...)
	return b, e.room.Take(encodedTimes * int64(start-before+len(length)))
}

// finish gives back what is free when a whole message of so many bytes is encoded.
func (e *encoding) finish(n int) { e.room.Give((encodedTimes - 1) * int64(n)) }
