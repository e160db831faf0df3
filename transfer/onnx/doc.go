// Package onnx reads and writes the models of ONNX: Open reads the file, Model.Weights gives the initializers as named
// tensors, Model.Import builds the graph:
//
//	m, err := onnx.Open("model.onnx")
//	net, err := m.Import(s, network.Config{})
//	...
//	err = sess.Init() // gives the variables their values from the file
//	out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: images}, net.Outputs[0].Node)
//
// Export makes a model of a graph, which Model.Save writes:
//
//	m, err := onnx.Export(sess, gorgonia.Nodes{logits}, onnx.ExportConfig{})
//	err = m.Save("model.onnx")
package onnx
