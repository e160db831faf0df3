package pretrain

import (
	"fmt"

	"github.com/plexaura/plexaura/training"
)

const (
	trainingName   = "training"   // of the evaluation on training data
	validationName = "validation" // of that on validation data
	gapName        = "free_energy_gap"
)

// gap is a hook that records how much the mean free energy of validation data is above that of training data, and ends the training where that
// passes a limit.
type gap struct {
	training.NoHook
	limit float64 // 0 for none
}

// Begin ends a training again that was resumed after it had been ended.
func (h *gap) Begin(l *training.Loop) error {
	if last, ok := l.History().Last(gapName); ok {
		h.judge(l, last)
	}
	return nil
}

// AfterEpoch stands behind the two evaluations.
func (h *gap) AfterEpoch(l *training.Loop) error {
	held, ok := l.Log(validationName + "/" + freeEnergyName)
	seen, too := l.Log(trainingName + "/" + freeEnergyName)
	if !ok || !too {
		return nil
	}
	difference := held.Value - seen.Value
	h.judge(l, difference)
	return l.Record(gapName, difference)
}

func (h *gap) judge(l *training.Loop, difference float64) {
	if h.limit > 0 && difference > h.limit {
		l.Stop(fmt.Sprintf("the free energy of the validation data is %.4g above that of training data, which is more than %.4g", difference, h.limit))
	}
}
