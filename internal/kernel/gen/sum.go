package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sums writes what reduces a vector to one number.
func sums(c *build.Context) {
	both(c, func(v *simd) {
		total(v, "sum", "x[0] + x[1] + ...", []string{"x"}, func(x []reg.VecPhysical, to reg.VecPhysical) {
			v.VADDPS(x[0], to, to)
		})
		total(v, "dot", "a[0]*b[0] + a[1]*b[1] + ...", []string{"a", "b"}, func(x []reg.VecPhysical, to reg.VecPhysical) {
			v.VFMADD231PS(x[0], x[1], to)
		})
		extremum(v, "max", "greatest", math.Inf(-1), v.VMAXPS)
		extremum(v, "min", "least", math.Inf(1), v.VMINPS)
	})
}

// total writes a sum over n elements, of which add adds a term to the lanes of
// to. The vectors are summed as the rows of a matrix that is a vector wide.
func total(v *simd, name, formula string, in []string, add func(x []reg.VecPhysical, to reg.VecPhysical)) {
	signature := "func("
	for i, p := range in {
		if i > 0 {
			signature += ", "
		}
		signature += p
	}
	v.function(name, signature+" *float32, n int) float32", "returns "+formula+" over n elements.")
	var pointers []reg.GPVirtual
	for _, p := range in {
		pointers = append(pointers, v.param(p))
	}
	n := v.param("n")
	x := &matrix{v, v.GP64(), v.GP64(), v.GP64()}
	v.MOVQ(n, x.rows)
	shift := uint64(3)
	if v.wide {
		shift = 4
	}
	v.SHRQ(operand.Imm(shift), x.rows)
	v.MOVQ(operand.U32(uint32(v.width)), x.stride)
	v.MOVQ(operand.U32(uint32(3*v.width)), x.stride3)
	t := totals{x, 1}
	term := func(m mover, row int, at func(p reg.GPVirtual) operand.Mem) {
		var regs []reg.VecPhysical
		for i, p := range pointers {
			regs = append(regs, t.other(i))
			m.loadAt(at(p), regs[i])
		}
		add(regs, t.lane(0, 0, row))
	}
	t.sum([]mover{{v: v}}, pointers, func(row int, at func(p reg.GPVirtual) operand.Mem) { term(mover{v: v}, row, at) })
	low, high := t.total(0, 0, 0), t.total(0, 0, 1)
	end := v.label("end")
	v.ANDQ(operand.Imm(uint64(v.lanes-1)), n)
	v.JZ(operand.LabelRef(end))
	v.tailMask(n)
	v.zero(t.lane(0, 0, 0))
	term(mover{v: v, tail: true}, 0, func(p reg.GPVirtual) operand.Mem { return operand.Mem{Base: p} })
	for half, to := range []reg.VecPhysical{low, high} {
		v.widen(t.lane(0, 0, 0), half, t.lane(0, 0, 1))
		v.VADDPD(t.lane(0, 0, 1), to, to)
	}
	v.Label(end)
	v.VADDPD(high, low, low)
	v.across64(low, high)
	v.VCVTSD2SS(low.AsX(), low.AsX(), low.AsX())
	v.returnFloat(low)
}

// extremum writes the greatest or the least of n elements.
func extremum(v *simd, name, which string, none float64, op func(...operand.Op)) {
	v.function(name, "func(x *float32, n int) float32", "returns the "+which+" of n elements, NaN if any is NaN.")
	x, n := v.param("x"), v.param("n")
	const unroll = 4
	best := func(i int) reg.VecPhysical { return v.reg(unroll + i) }
	seen, fill, t := v.reg(2*unroll), v.reg(2*unroll+1), v.reg(2*unroll+2)
	v.VMOVUPS(v.constant(float32(none)), fill)
	for i := range unroll {
		v.VMOVAPS(fill, best(i))
	}
	v.zero(seen)
	v.each(n, []reg.GPVirtual{x}, unroll, func(m []mover) {
		for i, m := range m {
			m.loadOr(x, fill, v.reg(i))
			op(best(i), v.reg(i), best(i)) // this way round it leaves out NaN
		}
		for i := 0; i < len(m); i += 2 { // one comparison finds the NaN of two vectors
			v.unordered(v.reg(i), v.reg(min(i+1, len(m)-1)), seen, t)
		}
	})
	for i := 1; i < unroll; i++ {
		op(best(i), best(0), best(0))
	}
	v.across(best(0), t, op)
	v.across(seen, t, v.VORPS)
	v.VORPS(seen.AsX(), best(0).AsX(), best(0).AsX()) // all ones are a NaN
	v.returnFloat(best(0))
}

// unordered sets the lanes of seen to ones where a or b is NaN.
func (v *simd) unordered(a, b, seen, t reg.VecPhysical) {
	const unordered = 3
	if v.wide {
		v.VCMPPS(operand.Imm(unordered), a, b, reg.K1)
		v.VPTERNLOGD(operand.Imm(0xff), seen, seen, reg.K1, seen)
		return
	}
	v.VCMPPS(operand.Imm(unordered), a, b, t)
	v.VORPS(t, seen, seen)
}

// returnFloat returns the lowest lane of r.
func (v *simd) returnFloat(r reg.VecPhysical) {
	at, err := v.ReturnIndex(0).Resolve()
	if err != nil {
		panic(err)
	}
	v.VMOVSS(r.AsX(), at.Addr)
	v.end()
}
