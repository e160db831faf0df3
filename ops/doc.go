// Package ops holds the operations, layers and losses: one op, or one tight
// family, per file, with its formula, shape rule, kernel and gradient; its test
// stands beside it.
//
// Ops take a *graph.Scope first and return just the node. A mistake sticks to
// the graph (graph.Graph.Err) or panics, as graph.Config.OnError says. Labels
// come before logits everywhere.
//
// Activations are named as TensorFlow's functions (elu, leaky_relu), other ops
// as TensorFlow's op types (MatMul, BiasAdd).
//
// An op on floats of one operand is written with graph.SameFloat and
// graph.Elementwise. That, and the loops of unary.go, zip.go and broadcast.go, are
// pointwise kernels (graph.Binding), which the planner puts into the step of the
// op before them. Beside these, the files that serve many ops are
//
//   - kernel.go (typed views of arrays, float32 or float64), dtypes.go (sets of
//     dtypes, kernels by dtype), axes.go and sizes.go (arithmetic on shapes);
//   - unary.go, zip.go: loops over one, two or three operands of one shape;
//     broadcast.go: over two that broadcast; rows.go, rowloss.go: over rows
//     [..., n]; reduce.go: along axes; layout.go and move.go: over strides;
//   - pointwise.go, mathfunc.go, elementloss.go: whole ops, from a function and
//     its derivative; view.go: ops that give x another shape; strided.go,
//     repeats.go, addressing.go: that take, repeat or index elements;
//   - labels.go (integer labels), noise.go (what runs in training only).
package ops
