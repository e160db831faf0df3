package zoo

import (
	"slices"
	"strings"
	"sync"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/internal/editdistance"
	"github.com/plexaura/plexaura/zoo/fetch"
)

// registry returns all entries, by name. They are made once, and nobody may change them.
var registry = sync.OnceValue(func() []Pretrained {
	all := slices.Concat(torchvisionEntries(), kerasEntries(), slimEntries(), darknetEntries(), onnxEntries(), otherEntries())
	slices.SortFunc(all, func(a, b Pretrained) int { return strings.Compare(a.Name, b.Name) })
	return all
})

// List returns the names of the networks with published weights, sorted. Describe says what each is, Build builds it.
func List() []string {
	var names []string
	for _, p := range registry() {
		names = append(names, p.Name)
	}
	return names
}

// Describe returns what is known of a network with published weights, which is the caller's to change. The error for a name that is not in List names those that are like it.
func Describe(name string) (Pretrained, error) {
	all := registry()
	if i := slices.IndexFunc(all, func(p Pretrained) bool { return p.Name == name }); i >= 0 {
		return all[i].clone(), nil
	}
	return Pretrained{}, errors.Errorf("zoo: there are no weights called %.64q; want one of zoo.List(), such as %s", name, strings.Join(nearest(name, all), ", "))
}

// clone returns a copy that shares nothing with p.
func (p Pretrained) clone() Pretrained {
	p.Labels, p.Scores, p.Files = slices.Clone(p.Labels), slices.Clone(p.Scores), slices.Clone(p.Files)
	for i, f := range p.Files {
		p.Files[i].URLs, p.Files[i].Members = slices.Clone(f.URLs), slices.Clone(f.Members)
	}
	n := &p.Input.Normalize
	n.Mean, n.Std = slices.Clone(n.Mean), slices.Clone(n.Std)
	return p
}

// mostSuggested bounds the names that an error suggests.
const mostSuggested = 3

// nearest returns the names that are most like a wrong one. "resnet18" is as near to "torchvision/resnet18" as it can be.
func nearest(name string, all []Pretrained) []string {
	type scored struct {
		name     string
		distance int
	}
	var list []scored
	for _, p := range all {
		_, short, _ := strings.Cut(p.Name, "/")
		list = append(list, scored{p.Name, min(editDistance(name, p.Name), editDistance(name, short))})
	}
	slices.SortStableFunc(list, func(a, b scored) int { return a.distance - b.distance })
	var names []string
	for _, s := range list[:min(mostSuggested, len(list))] {
		names = append(names, s.name)
	}
	return names
}

// mostCompared bounds how much of a name is compared.
const mostCompared = 64

// separators stand between words in different ways.
var separators = strings.NewReplacer("-", "", "_", "", " ", "", ".", "")

// editDistance is that of the beginnings of two names, whatever their case and whatever separates words.
func editDistance(a, b string) int {
	plain := func(s string) string { return separators.Replace(strings.ToLower(s[:min(len(s), mostCompared)])) }
	return editdistance.Of(plain(a), plain(b))
}

// architecture returns the network of an entry.
func (p Pretrained) architecture() (Architecture, error) {
	all := Architectures()
	i := slices.IndexFunc(all, func(a Architecture) bool { return a.Name == p.Architecture })
	if i < 0 {
		return Architecture{}, errors.Errorf("%s: there is no architecture called %q", p.Name, p.Architecture)
	}
	return all[i], nil
}

// numClasses is the length of the output.
func (p Pretrained) numClasses(a Architecture) int {
	if p.Config.Classes != 0 {
		return p.Config.Classes
	}
	return a.Classes
}

// one is a set of one file.
func one(f fetch.File) []fetch.File { return []fetch.File{f} }
