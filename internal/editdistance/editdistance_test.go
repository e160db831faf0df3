package editdistance

import "testing"

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
