package hooks

import (
	"fmt"

	"github.com/plexaura/plexaura/training"
)

// defaultMonitor is the value that a hook watches unless told otherwise.
const defaultMonitor = "validation/loss"

// isNew tells whether a value is to be judged now: it came after the step of the last
// one judged, and a mean over the epoch only counts at the epoch's end.
func isNew(log training.Log, seen int, epochEnds bool) bool {
	return log.Step > seen && (!log.Mean || epochEnds)
}

// neverRecorded says of a value that it was not there, and what was.
func neverRecorded(l *training.Loop, monitor string) string {
	var names []string
	for _, log := range l.Logs() {
		names = append(names, log.Name)
	}
	return fmt.Sprintf("Monitor %q was never recorded; recorded were %q", monitor, names)
}
