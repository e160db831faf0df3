package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columns writes what treats each column of a matrix alike: sums of columns,
// where a vector goes down all rows before the next one, four rows in flight,
// and maps with constants for each column.
func columns(c *build.Context) {
	both(c, func(v *simd) {
		columnSums(v)
		columnDeviations(v)
		columnProducts(v)
		batchNorm(v)
		batchNormGrad(v)
		scaleColumns(v)
	})
}

// matrix holds the registers for walking down the rows of matrices that have
// the same stride.
type matrix struct {
	*simd
	rows            reg.GPVirtual
	stride, stride3 reg.GPVirtual // bytes, and three times as many
}

// matrix loads the parameters stride, in elements, and rows.
func (v *simd) matrix() *matrix {
	x := &matrix{v, v.param("rows"), v.param("stride"), v.GP64()}
	v.SHLQ(operand.Imm(2), x.stride)
	v.LEAQ(operand.Mem{Base: x.stride, Index: x.stride, Scale: 2}, x.stride3)
	return x
}

// row is the element r < 4 rows below p.
func (x *matrix) row(r int, p reg.GPVirtual) operand.Mem {
	switch r {
	case 0:
		return operand.Mem{Base: p}
	case 3:
		return operand.Mem{Base: p, Index: x.stride3, Scale: 1}
	}
	return operand.Mem{Base: p, Index: x.stride, Scale: uint8(r)}
}

// down walks down n rows, which it consumes, at the pointers, which it
// advances. body is emitted for four rows and for a single one, as row 0; at gives
// its element at a pointer.
func (x *matrix) down(n reg.GPVirtual, pointers []reg.GPVirtual, body func(row int, at func(p reg.GPVirtual) operand.Mem)) {
	rows := func(k int) {
		for r := range k {
			body(r, func(p reg.GPVirtual) operand.Mem { return x.row(r, p) })
		}
		for _, p := range pointers {
			if k == 1 {
				x.ADDQ(x.stride, p)
			} else {
				x.LEAQ(operand.Mem{Base: p, Index: x.stride, Scale: 4}, p)
			}
		}
	}
	loop, single, one, done := x.label("rows"), x.label("single"), x.label("row"), x.label("down")
	x.SUBQ(operand.Imm(4), n)
	x.JL(operand.LabelRef(single))
	x.Label(loop)
	rows(4)
	x.SUBQ(operand.Imm(4), n)
	x.JGE(operand.LabelRef(loop))
	x.Label(single)
	x.ADDQ(operand.Imm(4), n)
	x.JZ(operand.LabelRef(done))
	x.Label(one)
	rows(1)
	x.DECQ(n)
	x.JNZ(operand.LabelRef(one))
	x.Label(done)
}

// copies makes pointers to walk with.
func (x *matrix) copies(p ...reg.GPVirtual) []reg.GPVirtual {
	q := make([]reg.GPVirtual, len(p))
	for i := range p {
		q[i] = x.GP64()
		x.MOVQ(p[i], q[i])
	}
	return q
}

// totals are sums down the columns of up to two vectors: of four rows in flight
// in float32, and of blocks in float64, where a vector has two halves.
type totals struct {
	*matrix
	sums int
}

// columnVectors is how many vectors of columns the registers have room for.
func (v *simd) columnVectors() int {
	if v.wide {
		return 2
	}
	return 1
}

func (t totals) lane(sum, i, row int) reg.VecPhysical {
	return t.reg((sum*t.columnVectors()+i)*4 + row)
}

func (t totals) total(sum, i, half int) reg.VecPhysical {
	return t.reg((t.sums*4+sum*2)*t.columnVectors() + i*2 + half)
}

// other is a register that is no sum.
func (t totals) other(i int) reg.VecPhysical { return t.reg(t.sums*6*t.columnVectors() + i) }

// blockRows is how many rows are summed in float32.
const blockRows = 64

