// Package keras reads what Keras saves: weights and whole models as HDF5 (.h5, .hdf5), the zip archives of Keras 3 (.keras), and the JSON in which
// both, and TensorFlow.js, describe Sequential and Functional models. Open gives the weights, OpenModel and ParseModel the layers too:
//
//	m, err := keras.OpenModel("model.h5")
//	net, err := m.Import(s, network.Config{})
//	...
//	err = sess.Init() // gives the variables their values from the file
//	out, err := sess.Run(graph.Feeds{net.Inputs[0].Node: images}, net.Outputs[0].Node)
package keras
