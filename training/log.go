package training

// Log is a named number of a training: the loss's or a metric's mean over the epoch so far, or what
// a hook recorded.
type Log struct {
	Name  string
	Value float64
	// Step is Loop.Step when the value arose, so that a hook can tell a new value from one it has
	// seen.
	Step int
	// Mean tells that the value is a mean over the epoch so far, complete when the epoch ends.
	Mean bool
}

// String is the name and the value, with four decimals, or four digits where it is small or large:
// "loss 0.4899".
func (l Log) String() string { return l.Name + " " + formatLog(l.Value) }
