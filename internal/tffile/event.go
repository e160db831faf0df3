package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// Event is a record of a TensorBoard event file (tensorflow/core/util/event.proto):
//
//	double wall_time = 1; int64 step = 2;
//	oneof what {string file_version = 3; bytes graph_def = 4; Summary summary = 5; SessionLog session_log = 7}
//
// The first of the four that is not empty is written. Other kinds of events are read as one without
// any.
type Event struct {
	WallTime    float64 // seconds since 1970
	Step        int64
	FileVersion string      // "brain.Event:2" in the first event of a file
	GraphDef    []byte      // an encoded GraphDef
	Summary     []Summary   // values, each under a tag
	SessionLog  *SessionLog // the beginning or the end of a session
}

// EventVersion is the FileVersion of the first event of a file.
const EventVersion = "brain.Event:2"

// Encode returns the event as a protocol buffer message.
func (e Event) Encode() []byte {
	b := appendDoubleField(nil, 1, e.WallTime)
	b = appendVarintField(b, 2, uint64(e.Step))
	switch {
	case e.FileVersion != "":
		return appendStringField(b, 3, e.FileVersion)
	case len(e.GraphDef) > 0:
		return appendMessageField(b, 4, e.GraphDef)
	case len(e.Summary) > 0:
		var values []byte
		for _, s := range e.Summary {
			values = appendMessageField(values, 1, s.encode())
		}
		return appendMessageField(b, 5, values)
	case e.SessionLog != nil:
		return appendMessageField(b, 7, e.SessionLog.encode())
	}
	return b
}

// DecodeEvent is the inverse of Encode.
func DecodeEvent(b []byte) (Event, error) {
	var e Event
	err := protoFields(b, func(f protoField) error {
		kind := protowire.BytesType
		switch f.number {
		case 1:
			kind = protowire.Fixed64Type
		case 2:
			kind = protowire.VarintType
		case 3, 4, 5, 7:
		default:
			return nil
		}
		if err := f.want(kind); err != nil {
			return err
		}
		var err error
		switch f.number {
		case 1:
			e.WallTime = math.Float64frombits(f.fixed64)
		case 2:
			e.Step = int64(f.varint)
		case 3:
			e.FileVersion = string(f.bytes)
		case 4:
			e.GraphDef = append([]byte(nil), f.bytes...)
		case 5:
			err = protoFields(f.bytes, func(f protoField) error {
				if f.number != 1 {
					return nil
				}
				s, err := decodeSummary(f)
				e.Summary = append(e.Summary, s)
				return err
			})
		case 7:
			e.SessionLog, err = decodeSessionLog(f.bytes)
		}
		return err
	})
	return e, errors.Wrap(err, "Event")
}
