package finetune

import (
	"math"
	"regexp"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/training"
	"github.com/plexaura/plexaura/zoo"
)

// multipliers are those of Config.LayerDecay, one a variable of the network below the head.
func (t *Tuning) multipliers() []training.Multiplier {
	if t.cfg.LayerDecay == 1 {
		return nil
	}
	trunk := t.Model.Trunk()
	at := slices.IndexFunc(trunk, func(e zoo.Endpoint) bool { return e.Name == t.endpoint })
	depths := map[*gorgonia.Node]int{} // from the head down, which is 0
	depth, above := 0, -1
	for i := at; i >= 0; i-- {
		vars := t.below(trunk[i].Node)
		if len(vars) != above { // the endpoint above has variables of its own, or is the head
			depth, above = depth+1, len(vars)
		}
		for _, v := range vars {
			depths[v] = depth
		}
	}
	var rates []training.Multiplier
	for _, v := range t.Session.Graph().Trainable() {
		if d := depths[v]; d > 0 {
			rates = append(rates, training.Multiplier{Pattern: regexp.QuoteMeta(v.Name()) + "$", Factor: math.Pow(t.cfg.LayerDecay, float64(d))})
		}
	}
	return rates
}
