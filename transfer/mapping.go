package transfer

import (
	"slices"
)

// Mapping says how the tensors of a file become the values of variables: by their names,
// and by the layouts in which frameworks keep them. What it says is done in the order of its fields.
type Mapping struct {
	// Ignore are patterns of tensors that belong to no variable, as they stand in the file:
	// counters, optimizer slots, the head that is left out.
	Ignore []string
	// Splits and Joins make several tensors of one, and one of several.
	Splits []Split
	Joins  []Join
	// Rules turn the name of a tensor into that of a variable. All are applied, in order.
	Rules []Rule
	// Layouts say how tensors become values. The first that fits a variable is taken;
	// where none does, the tensor is the value.
	Layouts []Layout
	// Fills give a value to variables that the file leaves out.
	Fills []Fill
	// Notes are put into the plan of a file with such tensors.
	Notes []Note
}

// Rule replaces what a regular expression matches, anywhere in a name. $1 is what the
// first group matched.
type Rule struct {
	Pattern string
	// With is what stands there instead. Where there are several texts, each makes a name, and that of a variable that
	// exists is taken: PyTorch calls both the kernel of a layer and the gamma of batch norm "weight".
	With []string
	// Names may be given instead of With, for layers that have numbers instead of names: the modules of a torch.nn.Sequential, or what Keras calls conv2d,
	// conv2d_1 and so on, counted from whatever it made before. The different texts that Pattern matches in the file, in the order of the numbers in
	// them, become Names, one by one. As many are wanted as the file has, or none in the file.
	Names []string
}

// Layout says how the tensors of some variables are kept in a file.
type Layout struct {
	Pattern string // of the variable's name
	Rank    int    // of the tensor; 0 for any
	// Shape is the tensor's where its axes are to be told apart first, such as {4096, 256, 6, 6} of a dense
	// kernel behind a flattened map of channels first; nil for the one it has. One size may be -1, which is what the others leave.
	Shape []int
	// Axes is the order in which the axes make the value: {2, 3, 1, 0} turns OIHW into HWIO.
	Axes []int
}

// Flatten is the layout of a dense kernel [units, channels*height*width] that follows a flattened map of channels first, as PyTorch has it. It becomes
// [height*width*channels, units], for the map with the channels last. Tensors of other ranks, such as the same kernel as a convolution, are left to other layouts.
func Flatten(pattern string, channels, height, width int) Layout {
	return Layout{Pattern: pattern, Rank: 2, Shape: []int{-1, channels, height, width}, Axes: []int{2, 3, 1, 0}}
}

// Split says that a stored tensor is several side by side along an axis, as torch.nn.MultiheadAttention's in_proj_weight is the kernels of query, key and value.
type Split struct {
	Pattern string // of the tensor's name, as it stands in the file
	Axis    int    // of the stored tensor
	// Into are the names of the parts, of which $1 is what the first group of Pattern matched. Rules apply to them as if they stood in the
	// file. A part without a name, "", is left out.
	Into []string
	// Sizes are those of the parts along the axis; nil for equal ones.
	Sizes []int
}

// Join says that a variable's tensor is stored in parts, the reverse of a Split: Parts are patterns, of a name each, in the order in which they lie side by side.
// What the patterns make of Into says which parts belong together. Incomplete ones are left as they are.
type Join struct {
	Parts []string
	Axis  int // of the stored tensors
	Into  string
}

// Fill gives the variables whose name matches, and for which the file has no tensor, one value in all elements. Batch norm without a scale has no gamma: it is 1.
type Fill struct {
	Pattern string
	Value   float64
}

// Note says what is to be known of a file that has a tensor whose name matches: an epsilon of batch norm, which files do not hold.
type Note struct {
	Pattern string
	Text    string
}

// Then returns m with what is said in n before it: its rules come first, and its layouts are
// preferred.
func (m Mapping) Then(n Mapping) Mapping {
	return Mapping{
		slices.Concat(n.Ignore, m.Ignore), slices.Concat(n.Splits, m.Splits), slices.Concat(n.Joins, m.Joins),
		slices.Concat(n.Rules, m.Rules), slices.Concat(n.Layouts, m.Layouts), slices.Concat(n.Fills, m.Fills), slices.Concat(n.Notes, m.Notes),
	}
}
