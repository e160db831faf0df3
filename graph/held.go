package graph

// held is what a plan remembers of a value that it gave a place in the arena.
type held struct {
	ValueMemory
	root int // the first of the values that lie in the same memory, one written over the other
}

// hold notes down the values behind blocks, before they are placed. Blocks are in
// order of start; one written over another comes after it.
func hold(blocks []*block) []held {
	all := make([]held, len(blocks))
	at := make(map[*block]int, len(blocks))
	for i, b := range blocks {
		at[b] = i
		all[i] = held{ValueMemory{Node: b.key.v.ni.name, Use: b.use(), Bytes: b.bytes, From: b.start, To: b.end}, i}
		if b.over != nil {
			all[i].root = all[at[b.over]].root
		}
	}
	return all
}

// use says what the memory is for.
func (b *block) use() ValueUse {
	switch {
	case b.old:
		return OldValue
	case b.key.aux >= 0:
		return ExtraOutput
	case b.key.aux <= -2:
		return Scratch
	}
	return NodeValue
}

// peak returns the first step at which the values take up most memory, and those
// values, of several in the same memory the latest.
func peak(all []held) (at int, values []ValueMemory) {
	until := make([]int, len(all)) // of roots: the end of the last value in their memory
	steps := 0
	for _, h := range all {
		until[h.root] = max(until[h.root], h.To)
		steps = max(steps, h.To+1)
	}
	change := make([]int, steps+1) // in the bytes in use, at each step
	for i, h := range all {
		if h.root == i {
			change[h.From] += h.Bytes
			change[until[i]+1] -= h.Bytes
		}
	}
	most, now := 0, 0
	for k, d := range change {
		if now += d; now > most {
			most, at = now, k
		}
	}
	if most == 0 {
		return 0, nil
	}
	latest := map[int]int{} // by root
	for i, h := range all {
		if h.From <= at && at <= until[h.root] {
			latest[h.root] = i
		}
	}
	for i, h := range all {
		if k, ok := latest[h.root]; ok && k == i {
			values = append(values, h.ValueMemory)
		}
	}
	return at, values
}
