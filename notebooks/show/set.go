package show

import (
	"fmt"
	"maps"
	"slices"

	"gorgonia.org/tensor"

	"github.com/plexaura/plexaura/training/dataset"
)

// Set shows a data set: what it says of itself, how many examples each class has, and the first examples, with their labels where they are
// images. Rows of pixels are images where it is told so, by Set.Reshape.
func Set(s *dataset.Set) (v *View) {
	defer guarded("a data set", &v)
	if s == nil || isNil(s.X) {
		return plain("no data set")
	}
	title := clean(s.String())
	var first *View
	if e, ok := elementsOf(s.X); ok && len(e.shape) == 4 {
		cfg := ImagesConfig{Names: s.Classes, Limit: 16}
		if labelled(s.Y) {
			cfg.Labels = s.Y
		}
		if _, _, _, ok := e.imageShape(TensorConfig{}); ok {
			first = Images(s.X, cfg)
		}
	}
	if first == nil {
		first = Tensor(s.X, TensorConfig{})
	}
	v = &View{text: title, png: first.png}
	counts := ""
	if labelled(s.Y) {
		counts = classCounts(s)
		v.text += "\n" + counts
	}
	v.text += "\n" + first.text
	v.html = fmt.Sprintf("<div><div>%s</div><div>%s</div>%s</div>", escape(title), escape(counts), first.page())
	return v
}

// labelled tells whether y holds class numbers.
func labelled(y tensor.Tensor) bool {
	return !isNil(y) && len(y.Shape()) == 1 && (y.Dtype() == tensor.Int64 || y.Dtype() == tensor.Int || y.Dtype() == tensor.Int32)
}

// classCounts says how many examples each class has.
func classCounts(s *dataset.Set) string {
	e, ok := elementsOf(s.Y)
	if !ok || e.size == 0 || e.size > maxLooked {
		return ""
	}
	counts := map[int]int{}
	e.each(1, func(v float64) { counts[int(v)]++ })
	text := ""
	for i, class := range slices.Sorted(maps.Keys(counts)) {
		if i == 20 {
			return text + fmt.Sprintf(", … %s classes more", grouped(len(counts)-i))
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s %d", className(class, s.Classes), counts[class])
	}
	return text
}
