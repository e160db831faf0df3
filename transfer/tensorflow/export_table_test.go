package tensorflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// exportTable is README's table of what is written.
func exportTable() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Export\n\n"+
		"%d ops of Plexaura can be written, here by the names of their OpDefs with the ops of TensorFlow that they become; a semicolon stands between\n"+
		"alternatives, which sizes, dtypes and parameters choose. Ops that only make arguments (Const, Shape, Cast, StridedSlice, Pack) are left out. Ops that say of which\n"+
		"others they are made (`OpDef.Composite`) are written as those. AUC, sparsemax and TripletSemihardLoss have no form.\n\n| op | TensorFlow |\n|---|---|\n", len(forms))
	for _, name := range slices.Sorted(maps.Keys(forms)) {
		fmt.Fprintf(&b, "| %s | %s |\n", name, forms[name].tensorflow)
	}
	return b.String()
}
