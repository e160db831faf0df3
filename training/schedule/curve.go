package schedule

// Curve lists the rates of the first steps, as a picture takes them: x is 0, 1, ...,
// steps-1 and y the rate at each. It is empty where steps is not positive.
func Curve(schedule Schedule, steps int) (x, y []float64) {
	for step := 0; step < steps; step++ {
		x = append(x, float64(step))
		y = append(y, schedule.At(int64(step)))
	}
	return x, y
}
