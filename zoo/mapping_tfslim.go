package zoo

import (
	"strings"

	"github.com/plexaura/plexaura/transfer"
)

// slim is the mapping of a checkpoint whose layers have other names than ours. What was subtracted from images stands beside them in those that came from Caffe.
func slim(rules ...transfer.Rule) transfer.Mapping {
	return transfer.TFSlim().Then(transfer.Mapping{Rules: rules, Ignore: []string{`/mean_rgb$`}})
}

// slimVGG has convolutions for dense layers.
func slimVGG(m *Model) transfer.Mapping {
	mapping := slim(
		rule(`^vgg_\w+?/conv\d/`, ""),
		rule(`^vgg_\w+?/(fc\d)/`, "${1}/"))
	return m.without(mapping, `^vgg_\w+/fc\d/`, "")
}

func slimResNet(m *Model) transfer.Mapping {
	mapping := slim(
		rule(`^resnet_v1_\d+/`, ""),
		numbered(`^block\d+/unit_\d+/bottleneck_v1/`, m.blocks("layer", 2)),
		rule(`^(layer\d/\d+/)shortcut/BatchNorm/`, "${1}downsample/1/"),
		rule(`^(layer\d/\d+/)shortcut/`, "${1}downsample/0/"),
		rule(`\bconv(\d)/BatchNorm/`, "bn${1}/"),
		rule(`^logits/`, "fc/"))
	return m.without(mapping, `^resnet_v1_\d+/logits/`, "")
}

func slimMobileNetV1(m *Model) transfer.Mapping {
	mapping := slim(
		rule(`^MobilenetV1/`, ""),
		rule(`^Conv2d_0/`, "conv1/"),
		rule(`^Conv2d_(\d+)_depthwise/`, "conv_dw_${1}/"),
		rule(`^Conv2d_(\d+)_pointwise/`, "conv_pw_${1}/"),
		rule(`^Logits/Conv2d_1c_1x1/`, "conv_preds/"))
	return m.without(mapping, `^MobilenetV1/Logits/`, "")
}

func slimMobileNetV2(m *Model) transfer.Mapping {
	mapping := slim(
		rule(`^MobilenetV2/`, ""),
		rule(`^Conv/BatchNorm/`, "bn_Conv1/"),
		rule(`^Conv/`, "Conv1/"),
		rule(`^Conv_1/BatchNorm/`, "Conv_1_bn/"),
		rule(`^expanded_conv_(\d+)/(\w+)/`, "block_${1}_${2}/"),
		rule(`^expanded_conv/(\w+)/`, "expanded_conv_${1}/"),
		rule(`^((?:block_\d+|expanded_conv)_\w+)/BatchNorm/`, "${1}_BN/"),
		rule(`^Logits/Conv2d_1c_1x1/`, "Logits/"))
	return m.without(mapping, `^MobilenetV2/Logits/`, "")
}

// slimInceptionV3 names branches by number, in the order of which ours are created, and has batch norm without gamma.
func slimInceptionV3(m *Model) transfer.Mapping {
	var layers []string
	for _, s := range m.scopes("", begins("Conv2d", "Mixed")) {
		if layer, ok := strings.CutSuffix(s, "/conv"); ok {
			layers = append(layers, layer+"/")
		}
	}
	mapping := slim(
		numbered(`^InceptionV3/(Conv2d_\w+|Mixed_\w+/Branch_\d/\w+)/`, layers),
		rule(`^InceptionV3/AuxLogits/Conv2d_1b_1x1/`, "AuxLogits/conv0/"),
		rule(`^InceptionV3/AuxLogits/Conv2d_2a_5x5/`, "AuxLogits/conv1/"),
		rule(`^InceptionV3/AuxLogits/Conv2d_2b_1x1/`, "AuxLogits/fc/"),
		rule(`^InceptionV3/Logits/Conv2d_1c_1x1/`, "fc/"),
		transfer.Rule{Pattern: `/weights$`, With: []string{"/conv/kernel", "/kernel"}})
	mapping.Fills = append(mapping.Fills, transfer.Fill{Pattern: `/gamma$`, Value: 1})
	return m.without(mapping, `^InceptionV3/Logits/`, `^InceptionV3/AuxLogits/`)
}
