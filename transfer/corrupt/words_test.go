package corrupt

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/text"
)

// vocabulary has the words a, b, c, d and e, counted 8, 4, 2, 1 and 1 times, with ids from 2 on.
func vocabulary(t *testing.T) *text.Vocabulary {
	t.Helper()
	v, err := text.NewVocabulary(map[string]int{"a": 8, "b": 4, "c": 2, "d": 1, "e": 1}, text.VocabularyConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sentence(r *rand.Rand, ids ...float32) *dataset.Example {
	return &dataset.Example{X: slices.Clone(ids), Shape: []int{len(ids)}, Rand: r, Label: 3}
}

func generator() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error %q does not say %q", err, w)
		}
	}
}

// like fails unless counts are those of draws with these weights, by their chi-squared: most is its 99.99 % point.
func like(t *testing.T, what string, counts map[int]int, weights map[int]float64, most float64) {
	t.Helper()
	total, weight := 0.0, 0.0
	for _, n := range counts {
		total += float64(n)
	}
	for _, w := range weights {
		weight += w
	}
	sum := 0.0
	for k, w := range weights {
		expected := total * w / weight
		sum += math.Pow(float64(counts[k])-expected, 2) / expected
	}
	if sum > most || len(counts) != len(weights) {
		t.Errorf("%s: counts %v are not like %v: chi-squared %v", what, counts, weights, sum)
	}
}

func TestReplaceWords(t *testing.T) {
	r, v := generator(), vocabulary(t)
	for _, byCount := range []bool{false, true} {
		change := ReplaceWords(v, ReplaceConfig{ByCount: byCount})
		places, known, unknown := map[int]int{}, map[int]int{}, map[int]int{}
		for range 20000 {
			old := []float32{3, 1, 3, 0, 0}
			e := sentence(r, old...)
			if err := change(e); err != nil {
				t.Fatal(err)
			}
			at := -1
			for i, id := range e.X {
				if id == old[i] {
					continue
				}
				if at >= 0 || i > 2 || id < 2 || id > 6 {
					t.Fatalf("%v becomes %v", old, e.X)
				}
				at = i
			}
			if at < 0 {
				t.Fatalf("%v stays as it is", old)
			}
			places[at]++
			if at == 1 {
				unknown[int(e.X[at])]++
			} else {
				known[int(e.X[at])]++
			}
			if e.Label != 3 {
				t.Fatal("the label changed")
			}
		}
		like(t, "places", places, map[int]float64{0: 1, 1: 1, 2: 1}, 18.4)
		if byCount {
			like(t, "for b", known, map[int]float64{2: 8, 4: 2, 5: 1, 6: 1}, 21.1)
			like(t, "for an unknown word", unknown, map[int]float64{2: 8, 3: 4, 4: 2, 5: 1, 6: 1}, 23.5)
		} else {
			like(t, "for b", known, map[int]float64{2: 1, 4: 1, 5: 1, 6: 1}, 21.1)
			like(t, "for an unknown word", unknown, map[int]float64{2: 1, 3: 1, 4: 1, 5: 1, 6: 1}, 23.5)
		}
	}
	// All choices of two of four places are equally likely.
	choices := map[int]int{}
	for range 12000 {
		e := sentence(r, 1, 1, 1, 1)
		if err := ReplaceWords(v, ReplaceConfig{Words: 2})(e); err != nil {
			t.Fatal(err)
		}
		mask := 0
		for i, id := range e.X {
			if id != 1 {
				mask |= 1 << i
			}
		}
		choices[mask]++
	}
	like(t, "two places", choices, map[int]float64{3: 1, 5: 1, 6: 1, 9: 1, 10: 1, 12: 1}, 25.7)
}

