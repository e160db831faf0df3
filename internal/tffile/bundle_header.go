package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// bundleVersion is kTensorBundleVersion of tensor_bundle.h.
const bundleVersion = 1

// bundleHeader is BundleHeaderProto of tensorflow/core/protobuf/tensor_bundle.proto:
//
//	int32 num_shards = 1; Endianness endianness = 2 {LITTLE = 0, BIG = 1};
//	VersionDef version = 3 {int32 producer = 1; int32 min_consumer = 2; repeated int32 bad_consumers = 3}
type bundleHeader struct {
	shards   int
	producer int // of the version
}

// parseBundleHeader fails on a message that is damaged, big-endian or made for readers newer than this one.
func parseBundleHeader(b []byte) (bundleHeader, error) {
	var h bundleHeader
	err := protoFields(b, func(f protoField) error {
		switch f.number {
		case 1:
			if err := f.want(protowire.VarintType); err != nil {
				return err
			}
			if f.varint > 99999 { // the file names have room for five digits
				return errors.Errorf("%d shards", int64(f.varint))
			}
			h.shards = int(f.varint)
		case 2:
			if err := f.want(protowire.VarintType); err != nil {
				return err
			}
			if f.varint != 0 {
				return errors.New("the checkpoint was written on a big-endian machine, only little-endian is supported: save it again on a little-endian one (x86, ARM)")
			}
		case 3:
			if err := f.want(protowire.BytesType); err != nil {
				return err
			}
			var err error
			h.producer, err = parseVersion(f.bytes)
			return err
		}
		return nil
	})
	if err == nil && h.shards < 1 {
		err = errors.Errorf("%d shards", h.shards)
	}
	return h, errors.Wrap(err, "bundle header")
}

// parseVersion reads a VersionDef, whose producer it returns. It fails where the writer wants other readers than of
// bundleVersion, which is that of V1 checkpoints too.
func parseVersion(b []byte) (producer int, err error) {
	bad := func(consumer uint64) error {
		if consumer == bundleVersion {
			return errors.Errorf("the writer bars readers of checkpoint version %d", bundleVersion)
		}
		return nil
	}
	err = protoFields(b, func(f protoField) error {
		switch {
		case f.number == 1 && f.kind == protowire.VarintType:
			producer = int(int32(f.varint))
		case f.number == 2 && f.kind == protowire.VarintType:
			if f.varint > bundleVersion {
				return errors.Errorf("the checkpoint wants readers of checkpoint version %d, this one has %d", int64(f.varint), bundleVersion)
			}
		case f.number == 3 && f.kind == protowire.VarintType:
			return bad(f.varint)
		case f.number == 3 && f.kind == protowire.BytesType: // packed
			for rest := f.bytes; len(rest) > 0; {
				v, n := protowire.ConsumeVarint(rest)
				if n < 0 {
					return errors.Wrap(protowire.ParseError(n), "bad_consumers")
				}
				if err := bad(v); err != nil {
					return err
				}
				rest = rest[n:]
			}
		}
		return nil
	})
	return producer, err
}

func (h bundleHeader) encode() []byte {
	b := appendVarintField(nil, 1, uint64(h.shards))
	return appendMessageField(b, 3, appendVarintField(nil, 1, bundleVersion))
}
