package graph

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"
)

// A Variable without an Initializer is Glorot uniform for floats, zeros
// otherwise.
func TestDefaultInitializer(t *testing.T) {
	g := New(Config{Seed: 1})
	s := g.Scope()
	for _, c := range []struct {
		shape tensor.Shape
		limit float64
	}{
		{tensor.Shape{30, 70}, math.Sqrt(6.0 / 100)},
		{tensor.Shape{3, 3, 8, 16}, math.Sqrt(6.0 / (9 * 24))},
		{tensor.Shape{50}, math.Sqrt(6.0 / 100)},
	} {
		v := Variable(s, fmt.Sprintf("v%d", len(c.shape)), c.shape, VariableConfig{Dtype: tensor.Float64})
		n := Variable(s, fmt.Sprintf("n%d", len(c.shape)), c.shape, VariableConfig{Dtype: tensor.Int32, NotTrainable: true})
		out := mustRun(t, newSession(t, g, SessionConfig{}), nil, v, n)
		low, high := 0.0, 0.0
		for _, x := range out.Float64s(0) {
			low, high = math.Min(low, x), math.Max(high, x)
		}
		if low < -c.limit || high >= c.limit || low > -0.8*c.limit || high < 0.8*c.limit {
			t.Errorf("%v: from %v to %v, want ±%v", c.shape, low, high, c.limit)
		}
		for _, x := range out.Tensor(1).Data().([]int32) {
			if x != 0 {
				t.Fatal("an integer variable starts at", x)
			}
		}
	}
}

// Initial values depend on the seed, the variable's name and how often it was
// initialised; not on the order of building.
func TestInitialValuesAreKeyedByName(t *testing.T) {
	draw := func(seed int64, name string, others ...string) string {
		g := New(Config{Seed: seed})
		s := g.Scope()
		for _, o := range others {
			Variable(s.Sub(o), "w", tensor.Shape{3}, VariableConfig{})
		}
		v := Variable(s.Sub(name), "w", tensor.Shape{3}, VariableConfig{})
		return fmt.Sprint(mustRun(t, newSession(t, g, SessionConfig{}), nil, v).Float32s(0))
	}
	base := draw(7, "a")
	if draw(7, "a", "b", "c") != base {
		t.Error("other variables change it")
	}
	if draw(7, "b") == base || draw(8, "a") == base || draw(0, "a") == base {
		t.Error("name and seed do not matter")
	}
}

// The three distributions, in both dtypes; others say so.
func TestInitialDraws(t *testing.T) {
	for name, c := range map[string]struct {
		draw     func(v *Initial) error
		mean, sd float64
		limit    float64
	}{
		"Uniform":         {func(v *Initial) error { return v.Uniform(2, 4) }, 3, 2 / math.Sqrt(12), 1},
		"Normal":          {func(v *Initial) error { return v.Normal(-1, 0.5) }, -1, 0.5, 10},
		"TruncatedNormal": {func(v *Initial) error { return v.TruncatedNormal(5, 2) }, 5, 2 * 0.87962566, 4},
	} {
		for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			g := New(Config{})
			v := Variable(g.Scope(), "v", tensor.Shape{20000}, VariableConfig{Dtype: dt, Initializer: initializerFunc(c.draw)})
			a := arrayOf(mustRun(t, newSession(t, g, SessionConfig{}), nil, v).Tensor(0))
			total, squares := 0.0, 0.0
			for i := 0; i < a.size; i++ {
				d := arrayAt(a, i) - c.mean
				if math.Abs(d) > c.limit {
					t.Fatalf("%s %v: %v", name, dt, arrayAt(a, i))
				}
				total, squares = total+d, squares+d*d
			}
			n := float64(a.size)
			if mean, sd := total/n, math.Sqrt(squares/n); math.Abs(mean) > 4*c.sd/math.Sqrt(n) || math.Abs(sd/c.sd-1) > 0.03 {
				t.Errorf("%s %v: mean off by %v, sd %v want %v", name, dt, mean, sd, c.sd)
			}
		}
		g := New(Config{})
		Variable(g.Scope(), "v", nil, VariableConfig{Dtype: tensor.Int64, Initializer: initializerFunc(c.draw)})
		sess, err := NewSession(g, SessionConfig{})
		if err != nil {
			t.Fatal(err)
		}
		wantError(t, sess.Init(), "variable v", "int64", "float32 or float64")
	}
}

// Fans as TensorFlow counts them.
func TestFans(t *testing.T) {
	for _, c := range []struct {
		shape   tensor.Shape
		in, out int
	}{{nil, 1, 1}, {tensor.Shape{7}, 7, 7}, {tensor.Shape{3, 5}, 3, 5}, {tensor.Shape{3, 3, 8, 16}, 72, 144}, {tensor.Shape{4, 2, 6}, 8, 24}} {
		if in, out := Fans(c.shape); in != c.in || out != c.out {
			t.Errorf("%v: %d, %d, want %d, %d", c.shape, in, out, c.in, c.out)
		}
	}
}
