package zoo

import (
	"fmt"
	"strings"

	"github.com/plexaura/plexaura/transfer"
)

// keras is the mapping of a file whose layers have other names than ours.
func keras(rules ...transfer.Rule) transfer.Mapping {
	return transfer.Keras().Then(transfer.Mapping{Rules: rules})
}

// kerasTop is what Keras has called the last layer by and by.
const kerasTop = `^(predictions|fc1000|probs|Logits)/`

func kerasVGG(m *Model) transfer.Mapping {
	mapping := keras(
		rule(`^block(\d)_conv(\d)/`, "conv${1}_${2}/"),
		rule(`^fc1/`, "fc6/"),
		rule(`^fc2/`, "fc7/"),
		rule(`^predictions/`, "fc8/"))
	return m.without(mapping, `^(fc1|fc2|predictions)/`, "")
}

// kerasResNet has res2a_branch2a and bn2a_branch2a in files of keras_applications.resnet50, which was keras.applications.ResNet50 before keras_applications.resnet.
func kerasResNet(m *Model) transfer.Mapping {
	blocks := m.blocks("layer", 2)
	mapping := keras(
		rule(`^(res|bn)(\d[a-z]\d*)_branch`, "block${2}_${1}"),
		numbered(`^block\d[a-z]\d*_`, blocks),
		rule(`^(layer\d/\d+/)res1/`, "${1}0_conv/"),
		rule(`^(layer\d/\d+/)bn1/`, "${1}0_bn/"),
		rule(`^(layer\d/\d+/)res2a/`, "${1}1_conv/"),
		rule(`^(layer\d/\d+/)bn2a/`, "${1}1_bn/"),
		rule(`^(layer\d/\d+/)res2b/`, "${1}2_conv/"),
		rule(`^(layer\d/\d+/)bn2b/`, "${1}2_bn/"),
		rule(`^(layer\d/\d+/)res2c/`, "${1}3_conv/"),
		rule(`^(layer\d/\d+/)bn2c/`, "${1}3_bn/"),
		rule(`^conv1_conv/`, "conv1/"),
		rule(`^(conv1_bn|bn_conv1)/`, "bn1/"),
		numbered(`^conv\d+_block\d+_`, blocks),
		rule(`^(layer\d/\d+/)0_conv/`, "${1}downsample/0/"),
		rule(`^(layer\d/\d+/)0_bn/`, "${1}downsample/1/"),
		rule(`^(layer\d/\d+/)(\d)_(conv|bn)/`, "${1}${3}${2}/"),
		rule(kerasTop, "fc/"))
	mapping.Notes = append(mapping.Notes, transfer.Note{
		Pattern: `^bn\d[a-z]\d*_branch`,
		Text:    "Keras computed with these weights by an epsilon of 0.001 in batch norm, and at first by a first pool without pads; the network has 1.001e-05, and pads",
	})
	return m.without(mapping, kerasTop, "")
}

// kerasMobileNetV1 has the names of the variables.
func kerasMobileNetV1(m *Model) transfer.Mapping {
	return m.without(keras(rule(`^predictions/`, "conv_preds/")), `^(conv_preds|predictions)/`, "")
}

// kerasMobileNetV2 has the names of the variables. The published files are older than these names: they have mobl1_conv_1_expand and bn1_conv_1_bn_expand.
func kerasMobileNetV2(m *Model) transfer.Mapping {
	mapping := keras(
		rule(`^mobl0_conv_0_(\w+)/`, "expanded_conv_${1}/"),
		rule(`^bn0_conv_0_bn_(\w+)/`, "expanded_conv_${1}_BN/"),
		rule(`^mobl(\d+)_conv_\d+_(\w+)/`, "block_${1}_${2}/"),
		rule(`^bn(\d+)_conv_\d+_bn_(\w+)/`, "block_${1}_${2}_BN/"),
		rule(kerasTop, "Logits/"))
	return m.without(mapping, kerasTop, "")
}

// kerasSqueezeNet has the names of the layers. In files of Keras 1 kernels are called as their initializer was, uniform1 and so on.
func kerasSqueezeNet(m *Model) transfer.Mapping {
	mapping := keras(
		rule(`^(conv\d+|fire\d/\w+)/(\w*(uniform|normal)\w*|.*_W)$`, "${1}/kernel"),
		rule(`^(conv\d+|fire\d/\w+)/.*_b$`, "${1}/bias"))
	return m.without(mapping, `^conv10/`, "")
}

// kerasDenseNet has conv1/conv, which Keras 3 calls conv1_conv.
func kerasDenseNet(m *Model) transfer.Mapping {
	rules := []transfer.Rule{
		rule(`^conv1[/_]conv/`, "conv0/"),
		rule(`^conv1[/_]bn/`, "norm0/"),
		rule(`^bn/`, "norm5/"),
		rule(kerasTop, "classifier/"),
	}
	for block := 1; block <= 4; block++ {
		rules = append(rules,
			rule(fmt.Sprintf(`^conv%d_block(\d+)_`, block+1), fmt.Sprintf("denseblock%d/denselayer${1}/", block)),
			rule(fmt.Sprintf(`^pool%d_bn/`, block+1), fmt.Sprintf("transition%d/norm/", block)),
			rule(fmt.Sprintf(`^pool%d_conv/`, block+1), fmt.Sprintf("transition%d/conv/", block)))
	}
	rules = append(rules,
		rule(`(/denselayer\d+/)0_bn/`, "${1}norm1/"),
		rule(`(/denselayer\d+/)1_bn/`, "${1}norm2/"),
		rule(`(/denselayer\d+/)(\d)_conv/`, "${1}conv${2}/"))
	return m.without(keras(rules...), kerasTop, "")
}

// kerasInceptionV3 has layers without names, which Keras numbers in the order in which ours are created, and batch norm without gamma.
func kerasInceptionV3(m *Model) transfer.Mapping {
	body := func(kind string) []string {
		return m.scopes("/", func(s string) bool { return ends(s, kind) && !strings.HasPrefix(s, "AuxLogits") })
	}
	mapping := keras(
		numbered(`^conv2d(_\d+)?/`, body("/conv")),
		numbered(`^batch_normalization(_v1)?(_\d+)?/`, body("/bn")),
		rule(kerasTop, "fc/"))
	mapping.Fills = append(mapping.Fills, transfer.Fill{Pattern: `/gamma$`, Value: 1})
	return m.without(mapping, kerasTop, "")
}

// ends returns whether a scope ends with a text.
func ends(scope, with string) bool { return strings.HasSuffix(scope, with) }
