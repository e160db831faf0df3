package pairs

import (
	"fmt"

	"github.com/pkg/errors"
)

// Config says how many pairs or triplets are drawn, and how.
type Config struct {
	Count int   // in an epoch; 0 means as many as the source has examples
	Seed  int64 // of what is drawn; 0 is a seed like any other
	// Fixed draws the same in every epoch, as is wanted for validation. By default every epoch has its own.
	Fixed bool
}

// count is how many there are in an epoch.
func (cfg Config) count(n int) (int, error) {
	switch {
	case cfg.Count < 0:
		return 0, errors.Errorf("Count: wanted 1 or more (0 means as many as there are examples), came %d", cfg.Count)
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
