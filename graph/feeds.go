package graph

import "gorgonia.org/gorgonia"

// Feeds maps nodes to the values that a Run uses in place of computing them:
// Go numbers and bools, slices (a flat slice fills a node with one unknown
// size, []int feeds any integer dtype) and *tensor.Dense, which must not change
// during the Run.
type Feeds map[*gorgonia.Node]interface{}
