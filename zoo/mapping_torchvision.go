package zoo

import (
	"slices"

	"github.com/plexaura/plexaura/transfer"
)

// torch is the mapping of a state dict whose modules have other names than ours.
func torch(layouts []transfer.Layout, rules ...transfer.Rule) transfer.Mapping {
	whole := transfer.Rule{Pattern: `^(state_dict\.)?(module\.)?`, With: []string{""}} // of DataParallel
	return transfer.Torchvision().Then(transfer.Mapping{Rules: append([]transfer.Rule{whole}, rules...), Layouts: layouts})
}

func torchvisionAlexNet(m *Model) transfer.Mapping {
	mapping := torch([]transfer.Layout{transfer.Flatten("^fc6/kernel$", 256, 6, 6)},
		numbered(`^features\.\d+\.`, m.scopes(".", begins("conv"))),
		numbered(`^classifier\.\d+\.`, []string{"fc6.", "fc7.", "fc8."}))
	return m.without(mapping, `\bclassifier\.`, "")
}

func torchvisionVGG(m *Model) transfer.Mapping {
	mapping := torch([]transfer.Layout{transfer.Flatten("^fc6/kernel$", 512, 7, 7)},
		numbered(`^features\.\d+\.`, m.scopes(".", begins("conv", "bn"))),
		numbered(`^classifier\.\d+\.`, []string{"fc6.", "fc7.", "fc8."}))
	return m.without(mapping, `\bclassifier\.`, "")
}

// torchvisionResNet is timm's too.
func torchvisionResNet(m *Model) transfer.Mapping { return m.without(torch(nil), `\bfc\.`, "") }

// torchvisionShuffleNetV2 has the names of the variables.
func torchvisionShuffleNetV2(m *Model) transfer.Mapping { return m.without(torch(nil), `\bfc\.`, "") }

func torchvisionSqueezeNet(m *Model) transfer.Mapping {
	mapping := torch(nil,
		numbered(`^features\.\d+\.`, slices.Concat([]string{"conv1."}, m.blocks("fire", 1))),
		rule(`\bsqueeze\.`, "squeeze1x1."),
		rule(`^classifier\.\d+\.`, "conv10."))
	return m.without(mapping, `\bclassifier\.`, "")
}

// torchvisionMobileNetV2 has convolutions and batch norm by turns.
func torchvisionMobileNetV2(m *Model) transfer.Mapping {
	mapping := torch(nil,
		numbered(`^features\.(?:\d+\.)+(?:conv\.(?:\d+\.)+)?`, m.scopes(".", otherwise(begins("Logits")))),
		rule(`^classifier\.\d+\.`, "Logits."))
	return m.without(mapping, `\bclassifier\.`, "")
}

// torchvisionDenseNet is timm's too. Files from before PyTorch 0.4 have norm.1 for norm1.
func torchvisionDenseNet(m *Model) transfer.Mapping {
	mapping := torch(nil,
		rule(`^features\.`, ""),
		rule(`(denselayer\d+\.(?:norm|conv))\.([12])\.`, "${1}${2}."))
	return m.without(mapping, `\bclassifier\.`, "")
}

// torchvisionInceptionV3 is timm's too.
func torchvisionInceptionV3(m *Model) transfer.Mapping {
	return m.without(torch(nil), `^((state_dict\.)?(module\.)?)fc\.`, `\bAuxLogits\.`)
}
