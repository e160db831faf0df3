package pairs

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// Config says how many pairs or triplets are drawn, and how.
type Config struct {
	Count int   // in an epoch, 2147483647 at most; 0 means as many as the source has examples
	Seed  int64 // of what is drawn; 0 is a seed like any other
	// Fixed draws the same in every epoch, as is wanted for validation. By default every epoch has its own.
	Fixed bool
}

// mostExamples are as many as an epoch may have: labels are a list.
const mostExamples = math.MaxInt32

// count is how many there are in an epoch.
func (cfg Config) count(n int) (int, error) {
	switch {
	case cfg.Count < 0 || cfg.Count > mostExamples:
		return 0, errors.Errorf("Count: wanted 1 to %d (0 means as many as there are examples), came %d", mostExamples, cfg.Count)
	case cfg.Count == 0:
		return n, nil
	}
	return cfg.Count, nil
}

func (cfg Config) String() string {
	if cfg.Fixed {
		return fmt.Sprintf("seed %d, the same in every epoch", cfg.Seed)
	}
	return fmt.Sprintf("seed %d", cfg.Seed)
}
