package main

import (
	"fmt"
	"go/token"
	"go/types"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Micro-kernels of the matrix product. Each computes a tile of c, mr rows of
// some vectors, whose sums stay in registers while it walks along k:
//
//	for l in range(k) { tile[i, j] += a[i*ars + l*acs] * b[l*ldb + j] }
//	c = alpha*tile (+ c) (+ bias), of which max(c, 0) and min(c, most) if wanted
//
// The strides are free, so the operands may lie as they are, transposed or
// packed; and a may lie in runs of columns, as the window of an image does. What a micro-kernel works on is the struct microTile, whose fields
// are known here by their place.
const (
	tileK = 8 * iota
	tileA
	tileARow
	tileAColumn
	tileB
	tileBRow
	tileC
	tileCRow
	tileColumns
	tileAlpha
	tileBias
	tileLoad
	tileAhead
	tileFirst
	tileRun
	tileJump
	tileRectify
	tileMost
)

// microTile is the signature of a micro-kernel.
var microTile = func() *gotypes.Signature {
	pkg := types.NewPackage("kernel", "kernel")
	named := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "microTile", nil), types.NewStruct(nil, nil), nil)
	t := types.NewParam(token.NoPos, pkg, "t", types.NewPointer(named))
	return gotypes.NewSignature(pkg, types.NewSignatureType(nil, nil, nil, types.NewTuple(t), nil, false))
}()

// gemm writes the micro-kernels of float32 and float64. AVX-512 has 32
// registers: tiles of up to 14 rows of two vectors, the second or both of which
// may be cut short by a mask, and of one vector for the last columns. AVX2 has
// 16: up to 6 rows of two whole vectors, or 4 rows of two under a mask. The
// wide tiles, of 3 vectors or more, are for products of few rows, which read b
// once and so want it in long pieces.
func gemm(c *build.Context) {
	both(c, func(v *simd) {
		for _, p := range []precision{single(v), double(v)} {
			if v.wide {
				for rows := 1; rows <= 14; rows++ {
					p.tile(rows, 1, true)
					p.tile(rows, 2, true)
				}
				for rows, most := range []int{1: 20, 2: 10, 3: 8} {
					for vectors := 3; vectors <= most; vectors++ {
						p.tile(rows, vectors, true)
					}
				}
				continue
			}
			for rows := 1; rows <= 6; rows++ {
				p.tile(rows, 2, false)
			}
			for rows := 1; rows <= 4; rows++ {
				p.tile(rows, 2, true)
			}
			for vectors := 3; vectors <= 10; vectors++ {
				p.tile(1, vectors, true)
			}
		}
	})
}

// precision is how the instructions on one element type are spelled.
type precision struct {
	*simd
	letter    string
	size      int
	broadcast func(...operand.Op)
	fma       func(...operand.Op) // r += x*y
	fmaInto   func(...operand.Op) // r = r*x + y
	mul, add  func(...operand.Op)
	max, min  func(...operand.Op) // the first operand if either is NaN
	masked    func(mask, x, y operand.Op)
	one       uint64 // the bits of 1
}

func single(v *simd) precision {
	return precision{v, "s", 4, v.VBROADCASTSS, v.VFMADD231PS, v.VFMADD213PS, v.VMULPS, v.VADDPS, v.VMAXPS, v.VMINPS, v.VMASKMOVPS, 0x3f800000}
}

func double(v *simd) precision {
	return precision{v, "d", 8, v.VBROADCASTSD, v.VFMADD231PD, v.VFMADD213PD, v.VMULPD, v.VADDPD, v.VMAXPD, v.VMINPD, v.VMASKMOVPD, 0x3ff0000000000000}
}

