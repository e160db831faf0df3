package show

import "github.com/plexaura/plexaura/graph"

// colours of one kind of box.
type colours struct{ name, fill, stroke string }

// The strokes are the colours of Okabe and Ito, as in package plots, the fills tints of them: dark text is legible on all of them, and the white
// paper beneath makes pictures look the same on a dark page.
var (
	opColours       = colours{"op", "#F4F6F8", "#8A97A6"}
	variableColours = colours{"variable", "#E1EFF8", "#0072B2"}
	frozenColours   = colours{"not trained", "#F0F5F8", "#7FA9C4"}
	inputColours    = colours{"placeholder", "#E0F3EC", "#009E73"}
	constColours    = colours{"constant", "#FFFFFF", "#B8B8B8"}
	gradColours     = colours{"gradient", "#FCF3E0", "#D09000"}
	updateColours   = colours{"writes a variable", "#F8EAF2", "#B0608A"}
	badColours      = colours{"failed", "#FBE6DA", "#D55E00"}
	scopeColours    = colours{"scope", "#ECEEF1", "#6B7785"}
)

const (
	ink      = "#262626"
	inkFaint = "#595959"
	lineInk  = "#8A8F96"
)

// colours of a node's box.
func (it *item) colours() colours {
	switch it.what.Kind {
	case graph.VariableNode:
		if !it.trainable {
			return frozenColours
		}
		return variableColours
	case graph.PlaceholderNode:
		return inputColours
	case graph.ConstNode:
		return constColours
	case graph.BadNode:
		return badColours
	}
	switch {
	case it.writes:
		return updateColours
	case it.what.Gradient:
		return gradColours
	}
	return opColours
}
