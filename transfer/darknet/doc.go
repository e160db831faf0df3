// Package darknet reads the networks of Darknet (Redmon, "Darknet: open source neural networks in C", 2013-2016):
// a .cfg file becomes a graph, and a .weights file the values of its variables.
//
//	net, err := darknet.Open("yolov3-tiny.cfg")
//	h, w, c := net.Input()
//	x := graph.Placeholder(s, "x", tensor.Float32, -1, h, w, c)
//	m := net.Build(s, x, darknet.BuildConfig{})
//	...
//	header, err := darknet.LoadFile(sess, m.Variables(), "yolov3-tiny.weights", darknet.LoadConfig{})
//
// OpenFile opens both files as one network.Model, as transfer.OpenModel does, and OpenWeights a .weights file as a weights.File, of which a tensor is
// read by its name.
//
// Images are channels-last, red, green and blue from 0 to 1. A layer is named by its section and the number that Darknet
// gives it, counted from 0, such as conv8 or route20; Model.Endpoint finds what it computes.
//
// A detection layer, [region] or [yolo], is left to Head.Boxes, which makes boxes of the numbers.
//
// # Layers
//
//	section                 name       options beside the usual
//	[convolutional], [conv] conv       filters, size, stride, stride_x, stride_y, pad, padding, groups, dilation, batch_normalize, activation
//	[connected], [conn]     connected  output, batch_normalize, activation
//	[maxpool], [max]        maxpool    size, stride, padding
//	[avgpool], [avg]        avgpool    over the whole image
//	[route]                 route      layers, groups, group_id
//	[shortcut]              shortcut   from, activation; of another size, as Darknet adds them
//	[upsample]              upsample   stride, scale
//	[reorg]                 reorg      stride, in Darknet's own order
//	[activation]            activation activation
//	[dropout]               dropout    probability
//	[softmax], [soft]       softmax    temperature, spatial
//	[cost]                  cost       passes its input on
//	[region], [yolo]        region, yolo
//
// Activations: linear, leaky, relu, relu6, relie, ramp, logistic, loggy, tanh, hardtan, elu, selu, swish, mish. All that a file
// wants beside these is listed in one error. Options of training are ignored.
package darknet
