package tffile

import (
	"bufio"
	"io"
	"os"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/plexaura/plexaura/internal/budget"
)

// MetaInfo says who wrote a graph (MetaInfoDef of tensorflow/core/protobuf/meta_graph.proto):
//
//	repeated string tags = 4; string tensorflow_version = 5; string tensorflow_git_version = 6
type MetaInfo struct {
	Tags                []string // of a SavedModel's graph, such as "serve"
	Version, GitVersion string
}

// maxMetaInfo bounds what is read of a MetaInfoDef, which besides lists the ops of the graph.
const maxMetaInfo = 16 << 20

// ReadMetaInfo reads the information in a .meta file, a MetaGraphDef {MetaInfoDef meta_info_def = 1}, or with
// savedModel the one of the first graph of a saved_model.pb, a SavedModel {repeated MetaGraphDef meta_graphs = 2}. The
// graph is passed over.
func ReadMetaInfo(path string, savedModel bool) (MetaInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return MetaInfo{}, errors.Wrap(err, "graph")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return MetaInfo{}, errors.Wrap(err, "graph")
	}
	m, err := parseMetaInfo(bufio.NewReader(f), info.Size(), savedModel)
	return m, errors.Wrapf(err, "graph %s", path)
}

func parseMetaInfo(r *bufio.Reader, size int64, savedModel bool) (m MetaInfo, err error) {
	if savedModel {
		if size, err = seekMessage(r, size, 2); err != nil {
			return m, err
		}
	}
	if size, err = seekMessage(r, size, 1); err != nil {
		return m, err
	}
	if size > maxMetaInfo {
		return m, errors.Errorf("a MetaInfoDef of %d bytes; want at most %d", size, maxMetaInfo)
	}
	d := &decoder{room: budget.Of(size)}
	if d.take(2 * int(size)); d.err != nil {
		return m, d.err
	}
	b, err := io.ReadAll(io.LimitReader(r, size)) // grows with what is there
	if err != nil {
		return m, errors.WithStack(err)
	}
	if int64(len(b)) < size {
		return m, io.ErrUnexpectedEOF
	}
	return d.metaInfo(b)
}

var metaInfoKinds = fieldKinds{4: protowire.BytesType, 5: protowire.BytesType, 6: protowire.BytesType}

func (d *decoder) metaInfo(b []byte) (m MetaInfo, err error) {
	err = d.fields(b, metaInfoKinds, func(f protoField) error {
		switch f.number {
		case 4:
			d.take(3 * stringBytes)
			m.Tags = append(m.Tags, d.text(f.bytes))
		case 5:
			m.Version = d.text(f.bytes)
		case 6:
			m.GitVersion = d.text(f.bytes)
		}
		return nil
	})
	return m, err
}

func (m MetaInfo) encode() []byte {
	var b []byte
	for _, tag := range m.Tags {
		b = appendMessageField(b, 4, []byte(tag))
	}
	b = appendStringField(b, 5, m.Version)
	return appendStringField(b, 6, m.GitVersion)
}

// seekMessage passes over the fields of a message of so many bytes up to the first that is an embedded message of the
// given number, and returns that one's size.
func seekMessage(r *bufio.Reader, size int64, number protowire.Number) (int64, error) {
	for size > 0 {
		head, err := r.Peek(int(min(size, 2*10))) // a tag and a length or value take at most ten bytes each
		if err != nil && err != io.EOF {
			return 0, errors.WithStack(err)
		}
		field, kind, n := protowire.ConsumeTag(head)
		if n < 0 {
			return 0, errors.Wrap(protowire.ParseError(n), "protocol buffer tag")
		}
		skip := int64(n)
		if kind == protowire.BytesType {
			length, k := protowire.ConsumeVarint(head[n:])
			if k < 0 {
				return 0, errors.Wrapf(protowire.ParseError(k), "protocol buffer field %d", field)
			}
			if skip += int64(k); length > uint64(size-skip) {
				return 0, errors.Errorf("protocol buffer field %d of %d bytes does not fit in %d", field, length, size-skip)
			}
			if field == number {
				_, err := r.Discard(int(skip))
				return int64(length), errors.WithStack(err)
			}
			skip += int64(length)
		} else {
			if n = protowire.ConsumeFieldValue(field, kind, head[n:]); n < 0 {
				return 0, errors.Wrapf(protowire.ParseError(n), "protocol buffer field %d", field)
			}
			skip += int64(n)
		}
		if _, err := r.Discard(int(skip)); err != nil {
			return 0, errors.WithStack(err)
		}
		size -= skip
	}
	return 0, errors.Errorf("the message has no field %d", number)
}
