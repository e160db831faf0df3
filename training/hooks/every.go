package hooks

import (
	"reflect"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/training"
)

// checkEvery reports periods that are none.
func checkEvery(steps, epochs int) error {
	if steps < 0 || epochs < 0 {
		return errors.Errorf("EverySteps is %d and EveryEpochs %d; want 0 (not by that) or more", steps, epochs)
	}
	return nil
}

// dueStep tells whether the step just done is an nth one.
func dueStep(l *training.Loop, n int) bool { return n > 0 && l.Step()%n == 0 }

// dueEpoch tells whether the epoch just done is an nth one; without any period every epoch is due.
func dueEpoch(l *training.Loop, steps, n int) bool {
	if n == 0 && steps == 0 {
		n = 1
	}
	return n > 0 && l.Epoch()%n == 0
}

// isData tells whether d is the very iterator that the training reads.
func isData(l *training.Loop, d training.Data) bool {
	own := l.Data()
	return reflect.TypeOf(own).Kind() == reflect.Pointer && own == d
}
