package ops_test

import (
	"testing"

	"github.com/plexaura/plexaura/ops"
)

func TestExp(t *testing.T) { checkUnary(t, "Exp", ops.Exp, 1, 0.2) }
