package summary

import "github.com/plexaura/plexaura/internal/tffile"

// Start says that a session begins which writes this step and those after it. When a run was
// interrupted and goes on from an earlier checkpoint, TensorBoard forgets at the second Start of
// the folder what was written of the steps that are done again. So call it at the beginning of
// every session, the first too: with 0 or 1 there, and with the checkpoint's step plus one in one
// that goes on.
func (w *Writer) Start(step int64) error {
	return w.add(tffile.Event{Step: step, SessionLog: &tffile.SessionLog{Status: tffile.SessionStart}})
}
