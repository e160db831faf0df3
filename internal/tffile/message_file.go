package tffile

import (
	"bytes"
	"io"
	"slices"

	"github.com/plexaura/plexaura/internal/budget"
)

// MessageFile is a file that is a message with graphs. Its large tensors stay in it: they have a [Tensor.InFile] for Data.
type MessageFile struct {
	// Message is all of the file, which a mapping may have. What is decoded of it points to nothing in it, so that it may go then.
	Message []byte
	// File is where the elements of large tensors are read when they are asked for. It must hold Message. Where it is nil there is no file, and tensors
	// point to Message.
	File io.ReaderAt
	// Left is how many tensors were left in File by what was decoded.
	Left int
}

// GraphDef is DecodeGraphDef of the file.
func (m *MessageFile) GraphDef() (GraphDef, error) {
	d := m.decoder()
	g, err := d.graphDef(m.Message)
	return g, d.finish(err)
}

// MetaGraph is DecodeMetaGraph of the file.
func (m *MessageFile) MetaGraph() (MetaGraph, error) {
	d := m.decoder()
	g, err := d.metaGraph(m.Message)
	return g, d.finish(err)
}

// SavedModel is DecodeSavedModel of the file.
func (m *MessageFile) SavedModel() ([]MetaGraph, error) { return m.decoder().savedModel(m.Message) }

func (m *MessageFile) decoder() *decoder {
	d := &decoder{room: budget.Of(int64(len(m.Message)))}
	if m.File != nil {
		d.file = m
	}
	return d
}

// leastLeft is how many bytes a tensor has that is worth reading by itself.
const leastLeft = 1 << 14

// own parts a tensor from the message in which its elements lie, where that may go.
func (d *decoder) own(t *Tensor) {
	if d.file == nil {
		t.Data = slices.Clip(t.Data)
		return
	}
	if len(t.Data) >= leastLeft {
		if offset, ok := d.file.offset(t.Data); ok {
			t.InFile, t.Data = io.NewSectionReader(d.file.File, offset, int64(len(t.Data))), nil
			d.file.Left++
			return
		}
	}
	if d.take(len(t.Data)); d.err == nil {
		t.Data = bytes.Clone(t.Data)
	}
}

// offset finds a part of the message that was cut off it from the front again and again. That leaves its capacity, but for what lay before.
func (m *MessageFile) offset(part []byte) (offset int64, ok bool) {
	at := cap(m.Message) - cap(part)
	if at < 0 || at+len(part) > len(m.Message) || &m.Message[at] != &part[0] {
		return 0, false
	}
	return int64(at), true
}
