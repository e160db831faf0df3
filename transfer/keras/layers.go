package keras

import (
	"github.com/plexaura/plexaura/ops"
)

// family is a page of the table of layers.
type family struct {
	name   string
	layers map[string]read // by their classes
}

var families []family

// readers are the layers of all families; InputLayer, and models in models, are known beside them.
var readers = map[string]read{}

func init() { // a table of functions that read it
	families = []family{
		{"Dense layers and tables", map[string]read{"Dense": readDense, "Embedding": readEmbedding, "Normalization": readNormalization, "Rescaling": readRescaling}},
		{"Activations", map[string]read{"Activation": readActivation, "PReLU": readPReLU}},
		{"Convolutions", map[string]read{
			"Conv1D": readConv1D, "Conv2D": readConv2D, "Conv2DTranspose": readConv2DTranspose, "DepthwiseConv2D": readDepthwiseConv2D, "SeparableConv2D": readSeparableConv2D,
			"Convolution1D": readConv1D, "Convolution2D": readConv2D, "Convolution2DTranspose": readConv2DTranspose, "SeparableConvolution2D": readSeparableConv2D,
		}},
		{"Pools", map[string]read{
			"AveragePooling1D": pool1D(ops.AvgPool1D), "AveragePooling2D": readAveragePooling2D, "MaxPooling1D": pool1D(ops.MaxPool1D), "MaxPooling2D": readMaxPooling2D,
			"GlobalAveragePooling1D": globalPool(3, ops.Mean, ops.MeanKeep), "GlobalAveragePooling2D": globalPool(4, ops.Mean, ops.MeanKeep),
			"GlobalMaxPooling1D": globalPool(3, ops.Max, ops.MaxKeep), "GlobalMaxPooling2D": globalPool(4, ops.Max, ops.MaxKeep),
			"AvgPool1D": pool1D(ops.AvgPool1D), "AvgPool2D": readAveragePooling2D, "MaxPool1D": pool1D(ops.MaxPool1D), "MaxPool2D": readMaxPooling2D,
		}},
		{"Normalisation", map[string]read{
			"BatchNormalization": readBatchNormalization, "BatchNormalizationV1": readBatchNormalization, "BatchNormalizationV2": readBatchNormalization,
			"LayerNormalization": readLayerNormalization, "UnitNormalization": readUnitNormalization,
		}},
		{"Noise", map[string]read{
			"ActivityRegularization": readActivityRegularization, "AlphaDropout": readAlphaDropout, "Dropout": readDropout, "GaussianDropout": readGaussianDropout,
			"GaussianNoise": readGaussianNoise, "SpatialDropout1D": spatialDropout(3), "SpatialDropout2D": spatialDropout(4),
		}},
		{"Shapes", map[string]read{
			"Cropping1D": cropping(1), "Cropping2D": cropping(2), "Flatten": readFlatten, "Permute": readPermute, "RepeatVector": readRepeatVector, "Reshape": readReshape,
			"UpSampling1D": readUpSampling1D, "UpSampling2D": readUpSampling2D, "ZeroPadding1D": zeroPadding(1), "ZeroPadding2D": zeroPadding(2),
		}},
		{"Several inputs", map[string]read{
			"Add": merging(ops.Add), "Average": readAverage, "Concatenate": readConcatenate, "Dot": readDot, "Maximum": merging(ops.Maximum), "Minimum": merging(ops.Minimum),
			"Multiply": merging(ops.Mul), "Subtract": readSubtract,
		}},
		{"Recurrent", map[string]read{
			"Bidirectional": readBidirectional, "GRU": readGRU, "LSTM": readLSTM, "Masking": readMasking, "SimpleRNN": readSimpleRNN, "TimeDistributed": readTimeDistributed,
		}},
	}
	for class, f := range activationLayers {
		families[1].layers[class] = func(o *options) build { return pointwise(f(o)) }
	}
	for _, f := range families {
		for class, r := range f.layers {
			readers[class] = r
		}
	}
}
