package tffile

import (
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget"
)

// decoder decodes messages with graphs, and counts the memory that they take.
type decoder struct {
	room  *budget.Budget
	file  *MessageFile               // whose message it is; nil where tensors may point to the message
	err   error                      // the first of taking memory
	names map[string]string          // texts that came up, each of which is kept once: the name of a node stands wherever it is read
	same  map[string]map[string]Attr // attributes of nodes by the bytes that say them, which nodes share
	key   []byte

	passing int // bytes that names and same take, which go when all is decoded,
	linked  int // and bytes that are taken then
}

// finish counts what comes after what was decoded without an error.
func (d *decoder) finish(err error) error {
	if err != nil {
		return err
	}
	d.take(max(0, d.linked-d.passing))
	return d.err
}

// What parts of messages take, beside texts.
const (
	nodeBytes       = 80
	attrsBytes      = 320 // a map with up to eight
	attrBytes       = 40
	shapeBytes      = 32
	tensorBytes     = 160
	functionBytes   = 1100
	argBytes        = 72
	funcBytes       = 400
	collectionBytes = 320
	signatureBytes  = 700
	infoBytes       = 160
	stringBytes     = 16 // in a list
	textBytes       = 16 // of a new text, beside its bytes
	keptBytes       = 80 // of a text or a set of attributes by which it is found again

	// Of a node and an input of it where edges are followed, in package transfer/tensorflow.
	linkedNodeBytes, linkedInputBytes = 256, 32
)

// take counts bytes that are allocated. Where there are too many, err says so.
func (d *decoder) take(bytes int) {
	if err := d.room.Take(int64(bytes)); err != nil && d.err == nil {
		d.err = err
	}
}

// text returns bytes as a text.
func (d *decoder) text(b []byte) string {
	if t, known := d.names[string(b)]; known {
		return t
	}
	if d.take(textBytes + keptBytes + len(b)); d.err != nil {
		return ""
	}
	if d.names == nil {
		d.names = map[string]string{}
	}
	d.passing += keptBytes
	t := string(b)
	d.names[t] = t
	return t
}

// long is text of what is seldom twice.
func (d *decoder) long(b []byte) string {
	if d.take(len(b)); d.err != nil {
		return ""
	}
	return string(b)
}

// fields is knownFields that ends where memory does.
func (d *decoder) fields(b []byte, kinds fieldKinds, visit func(f protoField) error) error {
	return knownFields(b, kinds, func(f protoField) error {
		if err := visit(f); err != nil {
			return err
		}
		return d.err
	})
}

// sized returns an empty list for the fields of that number in a message, which take so many bytes each. A list that grows would be there twice
// at times. It is nil where there are none, or too many, or the message is broken, which those find who walk it.
func sized[T any](d *decoder, message []byte, number protowire.Number, bytes int) []T {
	n := 0
	_ = protoFields(message, func(f protoField) error {
		if f.number == number {
			n++
		}
		return nil
	})
	if d.take(n * bytes); d.err != nil || n == 0 {
		return nil
	}
	return make([]T, 0, n)
}
