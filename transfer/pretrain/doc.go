// Package pretrain trains a stack of layers without labels, one after the other, as the lower layers of a network of which few examples have labels.
//
//	stack, err := pretrain.Build(s, x, autoencoder.Layer{Units: 500}, autoencoder.Layer{Units: 250})
//	...
//	report, err := stack.Pretrain(ctx, sess, pretrain.Config{Data: images})
//	transfer.Cut(g, stack.Output()) // what served the reconstruction only is not trained any further
//	logits := transfer.Head(s.Sub("head"), stack.Output(), 10, transfer.HeadConfig{})
//
// # Greedy layer-wise training
//
// A deep network that starts from random weights and few labels overfits. Hinton, Osindero and Teh ("A fast learning algorithm for deep belief
// nets", 2006) train it from below on examples without labels: layer k learns to explain what layer k-1 gives, with
//
//	h[0] = x,  h[k] = encode[k](h[k-1]),  minimize over layer k alone  E[k] = distance(decode[k](encode[k](h[k-1])), h[k-1])
//
// in the case of autoencoders (Bengio, Lamblin, Popovici and Larochelle, "Greedy layer-wise training of deep networks", 2007), or with the
// likelihood of h[k-1] under a restricted Boltzmann machine. The layers below do not change any more, so h[k-1] is computed once for all
// examples (package cache). Afterwards a classifier on top is trained with the few labels, and the whole is fine-tuned by back-propagation.
//
// A stack of rbm.Layer is a deep belief net; its up-pass, h[k] = sigmoid(h[k-1] * W[k] + b[k]), is the feed-forward network that is fine-tuned, and
// needs no copy of the weights: the nodes of Stack are that network. Stack.Decode is the way down. On top of the output it makes a deep autoencoder
// of the stack (Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006), to be fine-tuned as such.
//
// # Reuse
//
// A stack consists of ordinary nodes and variables, layer1/kernel and so on, and its endpoints have names, so that it is saved, frozen, cut and
// continued as any other network: transfer.Freeze(g, "layer[12]"), transfer.FreezeBelow(g, stack.Endpoint("layer2")), cache.Open, transfer.Gradual.
package pretrain
