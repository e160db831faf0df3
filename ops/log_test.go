package ops_test

import (
	"testing"

	"github.com/plexaura/plexaura/ops"
)

func TestLog(t *testing.T) { checkUnary(t, "Log", ops.Log, 0.5, 1.2) }
