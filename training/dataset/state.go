package dataset

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"math"

	"github.com/pkg/errors"
)

// state is what MarshalBinary writes: a position, and what the order and the
// meaning of a position depend on.
type state struct {
	Epoch     int    `json:"epoch"`
	Step      int    `json:"step"`
	Examples  int    `json:"examples"`
	BatchSize int    `json:"batch_size"`
	Seed      int64  `json:"seed"`
	Shuffle   bool   `json:"shuffle"`
	Weights   uint32 `json:"weights,omitempty"` // their checksum; 0 for none
}

func (b *BatchIterator) state() state {
	return state{
		Epoch: b.at.epoch, Step: b.at.step,
		Examples: b.n, BatchSize: b.full, Seed: b.cfg.Seed, Shuffle: !b.cfg.NoShuffle,
		Weights: checksum(b.cfg.Weights),
	}
}

func checksum(weights []float64) uint32 {
	if weights == nil {
		return 0
	}
	data := make([]byte, 0, 8*len(weights))
	for _, w := range weights {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(w))
	}
	return max(1, crc32.ChecksumIEEE(data))
}

// MarshalBinary returns where the iterator stands: behind the batch that Next
// delivered last, whatever was made ahead. It is a line of JSON.
func (b *BatchIterator) MarshalBinary() ([]byte, error) {
	if b.n == 0 {
		return nil, errors.WithMessage(b.err, "dataset: MarshalBinary of an iterator with a wrong config")
	}
	return json.Marshal(b.state())
}

// UnmarshalBinary goes on where the iterator stood whose MarshalBinary made data:
// Next delivers the batch after it, with the same examples and the same random
// numbers. Another number of examples, another BatchSize, Seed or order is an
// error, which changes nothing. Transforms are not compared.
func (b *BatchIterator) UnmarshalBinary(data []byte) error {
	const where = "dataset: UnmarshalBinary"
	if b.err != nil {
		return b.err
	}
	var s state
	if err := json.Unmarshal(data, &s); err != nil {
		return errors.WithMessage(err, where+": wanted what MarshalBinary of a BatchIterator made")
	}
	mine := b.state()
	for _, f := range []struct {
		name       string
		came, want any
	}{
		{"examples", s.Examples, mine.Examples},
		{"BatchSize", s.BatchSize, mine.BatchSize},
		{"Seed", s.Seed, mine.Seed},
		{"shuffle", s.Shuffle, mine.Shuffle},
		{"Weights (checksum)", s.Weights, mine.Weights},
	} {
		if f.came != f.want {
			return errors.Errorf("%s: the state is of an iterator with %s %v, this one has %v; give it the data and the config of the other, or begin anew",
				where, f.name, f.came, f.want)
		}
	}
	return errors.WithMessage(b.Seek(s.Epoch, s.Step), where)
}
