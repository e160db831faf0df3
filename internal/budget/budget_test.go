package budget

import (
	"math"
	"strings"
	"testing"
)

func TestTake(t *testing.T) {
	b := Of(100)
	for _, n := range []int64{0, 400, 8 << 20} {
		if err := b.Take(n); err != nil {
			t.Error(err)
		}
	}
	if err := b.Take(1); err == nil || !strings.Contains(err.Error(), "than its 100 bytes") {
		t.Errorf("got %v", err)
	}
	if err := Of(math.MaxInt64).Take(1 << 58); err != nil {
		t.Error(err)
	}
	var unbounded *Budget
	if err := unbounded.Take(math.MaxInt64); err != nil {
		t.Error(err)
	}
}

func TestGive(t *testing.T) {
	b := Of(0)
	for range 3 {
		if err := b.Take(5 << 20); err != nil {
			t.Error(err)
		}
		b.Give(5 << 20)
	}
	var unbounded *Budget
	unbounded.Give(1)
}

func TestAdd(t *testing.T) {
	b := Of(100)
	b.Add(50)
	if err := b.Take(600 + 8<<20); err != nil {
		t.Error(err)
	}
	if err := b.Take(1); err == nil || !strings.Contains(err.Error(), "than its 150 bytes") {
		t.Errorf("got %v", err)
	}
	b.Add(math.MaxInt64)
	if err := b.Take(1 << 58); err != nil {
		t.Error(err)
	}
	var unbounded *Budget
	unbounded.Add(1)
}
