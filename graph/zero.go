package graph

import "math"

// Zero says zero explicitly in a field of a config where zero means the
// default, or where leaving it out is an error: AdamConfig{Beta1: graph.Zero}.
// It is the smallest positive float64, which nobody wants for its own sake.
const Zero = math.SmallestNonzeroFloat64