// sum sums over all rows; body adds an element of each sum to its lanes.
func (t totals) sum(m []mover, pointers []reg.GPVirtual, body func(row int, at func(p reg.GPVirtual) operand.Mem)) {
	for s := range t.sums {
		for i := range m {
			t.zero(t.total(s, i, 0))
			t.zero(t.total(s, i, 1))
		}
	}
	left, n := t.GP64(), t.GP64()
	full := t.GP64()
	t.MOVQ(t.rows, left)
	t.MOVQ(operand.U32(blockRows), full)
	block, done := t.label("block"), t.label("sum")
	t.TESTQ(left, left)
	t.JZ(operand.LabelRef(done))
	t.Label(block)
	t.MOVQ(left, n)
	t.CMPQ(left, full)
	t.CMOVQGT(full, n)
	t.SUBQ(n, left)
	for s := range t.sums {
		for i := range m {
			for r := range 4 {
				t.zero(t.lane(s, i, r))
			}
		}
	}
	t.down(n, pointers, body)
	for s := range t.sums {
		for i := range m {
			a := t.fold(s, i)
			spare := t.lane(s, i, 1)
			for half := range 2 {
				t.widen(a, half, spare)
				t.VADDPD(spare, t.total(s, i, half), t.total(s, i, half))
			}
		}
	}
	t.TESTQ(left, left)
	t.JNZ(operand.LabelRef(block))
	t.Label(done)
}

// fold adds the rows in flight and returns where.
func (t totals) fold(sum, i int) reg.VecPhysical {
	a := t.lane(sum, i, 0)
	t.VADDPS(t.lane(sum, i, 1), a, a)
	t.VADDPS(t.lane(sum, i, 3), t.lane(sum, i, 2), t.lane(sum, i, 2))
	t.VADDPS(t.lane(sum, i, 2), a, a)
	return a
}

// widen converts half a vector of float32 to float64.
func (v *simd) widen(x reg.VecPhysical, half int, to reg.VecPhysical) {
	if v.wide {
		if half == 1 {
			v.VEXTRACTF32X8(operand.Imm(1), x, to.AsY())
			x = to
		}
		v.VCVTPS2PD(x.AsY(), to)
		return
	}
	if half == 1 {
		v.VEXTRACTF128(operand.Imm(1), x, to.AsX())
		x = to
	}
	v.VCVTPS2PD(x.AsX(), to)
}

// narrow converts two halves, which it spoils, to a vector of float32 in lo.
func (v *simd) narrow(lo, hi reg.VecPhysical) {
	if v.wide {
		v.VCVTPD2PS(lo, lo.AsY())
		v.VCVTPD2PS(hi, hi.AsY())
		v.VINSERTF32X8(operand.Imm(1), hi.AsY(), lo, lo)
		return
	}
	v.VCVTPD2PSY(lo, lo.AsX())
	v.VCVTPD2PSY(hi, hi.AsX())
	v.VINSERTF128(operand.Imm(1), hi.AsX(), lo, lo)
}

// storeHalf writes half a vector as float64 to the array at p, which has twice
// the displacement; spare is a register that may be overwritten.
func (m mover) storeHalf(r reg.VecPhysical, p reg.GPVirtual, half int, spare reg.VecPhysical) {
	v := m.v
	at := operand.Mem{Base: p, Disp: 2*m.disp + half*v.width}
	switch {
	case !m.tail:
		v.VMOVUPD(r, at)
	case v.wide:
		v.VMOVUPD(r, m.halfMask(half, spare), at)
	default:
		v.VMASKMOVPD(r, m.halfMask(half, spare), at)
	}
}

// splat64 loads a float64 parameter into all lanes of r.
func (v *simd) splat64(name string, r reg.VecPhysical) {
	at, err := v.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	v.VBROADCASTSD(at.Addr, r)
}

