package zoo

import (
	"fmt"

	"github.com/plexaura/plexaura/transfer"
)

// timmVGG has convolutions for dense layers, and torchvision's names in torchvision's files, which timm renames when it loads them.
func timmVGG(m *Model) transfer.Mapping {
	mapping := torchvisionVGG(m).Then(transfer.Mapping{Rules: []transfer.Rule{
		rule(`\bpre_logits\.fc1\.`, "fc6."),
		rule(`\bpre_logits\.fc2\.`, "fc7."),
		rule(`\bhead\.fc\.`, "fc8."),
	}})
	return m.without(mapping, `\b(pre_logits|head)\.`, "")
}

// timmMobileNetV1 numbers the blocks of a stage, and so has two numbers where we have one.
func timmMobileNetV1(m *Model) transfer.Mapping {
	var blocks []string
	for i := range m.scopes("", begins("conv_dw_")) {
		if i%2 == 0 { // each has its batch norm
			blocks = append(blocks, fmt.Sprintf("block_%d.", i/2+1))
		}
	}
	mapping := torch(nil,
		rule(`^conv_stem\.`, "conv1."),
		rule(`^bn1\.`, "conv1_bn."),
		numbered(`^blocks\.\d+\.\d+\.`, blocks),
		rule(`^block_(\d+)\.conv_(dw|pw)\.`, "conv_${2}_${1}."),
		rule(`^block_(\d+)\.bn1\.`, "conv_dw_${1}_bn."),
		rule(`^block_(\d+)\.bn2\.`, "conv_pw_${1}_bn."),
		rule(`^classifier\.`, "conv_preds."))
	return m.without(mapping, `\bclassifier\.`, "")
}

func timmMobileNetV2(m *Model) transfer.Mapping {
	blocks := []string{"expanded_conv_"}
	for i := range m.scopes("", func(s string) bool { return begins("block_")(s) && ends(s, "_expand") }) {
		blocks = append(blocks, fmt.Sprintf("block_%d_", i+1))
	}
	mapping := torch(nil,
		rule(`^conv_stem\.`, "Conv1."),
		rule(`^bn1\.`, "bn_Conv1."),
		rule(`^conv_head\.`, "Conv_1."),
		rule(`^bn2\.`, "Conv_1_bn."),
		numbered(`^blocks\.\d+\.\d+\.`, blocks),
		rule(`^expanded_conv_conv_dw\.`, "expanded_conv_depthwise."), // which does not expand
		rule(`^expanded_conv_bn1\.`, "expanded_conv_depthwise_BN."),
		rule(`^expanded_conv_conv_pw\.`, "expanded_conv_project."),
		rule(`^expanded_conv_bn2\.`, "expanded_conv_project_BN."),
		rule(`^(block_\d+)_conv_pw\.`, "${1}_expand."),
		rule(`^(block_\d+)_bn1\.`, "${1}_expand_BN."),
		rule(`^(block_\d+)_conv_dw\.`, "${1}_depthwise."),
		rule(`^(block_\d+)_bn2\.`, "${1}_depthwise_BN."),
		rule(`^(block_\d+)_conv_pwl\.`, "${1}_project."),
		rule(`^(block_\d+)_bn3\.`, "${1}_project_BN."),
		rule(`^classifier\.`, "Logits."))
	return m.without(mapping, `\bclassifier\.`, "")
}
