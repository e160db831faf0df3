package dataset

import (
	"math"
	"math/rand/v2"
	"reflect"
	"sort"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gorgonia.org/tensor"
)

// Draws against the distribution function of gonum: Kolmogorov-Smirnov with fixed
// seeds.
func TestBeta(t *testing.T) {
	const n = 20000
	for _, alpha := range []float64{0.05, 0.2, 0.5, 1, 1.5, 4, 50} {
		pcg := rand.NewPCG(1, 2)
		x := make([]float64, n)
		for i := range x {
			x[i] = beta(pcg, alpha)
		}
		sort.Float64s(x)
		worst := 0.0
		for i, v := range x {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("alpha %v: drew %v", alpha, v)
			}
			if v > 1-1e-9 {
				break // numbers this close to 1 round to it, and many are where alpha is small
			}
			p := mathext.RegIncBeta(alpha, alpha, v)
			worst = max(worst, math.Abs(p-float64(i)/n), math.Abs(p-float64(i+1)/n))
		}
		// sqrt(n) times the distance passes 2.23 once in 10,000.
		if d := worst * math.Sqrt(n); d > 2.23 {
			t.Errorf("alpha %v: distance %.2f", alpha, d)
		}
	}
}

// A tiny alpha must not underflow to NaN.
func TestBetaOfATinyAlpha(t *testing.T) {
	pcg := rand.NewPCG(1, 2)
	for range 1000 {
		if v := beta(pcg, 1e-30); v != 0 && v != 1 {
			t.Fatalf("drew %v", v)
		}
	}
}

// drawn is a batch of n examples with a generator of the given seed.
func drawn(n int, shape []int, seed uint64) *Batch {
	b := &Batch{N: n, Shape: shape, X: make([]float32, n*product(shape)), Rand: rand.New(rand.NewPCG(seed, 0))}
	for i := range n {
		b.Labels = append(b.Labels, int64(i))
		for j := range product(shape) {
			b.X[i*product(shape)+j] = float32(i + 1) // the picture of i is i+1 everywhere
		}
	}
	return b
}

// proportions are what of each example the soft labels of example i say it holds.
// Those of a batch of n classes, one example of each, are the mixture itself.
func proportions(b *Batch, i int) (own float32, partner int) {
	partner = i
	for j, v := range b.Targets[i*b.N : (i+1)*b.N] {
		if j != i && v > 0 {
			partner = j
		}
	}
	return b.Targets[i*b.N+i], partner
}

func TestMixup(t *testing.T) {
	lambdas, moved := map[float32]bool{}, 0
	for seed := range uint64(50) {
		b := drawn(6, []int{2, 1}, seed)
		if err := Mixup(0.4, 6)(b); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(b.TargetShape, []int{6}) || b.check(6) != nil {
			t.Fatalf("targets %v of shape %v", b.Targets, b.TargetShape)
		}
		lambda := float32(-1)
		for i := range 6 {
			own, p := proportions(b, i)
			if p == i {
				if own != 1 {
					t.Errorf("example %d mixed with itself holds %v of itself", i, own)
				}
				if b.X[2*i] < float32(i+1)-1e-6 || b.X[2*i] > float32(i+1)+1e-6 {
					t.Errorf("example %d mixed with itself is %v", i, b.X[2*i])
				}
				continue
			}
			moved++
			if lambda >= 0 && own != lambda {
				t.Errorf("two proportions in a batch, %v and %v", own, lambda)
			}
			lambda = own
			want := lambda*float32(i+1) + (1-lambda)*float32(p+1)
			if b.X[2*i] != want || b.X[2*i+1] != want {
				t.Errorf("%v of %d and the rest of %d is %v, want %v", lambda, i, p, b.X[2*i:2*i+2], want)
			}
			if sum := lambda + b.Targets[i*6+p]; sum < 1-1e-6 || sum > 1+1e-6 {
				t.Errorf("soft labels sum to %v", sum)
			}
		}
		lambdas[lambda] = true
	}
	if len(lambdas) < 45 || moved < 200 {
		t.Errorf("%d proportions in 50 batches, %d of 300 examples with a partner", len(lambdas), moved)
	}
}