func columnSums(v *simd) {
	v.function("columnSums", "func(dst, x *float32, rows, stride, n int)",
		"is ColumnSums for n columns of rows that are stride apart.")
	dst, px, n := v.param("dst"), v.param("x"), v.param("n")
	t := totals{v.matrix(), 1}
	v.each(n, []reg.GPVirtual{dst, px}, v.columnVectors(), func(m []mover) {
		p := t.copies(px)
		t.sum(m, p, func(row int, at func(p reg.GPVirtual) operand.Mem) {
			for i, m := range m {
				x := t.other(i)
				m.loadAt(at(p[0]), x)
				v.VADDPS(x, t.lane(0, i, row), t.lane(0, i, row))
			}
		})
		for i, m := range m {
			v.narrow(t.total(0, i, 0), t.total(0, i, 1))
			m.store(t.total(0, i, 0), dst)
		}
	})
	v.end()
}

func columnDeviations(v *simd) {
	v.function("columnDeviations", "func(mean, m2 *float64, x *float32, rows, stride, n, few int, part float32, inv float64)",
		"is sectionDeviations for n columns, about the mean of the first few rows; part is 1/few and inv is 1/rows.")
	mean, m2, px, n := v.param("mean"), v.param("m2"), v.param("x"), v.param("n")
	t := totals{v.matrix(), 2}
	center := t.other
	// The outputs are twice as wide: they advance twice.
	v.each(n, []reg.GPVirtual{mean, mean, m2, m2, px}, v.columnVectors(), func(m []mover) {
		spare := func(i int) reg.VecPhysical { return t.other(len(m) + i) }
		for i := range m {
			for r := range 4 {
				v.zero(t.lane(0, i, r))
			}
		}
		few := v.param("few")
		part := spare(1)
		v.splat("part", part)
		p := t.copies(px)
		t.down(few, p, func(row int, at func(p reg.GPVirtual) operand.Mem) {
			for i, m := range m {
				m.loadAt(at(p[0]), spare(0))
				v.VFMADD231PS(spare(0), part, t.lane(0, i, row))
			}
		})
		for i := range m {
			v.VMOVAPS(t.fold(0, i), center(i))
		}
		p = t.copies(px)
		t.sum(m, p, func(row int, at func(p reg.GPVirtual) operand.Mem) {
			for i, m := range m {
				d := spare((row + i) % 2)
				m.loadAt(at(p[0]), d)
				v.VSUBPS(center(i), d, d)
				v.VADDPS(d, t.lane(0, i, row), t.lane(0, i, row))
				v.VFMADD231PS(d, d, t.lane(1, i, row))
			}
		})
		inv, zero, d, k := t.lane(0, 0, 0), t.lane(0, 0, 1), t.lane(0, 0, 2), t.lane(0, 0, 3)
		v.splat64("inv", inv)
		v.zero(zero)
		for i, m := range m {
			for half := range 2 {
				s, q := t.total(0, i, half), t.total(1, i, half)
				v.VMULPD(s, inv, d)
				v.VFNMADD231PD(s, d, q)
				v.VMAXPD(q, zero, q) // this way round it keeps NaN
				v.widen(center(i), half, k)
				v.VADDPD(k, d, d)
				m.storeHalf(d, mean, half, k)
				m.storeHalf(q, m2, half, k)
			}
		}
	})
	v.end()
}

func columnProducts(v *simd) {
	v.function("columnProducts", "func(s, p *float64, dy, x, mean *float32, rows, stride, n int)",
		"is ColumnProducts for n columns of rows that are stride apart.")
	ps, pp, pdy, px, pmean, n := v.param("s"), v.param("p"), v.param("dy"), v.param("x"), v.param("mean"), v.param("n")
	t := totals{v.matrix(), 2}
	mean := t.other
	v.each(n, []reg.GPVirtual{ps, ps, pp, pp, pdy, px, pmean}, v.columnVectors(), func(m []mover) {
		for i, m := range m {
			m.load(pmean, mean(i))
		}
		p := t.copies(pdy, px)
		t.sum(m, p, func(row int, at func(p reg.GPVirtual) operand.Mem) {
			for i, m := range m {
				dy, x := t.other(v.columnVectors()), t.other(v.columnVectors()+1)
				m.loadAt(at(p[0]), dy)
				m.loadAt(at(p[1]), x)
				v.VSUBPS(mean(i), x, x)
				v.VADDPS(dy, t.lane(0, i, row), t.lane(0, i, row))
				v.VFMADD231PS(dy, x, t.lane(1, i, row))
			}
		})
		for i, m := range m {
			for half := range 2 {
				m.storeHalf(t.total(0, i, half), ps, half, t.lane(0, 0, 0))
				m.storeHalf(t.total(1, i, half), pp, half, t.lane(0, 0, 0))
			}
		}
	})
	v.end()
}

