package onnx

import (
	"bufio"
	"io"
	"path/filepath"
	"strconv"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/wholefile"
	"github.com/plexaura/plexaura/transfer/weights"
)

// Save writes the model to a file, which is whole or not there at all. A model of 2 GiB or more, which one message cannot
// hold, has its tensors in a second file beside it, PATH.data, that is written first.
func (m *Model) Save(path string) error { return m.save(path, maxModel) }

// save keeps the tensors in the message where it has less than limit bytes.
func (m *Model) save(path string, limit int64) error {
	message, err := m.encode(&encoder{})
	if err != nil {
		return err
	}
	if message.size >= limit {
		if message, err = m.outside(path + ".data"); err != nil {
			return err
		}
		if message.size >= limit {
			return errors.Errorf("%s: %d bytes without the tensors; want less than %d", format, message.size, limit)
		}
	}
	return errors.Wrap(wholefile.Write(path, message.writeBuffered), format)
}

// outside writes the tensors to a file and returns the message without them.
func (m *Model) outside(path string) (*encoded, error) {
	const page = 64 << 10 // where tensors begin, for memory maps
	var tensors []*weights.Tensor
	var offsets []int64
	end := int64(0)
	message, err := m.encode(&encoder{place: func(t *weights.Tensor, size int64) (string, int64) {
		at := (end + page - 1) / page * page
		tensors, offsets, end = append(tensors, t), append(offsets, at), at+size
		return filepath.Base(path), at
	}})
	if err != nil {
		return nil, err
	}
	return message, errors.Wrap(wholefile.Write(path, func(w io.Writer) error {
		b := bufio.NewWriterSize(w, page)
		at := int64(0)
		for i, t := range tensors {
			if _, err := b.Write(make([]byte, offsets[i]-at)); err != nil {
				return err
			}
			if err := writeElements(b, t); err != nil {
				return err
			}
			n, err := t.Elements()
			if err != nil {
				return err
			}
			at = offsets[i] + int64(n)*int64(t.DType.Size())
		}
		return b.Flush()
	}), format)
}

// WriteTo writes the model as one message; it satisfies io.WriterTo. One of 2 GiB or more is an error: Save
// writes it as two files.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	message, err := m.encode(&encoder{})
	if err == nil && message.size >= maxModel {
		err = errors.Errorf("%s: the model has %d bytes, and one message less than %d; want Save, which puts the tensors beside it", format, message.size, int64(maxModel))
	}
	if err != nil {
		return 0, err
	}
	c := &counting{w: w}
	err = message.writeBuffered(c)
	return c.n, errors.Wrap(err, format)
}

func (m *Model) encode(e *encoder) (*encoded, error) {
	if m == nil || m.Graph == nil {
		return nil, errors.Errorf("%s: the model has no graph; want one that Export, Open or Parse returned", format)
	}
	if m.HasOwnFunctions {
		return nil, errors.Errorf("%s: the model defines operators of its own, which are not kept; want one without", format)
	}
	message, err := e.model(m)
	return message, errors.Wrap(err, format)
}

func (m *encoded) writeBuffered(w io.Writer) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := m.write(b); err != nil {
		return err
	}
	return b.Flush()
}

// counting counts what is written.
type counting struct {
	w io.Writer
	n int64
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
