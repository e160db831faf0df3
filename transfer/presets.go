package transfer

// Torchvision maps the state dicts of PyTorch, as torchvision and timm name what is in them, to
// variables that stand under the names of the modules, with "/" for ".": weight is a kernel
// or gamma, bias is bias or beta. Kernels are turned from OIHW to HWIO and from [out, in] to [in, out].
// A prefix "module." or "state_dict.module." of torch.nn.DataParallel is dropped.
func Torchvision() Mapping {
	return Mapping{
		Rules: []Rule{
			{Pattern: `^(state_dict\.)?(module\.)?`, With: []string{""}},
			{Pattern: `\.running_mean$`, With: []string{".moving_mean"}},
			{Pattern: `\.running_var$`, With: []string{".moving_variance"}},
			{Pattern: `\.weight$`, With: []string{".kernel", ".gamma", ".depthwise_kernel"}},
			{Pattern: `\.bias$`, With: []string{".bias", ".beta"}},
			{Pattern: `\.`, With: []string{"/"}},
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
// have our names. Files of Keras 1 have "conv1/conv1_W", "conv1/conv1_b", and "bn1/bn1_running_std", which is the variance.
func Keras() Mapping {
	return Mapping{Rules: []Rule{
		{Pattern: `:0$`, With: []string{""}},
		{Pattern: `/[^/]*_W(_\d+)?$`, With: []string{"/kernel", "$0"}},
		{Pattern: `/[^/]*_b(_\d+)?$`, With: []string{"/bias", "$0"}},
		{Pattern: `/[^/]*_(gamma|beta)(_\d+)?$`, With: []string{"/$1", "$0"}},
		{Pattern: `/[^/]*_running_mean(_\d+)?$`, With: []string{"/moving_mean", "$0"}},
		{Pattern: `/[^/]*_running_std(_\d+)?$`, With: []string{"/moving_variance", "$0"}},
		{Pattern: `^([^/]+)/([^/]+)/([^/]+)$`, With: []string{"$1/$3", "$1/$2/$3"}},
	}}
}

// TFSlim maps the checkpoints of TF-slim, whose layouts are ours: weights is kernel, biases is bias, and batch norm's
// variables stand in BatchNorm. Slots and the global step are ignored.
func TFSlim() Mapping {
	return Mapping{
		Rules: []Rule{
			{Pattern: `/weights$`, With: []string{"/kernel"}},
			{Pattern: `/depthwise_weights$`, With: []string{"/depthwise_kernel"}},
			{Pattern: `/biases$`, With: []string{"/bias"}},
			{Pattern: `/BatchNorm/`, With: []string{"/bn/", "/BatchNorm/", "_bn/"}},
		},
		Ignore: []string{`^global_step$`, `/(Momentum|RMSProp(_1)?|Adam(_1)?|Adagrad|ExponentialMovingAverage)$`},
	}
}

// FusedAttention splits what PyTorch keeps fused: in_proj_weight and in_proj_bias of torch.nn.MultiheadAttention, and the qkv of timm's vision transformers, which are
// the weights and biases of query, key and value one below the other. The parts are called query, key and value beside them, as in "blocks.0.attn.query.weight".
// It goes before a preset: transfer.Torchvision().Then(transfer.FusedAttention()).
func FusedAttention() Mapping {
	parts := func(kind string) []string {
		return []string{"${1}query." + kind, "${1}key." + kind, "${1}value." + kind}
	}
	return Mapping{Splits: []Split{
		{Pattern: `^(.*\.)?(?:in_proj_|qkv\.)weight$`, Into: parts("weight")},
		{Pattern: `^(.*\.)?(?:in_proj_|qkv\.)bias$`, Into: parts("bias")},
	}}
}
