package tffile

import (
	"github.com/golang/snappy"
	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/budget"
)

// snappyDecode decompresses one Snappy block (raw format without framing), whose bytes are counted in room.
// TensorFlow writes index files uncompressed, except in a few releases and by
// other tools.
func snappyDecode(src []byte, room *budget.Budget) ([]byte, error) {
	want, err := snappy.DecodedLen(src)
	if err != nil {
		return nil, errors.Wrap(err, "snappy")
	}
	// A copy makes at most 64 bytes from 2: a larger claim cannot be met, so it must not size an allocation.
	if want > 32*len(src) {
		return nil, errors.Errorf("snappy: %d compressed bytes claim to decode to %d", len(src), want)
	}
	if err := room.Take(int64(want)); err != nil {
		return nil, err
	}
	dst, err := snappy.Decode(nil, src)
	return dst, errors.Wrap(err, "snappy")
}
