package ops_test

import (
	"testing"

	"github.com/plexaura/plexaura/ops"
)

func TestSquaredHingeGolden(t *testing.T) {
	lossGolden(t, "SquaredHinge", "", of(ops.SquaredHinge, "logits"), "labels", "logits")
}
