package zoo

import (
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/plexaura/plexaura/transfer"
)

// Mapping returns how the files of a well-known code call the variables of the network and lay them out, for transfer.Map:
//
//	m := zoo.MobileNetV2(s, x, zoo.Config{Port: zoo.Torchvision})
//	mapping, err := m.Mapping(zoo.Torchvision)
//	plan, err := transfer.Map(file, m.Variables(), "net", mapping)
//
// Torchvision and Timm are state dicts of PyTorch, in whichever of their files; Keras the weights of keras.applications, in .h5 or TensorFlow.js; TFSlim checkpoints.
// Old names are known too. What the file has beside the variables, such as the classifier where the network has NoTop, is ignored.
//
// It is an error where the code has no weights of the architecture, or where it computes otherwise than the network does, by an epsilon or pads: want
// Config.Port with the same code then.
func (m *Model) Mapping(of Port) (transfer.Mapping, error) {
	own, err := m.cfg.Port.among(m.ports)
	if err != nil {
		return transfer.Mapping{}, errors.Wrap(err, m.Name)
	}
	i := slices.IndexFunc(m.ports, func(p published) bool { return p.port == of })
	if i < 0 {
		var names []string
		for _, p := range m.ports {
			names = append(names, "zoo."+p.port.String())
		}
		if names == nil {
			return transfer.Mapping{}, errors.Errorf("%s: no names of %v are known; transfer has mappings to begin with", m.Name, of)
		}
		return transfer.Mapping{}, errors.Errorf("%s: no names of %v are known; want %s", m.Name, of, strings.Join(names, ", "))
	}
	p := m.ports[i]
	if p.alike != own.alike {
		return transfer.Mapping{}, errors.Errorf("%s: the network computes as %v, and weights of %v would give other results; want it built with Config{Port: zoo.%v}",
			m.Name, m.cfg.Port, of, of)
	}
	return p.mapping(m), nil
}

// scopes returns those of the variables for which a function holds, in the order in which they were created, each with what is put behind it.
func (m *Model) scopes(behind string, of func(scope string) bool) []string {
	g := m.scope.Graph()
	prefix := m.scope.VariablePath()
	var all []string
	for _, v := range m.Variables() {
		name := strings.TrimPrefix(strings.TrimPrefix(g.NameOf(v), prefix), "/")
		scope := name[:max(0, strings.LastIndexByte(name, '/'))]
		if of(scope) && !slices.Contains(all, scope+behind) {
			all = append(all, scope+behind)
		}
	}
	return all
}

// begins returns whether a scope begins with one of the prefixes.
func begins(prefixes ...string) func(scope string) bool {
	return func(scope string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(scope, p) })
	}
}

// otherwise is where a function does not hold.
func otherwise(f func(string) bool) func(string) bool {
	return func(scope string) bool { return !f(scope) }
}

// blocks returns the first so many elements of the scopes that begin with a prefix, in the order in which they were created.
func (m *Model) blocks(prefix string, elements int) []string {
	var all []string
	for _, scope := range m.scopes("", begins(prefix)) {
		block := strings.Join(strings.Split(scope, "/")[:elements], "/") + "/"
		if !slices.Contains(all, block) {
			all = append(all, block)
		}
	}
	return all
}

// rule replaces a pattern by a text.
func rule(pattern, with string) transfer.Rule {
	return transfer.Rule{Pattern: pattern, With: []string{with}}
}

// numbered replaces numbered texts by names.
func numbered(pattern string, names []string) transfer.Rule {
	return transfer.Rule{Pattern: pattern, Names: names}
}

// without returns the mapping with what is not in the network ignored: the classifier, and the auxiliary one.
func (m *Model) without(mapping transfer.Mapping, classifier, auxiliary string) transfer.Mapping {
	if m.cfg.NoTop {
		mapping.Ignore = append(mapping.Ignore, classifier)
	}
	if auxiliary != "" && !m.cfg.Auxiliary {
		mapping.Ignore = append(mapping.Ignore, auxiliary)
	}
	return mapping
}
