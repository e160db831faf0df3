package autoencoder

import (
	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
	"github.com/plexaura/plexaura/ops"
	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/transfer/pretrain"
)

// ConvLayer is a pretrain.Layer: a convolution that makes maps smaller, with a transposed convolution that makes them large again (Masci, Meier,
// Cireşan and Schmidhuber, "Stacked convolutional auto-encoders", 2011, with strides in place of pooling). Filters is required; the zero value of
// everything else is the default that its comment names.
//
// x is [batch, height, width, channels], float32 or float64, the result [batch, height/stride, width/stride, filters]. Sizes that are no multiple of
// the stride cannot come back as they were, and are an error. The variables, of the dtype of x, are kernel [size[0], size[1], channels, filters] and
// bias [filters], as ops.Conv2D has them, and for the decoder decoder/kernel of the same shape, unless Tied, and decoder/bias [channels].
type ConvLayer struct {
	Filters    int
	Size       [2]int         // of the kernel, height and width; default 3 x 3
	Strides    [2]int         // default 2 x 2; both padded as ops.Same
	Activation ops.Activation // of the code; default ops.Sigmoid
	// Output is the activation of the reconstruction; default none. With CrossEntropy it is a sigmoid, and this has to be nil.
	Output ops.Activation
	Loss   Loss // of the reconstruction; default SquaredError
	Tied   bool // has the decoder use the kernel of the encoder

	Corrupt  Corruption // of x while the layer is trained; default none
	Sparsity Sparsity   // default none
	// Contractive is the weight of the contractive penalty, as for Layer: of the Jacobian of all values of the code by all of x. Windows at the border see
	// less of x, and count for that. Default none.
	Contractive float64

	Kernel      graph.Initializer         // of the kernels; default initializers.GlorotUniform
	Regularizer ops.Regularizer           // of the kernels, added to the loss; default none
	Optimizer   func() training.Optimizer // makes the layer's own; default Adam with a rate of 0.001
}

// Build implements pretrain.Layer.
func (l ConvLayer) Build(s *graph.Scope, x *gorgonia.Node) (*pretrain.Built, error) {
	o := objective{l.Activation, l.Output, l.Loss, l.Corrupt, l.Sparsity, l.Contractive, l.Regularizer, l.Optimizer}
	if err := o.check(); err != nil {
		return nil, err
	}
	for axis := range 2 {
		orDefault(&l.Size[axis], 3)
		orDefault(&l.Strides[axis], 2)
	}
	sp := graph.SpecOf(x)
	switch {
	case l.Filters < 1 || l.Size[0] < 1 || l.Size[1] < 1 || l.Strides[0] < 1 || l.Strides[1] < 1:
		return nil, errors.Errorf("Filters is %d, Size %v and Strides %v; want positive numbers", l.Filters, l.Size, l.Strides)
	case !sp.IsFloat() || sp.Rank() != 4:
		return nil, errors.Errorf("the input is %v; want float32 or float64 [batch, height, width, channels]", sp)
	case sp.Shape[3] < 1:
		return nil, errors.Errorf("the input is %v; the number of channels must be known, because it is that of the kernel", sp)
	}
	for axis, stride := range l.Strides {
		if size := sp.Shape[1+axis]; size > 0 && size%stride != 0 {
			return nil, errors.Errorf("the input is %v and Strides is %v; want height and width to be multiples of it, "+
				"for the decoder gives only such (ops.Pad adds a border)", sp, l.Strides)
		}
	}
	return o.built(s, x, l.coder(s, sp)), nil
}

func orDefault(v *int, otherwise int) {
	if *v == 0 {
		*v = otherwise
	}
}

func (l ConvLayer) coder(s *graph.Scope, in graph.Spec) *coder {
	channels := in.Shape[3]
	kernel := []int{l.Size[0], l.Size[1], channels, l.Filters}
	d := s.Sub("decoder")
	back, holder := kernel, d // the scope whose variable kernel the decoder uses
	if l.Tied {
		back, holder = nil, s
	}
	c := newCoder(s, d, in.Dtype, l.Kernel, kernel, back)
	windows := ops.ConvolutionConfig{Strides: l.Strides, Padding: ops.Same}
	c.encode = func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		return ops.BiasAdd(s, ops.Convolution(s, x, c.kernel, windows), c.bias)
	}
	c.squares = func(s *graph.Scope, x *gorgonia.Node) *gorgonia.Node {
		// The squares of a channel's window, [size[0], size[1], 1, filters], summed over what of it lies within the image.
		image := graph.OnesLike(s, ops.Slice(s, x, []int{0, 0, 0, 0}, []int{1, -1, -1, 1}))
		return ops.Convolution(s, image, ops.SumKeep(s, ops.Square(s, c.kernel), 2), windows)
	}
	c.decode = func(s *graph.Scope, h *gorgonia.Node) *gorgonia.Node {
		y := ops.ConvTranspose2D(holder.Reuse(), h, channels, l.Size, ops.ConvTranspose2DConfig{Strides: l.Strides, Padding: ops.Same, NoBias: true})
		return ops.BiasAdd(s, y, c.backBias)
	}
	return c
}
