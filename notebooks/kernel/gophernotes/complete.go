//go:build gophernotes

package main

import (
	"github.com/cosmos72/gomacro/fast"

	"github.com/plexaura/plexaura/notebooks/kernel/gophernotes/interpreter"
)

// handleCompleteRequest takes the place of gophernotes' own, which counts bytes where Jupyter counts code points, and
// fails where there is nothing to complete.
func handleCompleteRequest(ir *fast.Interp, receipt msgReceipt) error {
	content, _ := receipt.Msg.Content.(map[string]interface{})
	code, _ := content["code"].(string)
	cursor, _ := content["cursor_pos"].(float64)
	matches, start, end := interpreter.Complete(ir, code, int(cursor))
	if matches == nil {
		matches = []string{}
	}
	return receipt.Reply("complete_reply", map[string]interface{}{
		"status": "ok", "matches": matches, "cursor_start": start, "cursor_end": end, "metadata": map[string]interface{}{},
	})
}
