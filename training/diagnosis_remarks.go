package training

import "fmt"

// deadToRemark is the share of dead units in a hidden layer that is worth a remark; from
// deadShare on it is a finding.
const deadToRemark = 0.3

// remarks tell what the table shows that is worth a look but no finding.
func (d *Diagnosis) remarks() (out []string) {
	for _, l := range d.Layers {
		if l.Hidden && l.Activation != "" && l.Dead >= deadToRemark && l.Dead < deadShare {
			out = append(out, fmt.Sprintf("Remark: %.0f %% of the units of %s were dead in these steps (from %.0f %% on, that is a finding).",
				100*l.Dead, l.Name, 100*deadShare))
		}
	}
	return out
}
