package tffile

import "google.golang.org/protobuf/encoding/protowire"

// SessionLog says that a session has begun or ended (tensorflow/core/util/event.proto):
//
//	SessionStatus status = 1; string checkpoint_path = 2; string msg = 3
//
// At a Start TensorBoard forgets what earlier events of the folder say of the event's step and
// those after it.
type SessionLog struct {
	Status         SessionStatus
	CheckpointPath string
	Message        string
}

// SessionStatus is what a SessionLog tells of its session.
type SessionStatus int32

// The statuses of a SessionLog.
const (
	SessionStart      SessionStatus = 1
	SessionStop       SessionStatus = 2
	SessionCheckpoint SessionStatus = 3
)

func (l *SessionLog) encode() []byte {
	b := appendVarintField(nil, 1, uint64(l.Status))
	b = appendStringField(b, 2, l.CheckpointPath)
	return appendStringField(b, 3, l.Message)
}

func decodeSessionLog(b []byte) (*SessionLog, error) {
	l := &SessionLog{}
	err := protoFields(b, func(f protoField) error {
		switch f.number {
		case 1:
			l.Status = SessionStatus(f.varint)
			return f.want(protowire.VarintType)
		case 2:
			l.CheckpointPath = string(f.bytes)
			return f.want(protowire.BytesType)
		case 3:
			l.Message = string(f.bytes)
			return f.want(protowire.BytesType)
		}
		return nil
	})
	return l, err
}
