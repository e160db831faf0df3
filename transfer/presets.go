package transfer

// Torchvision maps the state dicts of PyTorch, as torchvision and timm name what is in them, to
// variables that stand under the names of the modules, with "/" for ".": weight is a kernel
// or gamma, bias is bias or beta. Kernels are turned from OIHW to HWIO and from [out, in] to [in, out].
// A prefix "module." or "state_dict.module." of torch.nn.DataParallel is dropped.
func Torchvision() Mapping {
	return Mapping{
		Rules: []Rule{
			{`^(state_dict\.)?(module\.)?`, []string{""}},
			{`\.running_mean$`, []string{".moving_mean"}},
			{`\.running_var$`, []string{".moving_variance"}},
			{`\.weight$`, []string{".kernel", ".gamma", ".depthwise_kernel"}},
			{`\.bias$`, []string{".bias", ".beta"}},
			{`\.`, []string{"/"}},
		},
		Layouts: []Layout{
			{Pattern: `depthwise_kernel$`, Rank: 4, Axes: []int{2, 3, 0, 1}},
			{Pattern: `kernel$`, Rank: 4, Axes: []int{2, 3, 1, 0}},
			{Pattern: `kernel$`, Rank: 2, Axes: []int{1, 0}},
		},
		Ignore: []string{`\.num_batches_tracked$`},
	}
}

// Keras maps the weights of Keras' applications, whose layouts are ours: "conv1/kernel:0", and
// "conv1/conv1/kernel:0" of .h5 files, which say the layer's name twice. Batch norm's statistics
// have our names.
func Keras() Mapping {
	return Mapping{Rules: []Rule{
		{`:0$`, []string{""}},
		{`^([^/]+)/([^/]+)/([^/]+)$`, []string{"$1/$3", "$1/$2/$3"}},
	}}
}

// TFSlim maps the checkpoints of TF-slim, whose layouts are ours: weights is kernel, biases is bias, and batch norm's
// variables stand in BatchNorm. Slots and the global step are ignored.
func TFSlim() Mapping {
	return Mapping{
		Rules: []Rule{
			{`/weights$`, []string{"/kernel"}},
			{`/depthwise_weights$`, []string{"/depthwise_kernel"}},
			{`/biases$`, []string{"/bias"}},
			{`/BatchNorm/`, []string{"/bn/", "/BatchNorm/", "_bn/"}},
		},
		Ignore: []string{`^global_step$`, `/(Momentum|RMSProp(_1)?|Adam(_1)?|Adagrad|ExponentialMovingAverage)$`},
	}
}
