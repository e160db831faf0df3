package plots_test

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/plots"
)

func TestConfusionMatrix(t *testing.T) {
	p := must(t)(plots.ConfusionMatrix([][]int{{5, 1, 0}, {0, 70, 7}, {0, 0, 0}}, []string{"cat", "dog", "a bird of a long name"}, plots.ConfusionConfig{}))
	hasText(t, p, "Confusion matrix", "75 of 83 right, 90.36 %", "cat", "dog", "label", "predicted", "5", "1", "70", "7", "0", "83.3 %", "90.9 %", "none")
	want := "Confusion matrix: 75 of 83 right, 90.36 %\n" +
		"        label\\predicted  cat  dog  a bird of a long name  recall\n" +
		"                    cat    5    1                      0  83.3 %\n" +
		"                    dog    0   70                      7  90.9 %\n" +
		"  a bird of a long name    0    0                      0    none"
	if p.String() != want {
		t.Errorf("%s\nwant\n%s", p, want)
	}
	decode(t, p)
}

// TestConfusionColours: the colour goes by the share of the row, so a row of 3 and one of 3000 look
// the same.
func TestConfusionColours(t *testing.T) {
	full := color.NRGBA{R: 0x08, G: 0x51, B: 0x9C, A: 0xFF}
	cells := func(counts [][]int) int {
		return countColour(decode(t, must(t)(plots.ConfusionMatrix(counts, nil, plots.ConfusionConfig{}))), full)
	}
	one, two, none := cells([][]int{{3, 0}, {1, 1}}), cells([][]int{{3, 0}, {0, 3000}}), cells([][]int{{1, 1}, {1, 1}})
	if none != 0 || one == 0 || float64(two) < 1.9*float64(one) {
		t.Errorf("pixels in the full colour: %d, %d and %d for 0, 1 and 2 full cells", none, one, two)
	}
}

func TestConfusionSizes(t *testing.T) {
	for _, n := range []int{1, 2, 30, 100, 1000} {
		counts := make([][]int, n)
		for i := range counts {
			counts[i] = make([]int, n)
			counts[i][i] = 1_000_000
		}
		p := must(t)(plots.ConfusionMatrix(counts, nil, plots.ConfusionConfig{}))
		if w, h := p.Size(); w > 2400 || h > 2400 {
			t.Errorf("%d classes: %d x %d", n, w, h)
		}
		decode(t, p)
		if n == 30 {
			hasText(t, p, "1000000", "29", fmt.Sprintf("%d of %d right, 100.00 %%", 30_000_000, 30_000_000))
		}
	}
}

func TestConfusionMatrixErrors(t *testing.T) {
	for want, err := range map[string]error{
		"0 rows":                   second(plots.ConfusionMatrix(nil, nil, plots.ConfusionConfig{})),
		"1001 rows":                second(plots.ConfusionMatrix(make([][]int, 1001), nil, plots.ConfusionConfig{})),
		"1 class names for 2 rows": second(plots.ConfusionMatrix([][]int{{1, 0}, {0, 1}}, []string{"a"}, plots.ConfusionConfig{})),
		"row 1 has 1 counts":       second(plots.ConfusionMatrix([][]int{{1, 0}, {0}}, nil, plots.ConfusionConfig{})),
		"row 0, column 1 is -1":    second(plots.ConfusionMatrix([][]int{{1, -1}, {0, 1}}, nil, plots.ConfusionConfig{})),
		"all counts are 0":         second(plots.ConfusionMatrix([][]int{{0, 0}, {0, 0}}, nil, plots.ConfusionConfig{})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "plots: confusion matrix: ") {
			t.Errorf("%v; want %q", err, want)
		}
	}
}
