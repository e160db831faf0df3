// Package rbm has restricted Boltzmann machines (Smolensky 1986; Hinton 2002), which learn features of data that has no labels. The weights of one,
// or of several that are stacked, then begin a network that is trained with the few labels there are.
//
// A machine has visible units v, which are the data, and hidden units h, which are 0 or 1. Each visible unit is connected to each hidden one, and no
// two units of a kind are. A state has the energy
//
//	E(v, h) = -b·v - c·h - v W h              Bernoulli visible units, 0 or 1
//	E(v, h) = |v - b|²/2 - c·h - v W h        Gaussian ones, real numbers of variance 1
//
// and the probability e^-E / Z, where Z sums e^-E over all states. Since units of a kind are not connected, they are independent once the other kind
// is known:
//
//	p(h_j = 1 | v) = sigmoid(c_j + sum over i of v_i W_ij)
//	p(v_i = 1 | h) = sigmoid(b_i + sum over j of W_ij h_j)         Bernoulli
//	v_i | h        ~ Normal(b_i + sum over j of W_ij h_j, 1)       Gaussian
//
// The probability of data is e^-F(v) / Z with the free energy
//
//	F(v) = -b·v - sum over j of softplus(c_j + v·W_j)              Bernoulli; |v - b|²/2 in place of -b·v for Gaussian
//
// and learning makes it large: along the gradient of the log-likelihood,
//
//	d log p(v) / d W_ij = <v_i h_j> of the data - <v_i h_j> of the machine by itself,
//
// and likewise v_i for b and h_j for c. The first mean is easy. For the second one would draw states of the machine by Gibbs sampling, h from v and v
// from h in turn, until it has forgotten where it began. Two ways are practical:
//
//   - Contrastive divergence, CD-k (Hinton 2002), begins at the data and takes k steps, often only one. It follows the gradient of something
//     else, and works.
//   - Persistent contrastive divergence, PCD (Tieleman 2008), goes on with the states of the last training step ("fantasy particles"). Weights
//     change little in a step, so the particles stay near the machine's own distribution. It makes better models of the data, and wants a lower
//     learning rate.
//
// What is drawn and what is not follows Hinton's "A practical guide to training restricted Boltzmann machines" (2010): hidden units that the data
// drive are drawn, for their noise keeps them from carrying more than a bit each; reconstructions and the last hidden units are probabilities, which
// have less noise (Config.SampleVisible changes the former); so are the hidden units of the data's statistics. Weights begin as Normal(0, 0.01).
//
// With Sparsity the mean activity q_j of each hidden unit, a running mean over batches, is driven to a target p: the cross-entropy of p and q_j has
// the derivative q_j - p by the unit's input (Lee, Ekanadham and Ng 2008; section 11 of the guide).
//
// A machine is a part of a graph as any layer is. Its step takes the data alone:
//
//	r := rbm.New(s.Sub("rbm1"), x, rbm.Config{Hidden: 500, LearningRate: 0.05, Momentum: 0.5})
//	step := r.Step(s)
//	...
//	history, err := training.Fit(ctx, sess, training.FitConfig{Step: step, Loss: r.ReconstructionError, X: x, Data: batches, Epochs: 10})
//
// # Is it learning?
//
// The reconstruction error falls, and is a poor judge: it depends on how fast the chain mixes. The gap between the free energies of validation
// and training data (FreeEnergyGap) tells overfitting: it needs no Z, which both have in common. Filters shows what the hidden units look at.
//
// # Data
//
// Values of Bernoulli units are 0, 1 or probabilities between, such as the grey levels of a picture; a step fails on any other. Gaussian units have
// variance 1, so data must be standardised (dataset.NewStandardizer). Check looks at a whole source before training. Learning rates for Gaussian
// units are ten to a hundred times lower.
package rbm