// tile writes the micro-kernel of rows x vectors.
func (p precision) tile(rows, vectors int, masked bool) {
	name := fmt.Sprintf("%sgemm%dx%d", p.letter, rows, vectors)
	what := fmt.Sprintf("computes %d x %d columns", rows, vectors*p.width/p.size)
	if masked {
		if !p.wide && vectors <= 2 {
			name += "masked"
		}
		what += " or fewer"
	}
	p.function(name, "func()", what+"; see microTile.")
	p.Signature(microTile)
	t := p.param("t")
	field := func(at int) reg.GPVirtual {
		r := p.GP64()
		p.MOVQ(operand.Mem{Base: t, Disp: at}, r)
		return r
	}

	// The last two vectors of a row may be loaded and stored under a mask. Those
	// masks, and the vectors of b, come last among the registers.
	last := 15
	if p.wide {
		last = 31
	}
	take := func() reg.VecPhysical { last--; return p.reg(last + 1) }
	masks := make([]reg.Register, vectors)
	if masked {
		p.columnMasks(masks[max(0, vectors-2):], vectors, field(tileColumns), take)
	}
	acc := func(i, j int) reg.VecPhysical { return p.reg(i*vectors + j) }
	b := make([]reg.VecPhysical, vectors)
	inRegisters := vectors <= 2
	if inRegisters {
		for j := range b {
			b[j] = take()
		}
	}
	var part reg.VecPhysical // of a row of b that is not kept in registers, under a mask
	if !inRegisters {
		part = take()
	}
	a := []reg.VecPhysical{take()}
	if last >= rows*vectors {
		a = append(a, take())
	}

	load := func(at operand.Mem, j int, r reg.VecPhysical) {
		switch {
		case masks[j] == nil:
			p.VMOVUPS(at, r)
		case !p.wide:
			p.masked(at, masks[j], r)
		case p.size == 4:
			p.VMOVUPS_Z(at, masks[j], r)
		default:
			p.VMOVUPD_Z(at, masks[j], r)
		}
	}
	store := func(r reg.VecPhysical, j int, at operand.Mem) {
		switch {
		case masks[j] == nil:
			p.VMOVUPS(r, at)
		case !p.wide:
			p.masked(r, masks[j], at)
		case p.size == 4:
			p.VMOVUPS(r, masks[j], at)
		default:
			p.VMOVUPD(r, masks[j], at)
		}
	}

	// The rows of c will be wanted at the end.
	atC, rowC := field(tileC), field(tileCRow)
	for i := 0; i < rows; i++ {
		for j := 0; j < vectors; j++ {
			p.PREFETCHT0(operand.Mem{Base: atC, Disp: j * p.width})
		}
		if i < rows-1 {
			p.ADDQ(rowC, atC)
		}
	}
	for i := 0; i < rows*vectors; i++ {
		p.zero(p.reg(i))
	}

	// Rows of a in groups of three, which an index of once and twice the
	// distance of rows reaches.
	k, row, column := field(tileK), field(tileARow), field(tileAColumn)
	groups := []reg.GPVirtual{field(tileA)}
	if rows > 3 {
		three := p.GP64()
		p.LEAQ(operand.Mem{Base: row, Index: row, Scale: 2}, three)
		for i := 3; i < rows; i += 3 {
			next := p.GP64()
			p.LEAQ(operand.Mem{Base: groups[len(groups)-1], Index: three, Scale: 1}, next)
			groups = append(groups, next)
		}
	}
	elementA := func(i int) operand.Mem {
		m := operand.Mem{Base: groups[i/3]}
		if i%3 > 0 {
			m.Index, m.Scale = row, uint8(i%3)
		}
		return m
	}
	atB, rowB, ahead := field(tileB), field(tileBRow), field(tileAhead)

	begin, loop, summed := p.label("begin"), p.label("loop"), p.label("summed")
	run := field(tileFirst) // columns of a until its next jump
	p.TESTQ(run, run)
	p.CMOVQEQ(k, run)
	p.Label(begin)
	p.SUBQ(run, k)
	p.Label(loop)
	for j := range b {
		at := operand.Mem{Base: atB, Disp: j * p.width}
		if inRegisters {
			load(at, j, b[j])
		}
		if p.wide || j%2 == 0 { // a line of the cache each
			p.PREFETCHT0(operand.Mem{Base: atB, Index: ahead, Scale: 1, Disp: j * p.width})
		}
	}
	for i := 0; i < rows; i++ {
		x := a[i%len(a)]
		p.broadcast(elementA(i), x)
		for j := 0; j < vectors; j++ {
			at := operand.Mem{Base: atB, Disp: j * p.width}
			switch {
			case inRegisters:
				p.fma(b[j], x, acc(i, j))
			case masks[j] != nil:
				load(at, j, part)
				p.fma(part, x, acc(i, j))
			default:
				p.fma(at, x, acc(i, j))
			}
		}
	}
	for _, at := range groups {
		p.ADDQ(column, at)
	}
	p.ADDQ(rowB, atB)
	p.DECQ(run)
	p.JNZ(operand.LabelRef(loop))
	p.TESTQ(k, k)
	p.JZ(operand.LabelRef(summed))
	t = p.param("t")
	for _, at := range groups {
		p.ADDQ(operand.Mem{Base: t, Disp: tileJump}, at)
	}
	p.MOVQ(operand.Mem{Base: t, Disp: tileRun}, run)
	p.CMPQ(k, run)
	p.CMOVQLT(k, run)
	p.JMP(operand.LabelRef(begin))
	p.Label(summed)

	// c = alpha*tile, or alpha*tile + c.
	t = p.param("t")
	alpha := a[0]
	p.broadcast(operand.Mem{Base: t, Disp: tileAlpha}, alpha)
	each := func(do func(at reg.GPVirtual, i int)) {
		at, step := field(tileC), field(tileCRow)
		for i := 0; i < rows; i++ {
			do(at, i)
			if i < rows-1 {
				p.ADDQ(step, at)
			}
		}
	}
	scale, bias, rectify, write := p.label("scale"), p.label("bias"), p.label("rectify"), p.label("write")
	p.CMPQ(operand.Mem{Base: t, Disp: tileLoad}, operand.Imm(0))
	p.JE(operand.LabelRef(scale))
	spare := part // a register for what is loaded under a mask
	if inRegisters {
		spare = b[0]
	}
	each(func(at reg.GPVirtual, i int) {
		for j := 0; j < vectors; j++ {
			m := operand.Mem{Base: at, Disp: j * p.width}
			if masks[j] != nil {
				load(m, j, spare)
				p.fmaInto(spare, alpha, acc(i, j))
			} else {
				p.fmaInto(m, alpha, acc(i, j))
			}
		}
	})
	p.JMP(operand.LabelRef(bias))
	p.Label(scale)
	one := p.GP64()
	p.MOVQ(operand.U64(p.one), one)
	p.CMPQ(one, operand.Mem{Base: t, Disp: tileAlpha})
	p.JE(operand.LabelRef(bias))
	for i := 0; i < rows*vectors; i++ {
		p.mul(alpha, p.reg(i), p.reg(i))
	}
	p.Label(bias)
	atBias := field(tileBias)
	p.TESTQ(atBias, atBias)
	p.JZ(operand.LabelRef(rectify))
	for j := 0; j < vectors; j++ {
		load(operand.Mem{Base: atBias, Disp: j * p.width}, j, spare)
		for i := 0; i < rows; i++ {
			p.add(spare, acc(i, j), acc(i, j))
		}
	}
	p.Label(rectify)
	p.CMPQ(operand.Mem{Base: t, Disp: tileRectify}, operand.Imm(0))
	p.JE(operand.LabelRef(write))
	zero, most := alpha, spare
	p.zero(zero)
	p.broadcast(operand.Mem{Base: t, Disp: tileMost}, most)
	for i := 0; i < rows*vectors; i++ {
		r := p.reg(i)
		p.add(zero, r, r) // -0 becomes 0
		p.max(r, zero, r)
		p.min(r, most, r)
	}
	p.Label(write)
	each(func(at reg.GPVirtual, i int) {
		for j := 0; j < vectors; j++ {
			store(acc(i, j), j, operand.Mem{Base: at, Disp: j * p.width})
		}
	})
	p.end()
}