func TestSwapWords(t *testing.T) {
	r := generator()
	for _, adjacent := range []bool{false, true} {
		seen := map[string]bool{}
		for range 2000 {
			e := sentence(r, 5, 6, 6, 7, 0)
			if err := SwapWords(SwapConfig{Adjacent: adjacent})(e); err != nil {
				t.Fatal(err)
			}
			seen[string([]byte{'0' + byte(e.X[0]), '0' + byte(e.X[1]), '0' + byte(e.X[2]), '0' + byte(e.X[3]), '0' + byte(e.X[4])})] = true
		}
		want := []string{"56760", "65670", "66570", "76650", "57660"}
		if adjacent {
			want = []string{"65670", "56760"}
		}
		for _, w := range want {
			if !seen[w] {
				t.Errorf("Adjacent %v: %s never came", adjacent, w)
			}
			delete(seen, w)
		}
		if len(seen) > 0 {
			t.Errorf("Adjacent %v: %v came too", adjacent, seen)
		}
	}
}

func TestDropWords(t *testing.T) {
	r := generator()
	seen := map[[4]float32]bool{}
	for range 1000 {
		e := sentence(r, 5, 6, 7, 0)
		if err := DropWords(1)(e); err != nil {
			t.Fatal(err)
		}
		seen[[4]float32(e.X)] = true
	}
	if len(seen) != 3 || !seen[[4]float32{6, 7}] || !seen[[4]float32{5, 7}] || !seen[[4]float32{5, 6}] {
		t.Errorf("one word dropped of 5 6 7 gives %v", seen)
	}
	e := sentence(r, 5, 6, 7, 8)
	if err := DropWords(3)(e); err != nil || e.X[0] == 0 || !slices.Equal(e.X[1:], []float32{0, 0, 0}) || !slices.Equal(e.Shape, []int{4}) {
		t.Errorf("three words dropped of four give %v, %v", e.X, err)
	}
}

func TestWordsBadInput(t *testing.T) {
	r, v := generator(), vocabulary(t)
	replace, nan := ReplaceWords(v, ReplaceConfig{}), float32(math.NaN())
	for _, c := range []struct {
		change dataset.Transform
		e      *dataset.Example
		words  []string
	}{
		{ReplaceWords(nil, ReplaceConfig{}), sentence(r, 2, 3), []string{"corrupt: ReplaceWords", "a vocabulary of two words"}},
		{ReplaceWords(v, ReplaceConfig{Words: -1}), sentence(r, 2, 3), []string{"Words", "-1"}},
		{ReplaceWords(v, ReplaceConfig{Words: 3}), sentence(r, 2, 3, 0), []string{"has 2 words; wanted 3"}},
		{replace, sentence(r, 0, 0), []string{"has 0 words"}},
		{replace, sentence(nil, 2, 3), []string{"Rand"}},
		{replace, nil, []string{"came nil"}},
		{replace, &dataset.Example{X: []float32{2, 3}, Shape: []int{1, 2}, Rand: r}, []string{"[length]", "[1 2]"}},
		{replace, sentence(r, 2, nan), []string{"value 1 is NaN"}},
		{replace, sentence(r, 2.5), []string{"value 0 is 2.5", "whole number"}},
		{replace, sentence(r, -1), []string{"value 0 is -1"}},
		{replace, sentence(r, float32(math.Inf(1))), []string{"value 0 is +Inf"}},
		{SwapWords(SwapConfig{Swaps: -1}), sentence(r, 2, 3), []string{"corrupt: SwapWords", "Swaps"}},
		{SwapWords(SwapConfig{}), sentence(r, 2, 2, 2, 0), []string{"3 words, no two of which"}},
		{SwapWords(SwapConfig{Adjacent: true}), sentence(r, 2, 0), []string{"1 words"}},
		{SwapWords(SwapConfig{}), sentence(r, 0, 0), []string{"0 words"}},
		{SwapWords(SwapConfig{Adjacent: true}), sentence(r, 0), []string{"0 words"}},
		{DropWords(0), sentence(r, 2, 3), []string{"corrupt: DropWords", "1 or more"}},
		{DropWords(2), sentence(r, 2, 3, 0), []string{"has 2 words; wanted more than the 2"}},
	} {
		var before []float32
		if c.e != nil {
			before = slices.Clone(c.e.X)
		}
		wantError(t, c.change(c.e), c.words...)
		if c.e != nil && !slices.EqualFunc(before, c.e.X, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			t.Errorf("%v was changed to %v", before, c.e.X)
		}
	}
}
