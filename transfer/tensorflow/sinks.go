package tensorflow

import (
	"maps"
	"strings"

	"github.com/plexaura/plexaura/internal/tffile"
)

// Ops that only serve training, saving, looking on, or a branch. What nothing but these needs is no output.
var (
	assigns = map[string]bool{"Assign": true, "AssignAdd": true, "AssignSub": true, "AssignVariableOp": true, "AssignAddVariableOp": true, "AssignSubVariableOp": true,
		"ScatterAdd": true, "ScatterSub": true, "ScatterUpdate": true}
	saves = map[string]bool{"SaveV2": true, "RestoreV2": true, "Save": true, "SaveSlices": true, "Restore": true, "RestoreSlice": true, "ShardedFilename": true,
		"MergeV2Checkpoints": true}
	effects = map[string]bool{"NoOp": true, "Switch": true, "RefSwitch": true, "Assert": true, "Print": true, "PrintV2": true, "ControlTrigger": true, "IsVariableInitialized": true,
		"VarIsInitializedOp": true, "CheckNumerics": true, "QueueEnqueueV2": true, "QueueCloseV2": true, "QueueSizeV2": true}
)

// isSummary tells whether n writes a summary.
func isSummary(n *node) bool {
	return strings.HasSuffix(n.op, "Summary") || strings.HasSuffix(n.op, "SummaryV2") || n.op == "WriteSummary"
}

// isOptimizer tells whether n is an optimizer's update of a variable: ApplyAdam, ResourceApplyMomentum.
func isOptimizer(n *node) bool {
	for _, start := range []string{"Apply", "ResourceApply", "SparseApply", "ResourceSparseApply"} {
		if strings.HasPrefix(n.op, start) {
			return true
		}
	}
	return false
}

// isGradient tells whether n computes gradients: by its op, or by tf.gradients' own scope, since a gradient is made of ordinary ops too.
func isGradient(n *node) bool {
	if strings.HasSuffix(n.op, "Grad") || strings.HasSuffix(n.op, "GradV2") || n.op == "BroadcastGradientArgs" || n.op == "PreventGradient" {
		return true
	}
	for _, part := range strings.Split(n.name, "/") {
		if part == "gradients" || strings.HasPrefix(part, "gradients_") {
			return true
		}
	}
	return false
}

// sinks lists the tensors that nothing needs but summaries and gradients: losses, metrics, predictions.
func (l *linked) sinks() []named {
	training, used := l.training(), map[*node]bool{}
	for _, n := range l.nodes {
		if training[n] && !isOptimizer(n) && !assigns[n.op] || isSummary(n) || n.op == "Assert" {
			continue
		}
		for _, in := range n.in {
			used[in.node] = true
		}
	}
	var out []named
	for _, n := range l.nodes {
		switch {
		case used[n], training[n], n.returns != nil, len(n.in) == 0, isSummary(n), isOptimizer(n), assigns[n.op], saves[n.op], effects[n.op], isRead(n), n.isPivot():
		case n.attrs["T"].Value == tffile.String, n.op == "PlaceholderWithDefault":
		default:
			out = append(out, named{name: n.name, ref: ref{n, 0}})
		}
	}
	return out
}

// training are the nodes that compute gradients or write variables, and what depends on them; and what runs after an optimizer, as the
// loss that TF-slim's train_op returns.
func (l *linked) training() map[*node]bool {
	found := l.reached(false, func(n *node) bool { return isGradient(n) || assigns[n.op] })
	maps.Copy(found, l.reached(true, isOptimizer))
	return found
}
