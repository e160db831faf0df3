// Package initializers gives variables their initial values: the
// variance-scaling family (Glorot, He, LeCun), plain distributions, constants,
// orthogonal and identity matrices. All satisfy graph.Initializer.
//
// An initial value depends on the graph's seed, the variable's name, the index
// of the element and how often the variable was initialised, and on nothing
// else: the same seed gives the same bits, and variables of different names
// differ.
//
// float32 and float64 variables are supported throughout; the constants serve
// integers, uint8 and bool too. What is wrong with a configuration is reported
// when the variable is initialised, by an error that names it.
//
// A value that depends on other variables is graph.InitialValue(node), which
// initialises those first:
//
//	w := graph.Variable(s, "w", tensor.Shape{4, 3}, graph.VariableConfig{Initializer: initializers.He()})
//	copied := graph.Variable(s, "copied", tensor.Shape{4, 3}, graph.VariableConfig{Initializer: graph.InitialValue(w)})
package initializers
