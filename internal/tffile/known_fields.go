package tffile

import (
	"github.com/pkg/errors"
	"google.golang.org/protobuf/encoding/protowire"
)

// fieldKinds are the wire types of those fields of a message that are read.
type fieldKinds map[protowire.Number]protowire.Type

// knownFields is protoFields for the fields in kinds, which must have these wire types; others are passed over.
func knownFields(b []byte, kinds fieldKinds, visit func(f protoField) error) error {
	return protoFields(b, func(f protoField) error {
		kind, known := kinds[f.number]
		if !known {
			return nil
		}
		if err := f.want(kind); err != nil {
			return err
		}
		return visit(f)
	})
}

// entryKinds are the fields of a map's entry {string key = 1; string, bytes or message value = 2}.
var entryKinds = fieldKinds{1: protowire.BytesType, 2: protowire.BytesType}

// entry reads an entry of a map.
func (d *decoder) entry(b []byte) (key string, value []byte, err error) {
	err = d.fields(b, entryKinds, func(f protoField) error {
		if f.number == 1 {
			key = d.text(f.bytes)
		} else {
			value = f.bytes
		}
		return nil
	})
	return key, value, errors.Wrap(err, "an entry of a map")
}

// appendEntryField appends an entry of a map.
func appendEntryField(b []byte, number protowire.Number, key string, value []byte) []byte {
	return appendMessageField(b, number, appendMessageField(appendMessageField(nil, 1, []byte(key)), 2, value))
}
