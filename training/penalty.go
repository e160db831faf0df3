package training

// penalty reads the strength of a penalty of a config.
func (o *optimizer) penalty(field string, strength float64) float64 {
	nonNegative(&o.err, field, strength)
	return orDefault(strength, 0)
}

// softThreshold moves x towards 0 by at most t, which is what a step on t*|x|
// does (the proximal operator of l1): sign(x) * max(|x|-t, 0). NaN stays NaN.
func softThreshold[T float](x, t T) T { return x - max(min(x, t), -t) }
