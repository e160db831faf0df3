package schedule

// Constant is the Schedule of one rate for all steps, as a part of Warmup and Join:
//
//	schedule.WarmupConfig{Steps: 500, Then: schedule.Constant(0.1)}
type Constant float64

// At implements Schedule.
func (c Constant) At(step int64) float64 { return float64(c) }

// Check says what is wrong with the rate.
func (c Constant) Check() error {
	var in checks
	in.rate("the constant rate", float64(c))
	return in.err
}
