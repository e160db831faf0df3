package training_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training"
)

var updateDoctor = flag.Bool("update", false, "write the tables of DOCTOR.md")

const doctorSeeds = 3

// Every sickness of the design set is named, and nothing is said of its healthy
// nets.
func TestDiagnoseDesignSet(t *testing.T) { testPatients(t, "design", designSet) }

// testPatients diagnoses every patient: with one seed, with a few patients only
// in short mode, and with all seeds where the table is written.
func testPatients(t *testing.T, table string, set func() []patient) {
	seeds, every := int64(1), 1
	if testing.Short() {
		every = 5
	}
	if *updateDoctor {
		seeds = doctorSeeds
	}
	var rows strings.Builder
	rows.WriteString("| net | data | optimizer | should be named | seeds in which it was | also named, or named wrongly |\n|---|---|---|---|---|---|\n")
	for i := 0; i < len(set()); i += every {
		name := set()[i].name
		t.Run(name, func(t *testing.T) {
			named := map[training.Trouble]int{}
			report := t.Errorf
			if set()[i].wrong {
				report = t.Logf
			}
			for seed := int64(1); seed <= seeds; seed++ {
				p := set()[i] // optimizers belong to one graph
				d := p.examine(t, seed, training.DiagnoseConfig{})
				for _, f := range d.Findings {
					named[f.Trouble]++
				}
				for _, s := range p.sick {
					if !d.Has(s) {
						report("seed %d: %v was not named:\n%v", seed, s, d)
					}
				}
				if len(p.sick) == 0 && !d.Healthy() {
					report("seed %d: a healthy net gave an alarm:\n%v", seed, d)
				}
			}
			rows.WriteString(tableRow(set()[i], named))
		})
	}
	if *updateDoctor {
		writeTable(t, table, rows.String())
	}
}

func tableRow(p patient, named map[training.Trouble]int) string {
	data := p.data
	if p.scale != 0 {
		data += fmt.Sprint(", times ", p.scale)
	}
	should, found := "nothing", ""
	if len(p.sick) > 0 {
		should = ""
		for i, s := range p.sick {
			if i > 0 {
				should += "; "
				found += "; "
			}
			should += s.String()
			found += fmt.Sprintf("%d of %d", named[s], doctorSeeds)
			delete(named, s)
		}
	}
	var others []string
	for s := training.NotFinite; s <= training.LearningRateTooLow; s++ {
		if n := named[s]; n > 0 {
			others = append(others, fmt.Sprintf("%v (%d)", s, n))
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", p.name, data, p.opt.name, should, found, strings.Join(others, ", "))
}

// writeTable replaces what stands between the marks of a table in DOCTOR.md.
func writeTable(t *testing.T, table, rows string) {
	const file = "DOCTOR.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := fmt.Sprintf("<!-- %s begins -->\n", table), fmt.Sprintf("<!-- %s ends -->", table)
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ends := strings.Cut(rest, end)
	if !ok || !ends {
		t.Fatalf("%s has no marks for the table %q", file, table)
	}
	if err := os.WriteFile(file, []byte(before+begin+rows+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
