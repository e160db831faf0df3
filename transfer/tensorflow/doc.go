// Package tensorflow reads and writes TensorFlow's models: the variables of checkpoints, and graphs.
//
// Open reads the variables of checkpoints of version 2, which tf.train.Saver and tf.train.Checkpoint write, of version 1, which tf.train.Saver wrote
// before TensorFlow 0.12, and of SavedModels. training.Saver writes checkpoints of version 2.
//
// Names are the variables' own, such as "hidden1/kernel"; tf.train.Checkpoint, and with it Keras, stores
// "layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE". Optimizers' slots ("hidden1/kernel/Momentum") and counters are
// variables like others. A partitioned variable is joined.
//
// OpenGraph reads graphs, and Graph.Import builds them, as tf.train.import_meta_graph does. With the checkpoint beside it a graph is
// restored by Init:
//
//	file, err := tensorflow.OpenGraph("models/my_model.ckpt") // my_model.ckpt.meta, and the checkpoint's values
//	net, err := file.Import(s, network.Config{})
//	...
//	err = sess.Init()
//	logits, err := net.Node("dnn/outputs/BiasAdd")
//
// or, as in TensorFlow, by a saver: OpenGraph("models/my_model.ckpt.meta"), and
// training.NewSaver(g.ModelVariables(), training.SaverConfig{}).Restore(sess, "models/my_model.ckpt").
//
// WriteMeta writes a graph for tf.train.import_meta_graph, Save a checkpoint with the graph beside it, WriteFrozen a graph whose variables are constants,
// and WriteSavedModel a SavedModel. README.md lists the ops that are read and those that are written.
package tensorflow
