package ops_test

import (
	"testing"

	"github.com/plexaura/plexaura/ops"
)

func TestSquaredErrorGolden(t *testing.T) {
	lossGolden(t, "SquaredError", "", of(ops.SquaredError, "predictions"), "labels", "predictions")
	meanGolden(t, "MeanSquaredError", of(ops.SquaredError, "predictions"))
}
