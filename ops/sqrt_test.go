package ops_test

import (
	"testing"

	"github.com/plexaura/plexaura/ops"
)

func TestSqrt(t *testing.T) { checkUnary(t, "Sqrt", ops.Sqrt, 0.5, 1.2) }
