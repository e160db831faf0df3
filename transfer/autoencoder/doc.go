// Package autoencoder learns codes of examples that have no labels: an encoder makes a code of an example, a decoder makes the example of the code,
// and both are trained to lose little on the way. What keeps them from simply copying makes the code useful, and is what the kinds differ by:
//
//   - a code that has fewer numbers than the example: Layer and New;
//   - a corrupted input, of which the example as it was is to be made (denoising): Layer.Corrupt;
//   - codes of which few numbers are not near 0 (sparse): Layer.Sparsity;
//   - codes that do not change where the example changes a little (contractive): Layer.Contractive;
//   - codes that are drawn from a distribution that is close to the normal one (variational): NewVariational.
//
// Layer and ConvLayer are layers of package pretrain. So autoencoders are stacked, trained one after the other, mixed with restricted Boltzmann
// machines, and the encoder then becomes the lower layers of a classifier. Unroll trains a stack as a whole.
//
//	a, err := autoencoder.New(s, x, autoencoder.Config{Units: []int{300, 150}, Activation: ops.ELUWith(1), Kernel: initializers.He()})
//	...
//	report, err := a.Stack.Pretrain(ctx, sess, pretrain.Config{Data: images, Epochs: []int{4}, BatchSize: 150}) // layer by layer
//	step := training.Adam(training.AdamConfig{}).Minimize(s, a.Loss, g.Trainable())                             // or as a whole
//
// # The losses
//
// With h = f(x*W + b) the code and y the reconstruction, a layer's loss is the mean over the batch of
//
//	L(x, y)                                                   mean over the features of (y - x)^2, or of the cross-entropy of x and y = sigmoid(...)
//	+ Sparsity.Weight * sum over units of KL(Target || q)      q: a unit's mean activity over the batch
//	+ Contractive * sum over units and features of (dh/dx)^2   the Jacobian: (f'(a[j]) * W[i, j])^2; of a convolution W where its windows meet the image
//
// and L(x, y(corrupted x)) of a denoising one. Vincent et al. and others sum L over the features, so weights of theirs are to be divided by the
// number of features. The loss of a variational autoencoder is a bound of the likelihood, and so is summed.
package autoencoder
