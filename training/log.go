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
