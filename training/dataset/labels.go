package dataset

import (
	"sort"
	"strconv"

	"github.com/pkg/errors"
)

// maxIntegerLabel is the largest whole number that counts as a class id; larger
// ones are names. It bounds the length of the class list.
const maxIntegerLabel = 65535

// classIDs numbers the names of classes by their place.
func classIDs(classes []string) (map[string]int64, error) {
	ids := make(map[string]int64, len(classes))
	for i, c := range classes {
		if _, twice := ids[c]; twice {
			return nil, errors.Errorf("Classes: the name %q is there twice", c)
		}
		ids[c] = int64(i)
	}
	return ids, nil
}

// numberLabels finds the classes of a table by the rule that ReadCSV documents,
// and turns its labels into ids.
func numberLabels(names []string) (ids []int64, classes []string) {
	ids = make([]int64, len(names))
	if top, ok := parseIDs(names, ids); ok {
		classes = make([]string, top+1)
		for i := range classes {
			classes[i] = strconv.Itoa(i)
		}
		return ids, classes
	}
	classes = sortedNames(names)
	byName, _ := classIDs(classes) // sortedNames has each name once
	for i, name := range names {
		ids[i] = byName[name]
	}
	return ids, classes
}

// parseIDs reads every name as a class id into ids and returns the largest. ok is
// false where one of them is none.
func parseIDs(names []string, ids []int64) (top int64, ok bool) {
	for i, name := range names {
		id, err := strconv.ParseInt(name, 10, 64)
		if err != nil || id < 0 || id > maxIntegerLabel {
			return 0, false
		}
		ids[i] = id
		top = max(top, id)
	}
	return top, true
}

// sortedNames lists each name once, in the order of their values where all are
// whole numbers, else in the order of their bytes.
func sortedNames(names []string) []string {
	seen := map[string]bool{}
	values := map[string]int64{}
	var out []string
	for _, name := range names {
		if seen[name] {
			continue
		}
		seen[name] = true
		out = append(out, name)
		if v, err := strconv.ParseInt(name, 10, 64); err == nil {
			values[name] = v
		}
	}
	numeric := len(values) == len(out)
	sort.Slice(out, func(i, j int) bool {
		if a, b := values[out[i]], values[out[j]]; numeric && a != b {
			return a < b
		}
		return out[i] < out[j]
	})
	return out
}