func batchNorm(v *simd) {
	v.function("batchNorm", "func(y, x, mean, coefs *float32, rows, stride, n int)", "is BatchNorm, of n = stride columns.")
	v.matrix().mapColumns("y", []string{"x"}, "mean", "coefs", 2, func(x, k []reg.VecPhysical) {
		mean, scale, shift := k[0], k[1], k[2]
		v.VSUBPS(mean, x[0], x[0])
		v.VFMADD213PS(shift, scale, x[0])
	})
	v.end()
}

func batchNormGrad(v *simd) {
	v.function("batchNormGrad", "func(dx, dy, x, mean, coefs *float32, rows, stride, n int)", "is BatchNormGrad, of n = stride columns.")
	v.matrix().mapColumns("dx", []string{"x", "dy"}, "mean", "coefs", 3, func(x, k []reg.VecPhysical) {
		v.VSUBPS(k[0], x[0], x[0])
		v.VFMADD213PS(k[3], k[2], x[0])
		v.VFMADD231PS(x[1], k[1], x[0])
	})
	v.end()
}

func scaleColumns(v *simd) {
	v.function("scaleColumns", "func(y, x, scale *float32, rows, stride, n int)", "is ScaleColumns, of n = stride columns.")
	v.matrix().mapColumns("y", []string{"x"}, "scale", "", 0, func(x, k []reg.VecPhysical) {
		v.VMULPS(k[0], x[0], x[0])
	})
	v.end()
}

// mapColumns writes dst = op of the elements of the matrices in and of constants
// of their column: those at first, and of a matrix of several rows at coefs. op
// leaves the result in its first element. Four rows are written side by side, so
// that memory is read and written in few streams.
func (x *matrix) mapColumns(dst string, in []string, first, coefs string, several int, op func(x, k []reg.VecPhysical)) {
	v := x.simd
	var matrices []reg.GPVirtual
	for _, name := range append([]string{dst}, in...) {
		matrices = append(matrices, v.param(name))
	}
	rows := func(count int) {
		loop, done := v.label("rows"), v.label("done")
		v.Label(loop)
		v.SUBQ(operand.Imm(uint64(count)), x.rows)
		v.JL(operand.LabelRef(done))
		n := v.param("n")
		constants := []reg.GPVirtual{v.param(first)}
		if several > 0 {
			constants = append(constants, v.param(coefs))
		}
		v.each(n, append(constants, matrices...), 2, func(m []mover) {
			used := 0
			take := func() reg.VecPhysical { used++; return v.reg(used - 1) }
			k := make([][]reg.VecPhysical, len(m))
			for i, m := range m {
				k[i] = []reg.VecPhysical{take()}
				m.load(constants[0], k[i][0])
				for j := range several {
					k[i] = append(k[i], take())
					m.loadAt(x.row(j, constants[1]), k[i][j+1])
				}
			}
			for r := range count {
				for i, m := range m {
					elements := make([]reg.VecPhysical, len(in))
					for j := range in {
						elements[j] = v.reg(used + j)
						m.loadAt(x.row(r, matrices[j+1]), elements[j])
					}
					op(elements, k[i])
					m.storeAt(elements[0], x.row(r, matrices[0]))
				}
			}
		})
		for _, p := range matrices { // n elements are left to the end of the row
			v.LEAQ(operand.Mem{Base: p, Index: n, Scale: 4}, p)
			if count > 1 {
				v.ADDQ(x.stride3, p)
			}
		}
		v.JMP(operand.LabelRef(loop))
		v.Label(done)
		v.ADDQ(operand.Imm(uint64(count)), x.rows)
	}
	rows(4)
	rows(1)
}