// columnMasks makes the masks of the last vectors, one or two, of a row.
func (p precision) columnMasks(masks []reg.Register, vectors int, columns reg.GPVirtual, take func() reg.VecPhysical) {
	lanes := p.width / p.size
	if before := vectors - len(masks); before > 0 {
		p.SUBQ(operand.U32(uint32(before*lanes)), columns)
	}
	if p.wide {
		ones := p.GP32()
		p.MOVL(operand.U32(0xffffffff), ones)
		p.BZHIL(columns.As32(), ones, ones)
		for j := range masks {
			k := []reg.Register{reg.K1, reg.K2}[j]
			p.KMOVW(ones, k)
			p.SHRL(operand.Imm(uint64(lanes)), ones)
			masks[j] = k
		}
		return
	}
	// Ones, then zeros: the mask of n columns begins n elements before the zeros.
	words := make([]uint32, 32)
	for i := range words[:16] {
		words[i] = 0xffffffff
	}
	table := constantKey{p.Context, columnMaskKey}
	if _, ok := constants[table]; !ok {
		constants[table] = p.table("columnMasks", words)
	}
	at := p.GP64()
	p.LEAQ(constants[table].Offset(64), at)
	p.SHLQ(operand.Imm(map[int]uint64{4: 2, 8: 3}[p.size]), columns)
	p.SUBQ(columns, at)
	for j := range masks {
		m := take()
		p.VMOVUPS(operand.Mem{Base: at, Disp: j * p.width}, m)
		masks[j] = m
	}
}

// columnMaskKey stands for the table of column masks among the constants.
const columnMaskKey = 0x7fa5a5a6
