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
package ops
