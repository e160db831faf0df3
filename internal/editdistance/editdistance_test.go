package editdistance

import (
	"slices"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"conv1", "conv1", 0}, {"flaw", "lawn", 2}, {"ä", "a", 2}} {
		if got := Of(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d; want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNear(t *testing.T) {
	names := []string{"hidden1/kernel", "Hidden1/bias", "hidden2/kernel", "hidden3/kernel", "out", "x"}
	for want, near := range map[string][]string{
		"hidden1/kernal": {"hidden1/kernel", "hidden2/kernel", "hidden3/kernel"}, "hidden1/BIAS": {"Hidden1/bias", "hidden1/kernel"},
		"kernel": {"hidden1/kernel", "hidden2/kernel", "hidden3/kernel"}, "logits": nil, "uot": {"out"},
	} {
		if got := Near(want, names); !slices.Equal(got, near) {
			t.Errorf("%s: %q; want %q", want, got, near)
		}
	}
}
