package tffile

import (
	"math"

	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// SaverDef names the nodes by which a graph saves and restores its variables (tensorflow/core/protobuf/saver.proto):
//
//	string filename_tensor_name = 1; string save_tensor_name = 2; string restore_op_name = 3; int32 max_to_keep = 4;
//	bool sharded = 5; float keep_checkpoint_every_n_hours = 6; CheckpointFormatVersion version = 7
type SaverDef struct {
	Filename       string // the tensor with the prefix, such as "save/Const:0"
	Save           string // the tensor that is fetched to save, such as "save/control_dependency:0"
	Restore        string // the op that is run to restore, such as "save/restore_all"
	MaxToKeep      int    // checkpoints; 0 is all
	Sharded        bool
	KeepEveryHours float32 // a checkpoint that is kept for good
	Version        int     // of the checkpoint's format, 1 or 2; 0 is older than both
}

func (s SaverDef) encode() []byte {
	b := appendStringField(nil, 1, s.Filename)
	b = appendStringField(b, 2, s.Save)
	b = appendStringField(b, 3, s.Restore)
	b = appendVarintField(b, 4, uint64(int64(int32(s.MaxToKeep))))
	b = appendVarintField(b, 5, protowire.EncodeBool(s.Sharded))
	if bits := math.Float32bits(s.KeepEveryHours); bits != 0 {
		b = protowire.AppendFixed32(protowire.AppendTag(b, 6, protowire.Fixed32Type), bits)
	}
	return appendVarintField(b, 7, uint64(int64(int32(s.Version))))
}

var saverKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType, 3: protowire.BytesType, 4: protowire.VarintType,
	5: protowire.VarintType, 6: protowire.Fixed32Type, 7: protowire.VarintType}

func (d *decoder) saverDef(b []byte) (SaverDef, error) {
	var s SaverDef
	err := d.fields(b, saverKinds, func(f protoField) error {
		switch f.number {
		case 1:
			s.Filename = d.text(f.bytes)
		case 2:
			s.Save = d.text(f.bytes)
		case 3:
			s.Restore = d.text(f.bytes)
		case 4:
			s.MaxToKeep = int(int32(f.varint))
		case 5:
			s.Sharded = f.varint != 0
		case 6:
			s.KeepEveryHours = math.Float32frombits(f.fixed32)
		case 7:
			s.Version = int(int32(f.varint))
		}
		return nil
	})
	return s, errors.Wrap(err, "SaverDef")
}
