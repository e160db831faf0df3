// Package tensorflow reads the variables of TensorFlow's checkpoints: those of version 2, which tf.train.Saver and
// tf.train.Checkpoint write, those of version 1, which tf.train.Saver wrote before TensorFlow 0.12, and of SavedModels.
//
// Names are the variables' own, such as "hidden1/kernel"; tf.train.Checkpoint, and with it Keras, stores
// "layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE". Optimizers' slots ("hidden1/kernel/Momentum") and counters are
// variables like others. A partitioned variable is joined.
package tensorflow