func TestCutMix(t *testing.T) {
	const height, width, channels = 6, 5, 2
	cuts := map[[4]int]bool{}
	for seed := range uint64(100) {
		b := drawn(4, []int{height, width, channels}, seed)
		if err := CutMix(1, 4)(b); err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			own, p := proportions(b, i)
			// The pixels of the partner are a rectangle of the area that the labels say.
			top, left, bottom, right, area := height, width, 0, 0, 0
			for y := range height {
				for x := range width {
					at := ((i*height+y)*width + x) * channels
					if b.X[at] != b.X[at+1] {
						t.Fatalf("pixel %d, %d is torn: %v", y, x, b.X[at:at+2])
					}
					switch b.X[at] {
					case float32(i + 1):
					case float32(p + 1):
						top, left, bottom, right, area = min(top, y), min(left, x), max(bottom, y+1), max(right, x+1), area+1
					default:
						t.Fatalf("a pixel of %v in the mixture of %d and %d", b.X[at]-1, i, p)
					}
				}
			}
			if p != i && area != (bottom-top)*(right-left) {
				t.Errorf("%d pixels within %d, %d, %d, %d", area, top, left, bottom, right)
			}
			if want := 1 - float32(area)/(height*width); p != i && own != want {
				t.Errorf("%d pixels of another and %v of its own label", area, own)
			}
			if p != i {
				cuts[[4]int{top, left, bottom, right}] = true
			}
		}
	}
	if len(cuts) < 30 {
		t.Errorf("%d rectangles in 100 batches", len(cuts))
	}
}

// A rectangle that lies in the picture has 1-lambda of its area: lambda is next to
// 0.5 with so large an alpha, and 14 is sqrt(0.5) of 20.
func TestCutMixArea(t *testing.T) {
	largest := 0
	for seed := range uint64(100) {
		b := drawn(2, []int{20, 20}, seed)
		if err := CutMix(1e8, 2)(b); err != nil {
			t.Fatal(err)
		}
		area := 0
		for _, v := range b.X[:400] {
			if v == 2 {
				area++
			}
		}
		largest = max(largest, area)
	}
	if largest != 14*14 {
		t.Errorf("the largest of 100 rectangles has %d pixels, want %d", largest, 14*14)
	}
}

// Pictures of one channel may have no axis for it, and mixtures may be mixed.
func TestMixturesOfMixtures(t *testing.T) {
	b := drawn(5, []int{4, 4}, 3)
	for _, mix := range []BatchTransform{Mixup(1, 5), CutMix(1, 5), Mixup(1, 0)} {
		if err := mix(b); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		sum := float32(0)
		for _, v := range b.Targets[5*i : 5*i+5] {
			sum += v
		}
		if sum < 1-1e-5 || sum > 1+1e-5 {
			t.Errorf("soft labels %v sum to %v", b.Targets[5*i:5*i+5], sum)
		}
	}
}

func TestMixupInBatches(t *testing.T) {
	s := toy(10, 3)
	b := Batches(BatchesConfig{X: s.X, Y: s.Y, BatchSize: 4, MapBatch: []BatchTransform{Mixup(0.2, 3)}})
	for _, n := range []int{4, 4, 2} {
		if !b.Next() || !b.Y().Shape().Eq(tensor.Shape{n, 3}) || b.Y().Dtype() != tensor.Float32 {
			t.Fatalf("Y %v, %v", b.Y(), b.Err())
		}
	}
	b.Close()
}

func TestMixErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		mix    BatchTransform
		change func(*Batch)
		want   []string
	}{
		"alpha":     {Mixup(0, 4), func(*Batch) {}, []string{"Mixup", "alpha", "above 0"}},
		"NaN":       {CutMix(math.NaN(), 4), func(*Batch) {}, []string{"CutMix", "NaN"}},
		"classes":   {Mixup(1, 0), func(*Batch) {}, []string{"classes", "1 or more"}},
		"label":     {Mixup(1, 3), func(*Batch) {}, []string{"0 to 2", "came 3"}},
		"negative":  {Mixup(1, 4), func(b *Batch) { b.Labels[1] = -1 }, []string{"came -1"}},
		"no labels": {CutMix(1, 4), func(b *Batch) { b.Labels = nil }, []string{"labels"}},
		"flat":      {CutMix(1, 4), func(b *Batch) { b.Shape = []int{4} }, []string{"CutMix", "(4)"}},
	} {
		b := drawn(4, []int{2, 2}, 1)
		tt.change(b)
		t.Run(name, func(t *testing.T) { wantError(t, tt.mix(b), tt.want...) })
	}
}
