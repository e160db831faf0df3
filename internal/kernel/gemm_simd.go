//go:build amd64 && !noasm

package kernel

import "unsafe"

// microKernelsOf returns the micro-kernels in use for T.
func microKernelsOf[T Float]() *microKernels {
	switch {
	case active == Portable:
		return portableKernels[T]()
	case is32[T]() && active == AVX512:
		return &single512
	case is32[T]():
		return &single256
	case active == AVX512:
		return &double512
	}
	return &double256
}

var (
	single512 = microKernels{rows: 14, columns: 32, wide: []int{1: 320, 2: 160, 3: 128}, run: sgemm512}
	double512 = microKernels{rows: 14, columns: 16, wide: []int{1: 160, 2: 80, 3: 64}, run: dgemm512}
	single256 = microKernels{rows: 6, columns: 16, wide: []int{1: 80}, run: sgemm256}
	double256 = microKernels{rows: 6, columns: 8, wide: []int{1: 40}, run: dgemm256}
)

// The micro-kernels by the number of rows, the wide ones by that of vectors too.
var (
	sgemm512Wide = [4][21]func(*microTile){
		1: {3: sgemm1x3AVX512, 4: sgemm1x4AVX512, 5: sgemm1x5AVX512, 6: sgemm1x6AVX512, 7: sgemm1x7AVX512, 8: sgemm1x8AVX512, 9: sgemm1x9AVX512, 10: sgemm1x10AVX512, 11: sgemm1x11AVX512, 12: sgemm1x12AVX512, 13: sgemm1x13AVX512, 14: sgemm1x14AVX512, 15: sgemm1x15AVX512, 16: sgemm1x16AVX512, 17: sgemm1x17AVX512, 18: sgemm1x18AVX512, 19: sgemm1x19AVX512, 20: sgemm1x20AVX512},
		2: {3: sgemm2x3AVX512, 4: sgemm2x4AVX512, 5: sgemm2x5AVX512, 6: sgemm2x6AVX512, 7: sgemm2x7AVX512, 8: sgemm2x8AVX512, 9: sgemm2x9AVX512, 10: sgemm2x10AVX512},
		3: {3: sgemm3x3AVX512, 4: sgemm3x4AVX512, 5: sgemm3x5AVX512, 6: sgemm3x6AVX512, 7: sgemm3x7AVX512, 8: sgemm3x8AVX512},
	}
	sgemm256Wide = [11]func(*microTile){3: sgemm1x3AVX2, 4: sgemm1x4AVX2, 5: sgemm1x5AVX2, 6: sgemm1x6AVX2, 7: sgemm1x7AVX2, 8: sgemm1x8AVX2, 9: sgemm1x9AVX2, 10: sgemm1x10AVX2}
	dgemm512Wide = [4][21]func(*microTile){
		1: {3: dgemm1x3AVX512, 4: dgemm1x4AVX512, 5: dgemm1x5AVX512, 6: dgemm1x6AVX512, 7: dgemm1x7AVX512, 8: dgemm1x8AVX512, 9: dgemm1x9AVX512, 10: dgemm1x10AVX512, 11: dgemm1x11AVX512, 12: dgemm1x12AVX512, 13: dgemm1x13AVX512, 14: dgemm1x14AVX512, 15: dgemm1x15AVX512, 16: dgemm1x16AVX512, 17: dgemm1x17AVX512, 18: dgemm1x18AVX512, 19: dgemm1x19AVX512, 20: dgemm1x20AVX512},
		2: {3: dgemm2x3AVX512, 4: dgemm2x4AVX512, 5: dgemm2x5AVX512, 6: dgemm2x6AVX512, 7: dgemm2x7AVX512, 8: dgemm2x8AVX512, 9: dgemm2x9AVX512, 10: dgemm2x10AVX512},
		3: {3: dgemm3x3AVX512, 4: dgemm3x4AVX512, 5: dgemm3x5AVX512, 6: dgemm3x6AVX512, 7: dgemm3x7AVX512, 8: dgemm3x8AVX512},
	}
	dgemm256Wide  = [11]func(*microTile){3: dgemm1x3AVX2, 4: dgemm1x4AVX2, 5: dgemm1x5AVX2, 6: dgemm1x6AVX2, 7: dgemm1x7AVX2, 8: dgemm1x8AVX2, 9: dgemm1x9AVX2, 10: dgemm1x10AVX2}
	sgemm512Half  = [15]func(*microTile){nil, sgemm1x1AVX512, sgemm2x1AVX512, sgemm3x1AVX512, sgemm4x1AVX512, sgemm5x1AVX512, sgemm6x1AVX512, sgemm7x1AVX512, sgemm8x1AVX512, sgemm9x1AVX512, sgemm10x1AVX512, sgemm11x1AVX512, sgemm12x1AVX512, sgemm13x1AVX512, sgemm14x1AVX512}
	sgemm512Whole = [15]func(*microTile){nil, sgemm1x2AVX512, sgemm2x2AVX512, sgemm3x2AVX512, sgemm4x2AVX512, sgemm5x2AVX512, sgemm6x2AVX512, sgemm7x2AVX512, sgemm8x2AVX512, sgemm9x2AVX512, sgemm10x2AVX512, sgemm11x2AVX512, sgemm12x2AVX512, sgemm13x2AVX512, sgemm14x2AVX512}
	sgemm256Whole = [7]func(*microTile){nil, sgemm1x2AVX2, sgemm2x2AVX2, sgemm3x2AVX2, sgemm4x2AVX2, sgemm5x2AVX2, sgemm6x2AVX2}
	sgemm256Part  = [5]func(*microTile){nil, sgemm1x2maskedAVX2, sgemm2x2maskedAVX2, sgemm3x2maskedAVX2, sgemm4x2maskedAVX2}
	dgemm512Half  = [15]func(*microTile){nil, dgemm1x1AVX512, dgemm2x1AVX512, dgemm3x1AVX512, dgemm4x1AVX512, dgemm5x1AVX512, dgemm6x1AVX512, dgemm7x1AVX512, dgemm8x1AVX512, dgemm9x1AVX512, dgemm10x1AVX512, dgemm11x1AVX512, dgemm12x1AVX512, dgemm13x1AVX512, dgemm14x1AVX512}
	dgemm512Whole = [15]func(*microTile){nil, dgemm1x2AVX512, dgemm2x2AVX512, dgemm3x2AVX512, dgemm4x2AVX512, dgemm5x2AVX512, dgemm6x2AVX512, dgemm7x2AVX512, dgemm8x2AVX512, dgemm9x2AVX512, dgemm10x2AVX512, dgemm11x2AVX512, dgemm12x2AVX512, dgemm13x2AVX512, dgemm14x2AVX512}
	dgemm256Whole = [7]func(*microTile){nil, dgemm1x2AVX2, dgemm2x2AVX2, dgemm3x2AVX2, dgemm4x2AVX2, dgemm5x2AVX2, dgemm6x2AVX2}
	dgemm256Part  = [5]func(*microTile){nil, dgemm1x2maskedAVX2, dgemm2x2maskedAVX2, dgemm3x2maskedAVX2, dgemm4x2maskedAVX2}
)

func sgemm512(t *microTile) {
	switch {
	case t.columns <= 16:
		sgemm512Half[t.rows](t)
	case t.columns <= 32:
		sgemm512Whole[t.rows](t)
	default:
		sgemm512Wide[t.rows][ceilDiv(t.columns, 16)](t)
	}
}

func sgemm256(t *microTile) {
	switch {
	case t.columns == 16:
		sgemm256Whole[t.rows](t)
	case t.columns < 16:
		sgemm256Parts(t)
	default:
		sgemm256Wide[ceilDiv(t.columns, 8)](t)
	}
}

// sgemm256Parts computes a tile that is cut short at the right: the masks leave
// registers for four rows at a time.
func sgemm256Parts(t *microTile) {
	a, c, rows := t.a, t.c, t.rows
	for r := 0; r < rows; r += 4 {
		t.a, t.c = unsafe.Add(a, r*t.aRow), unsafe.Add(c, r*t.cRow)
		sgemm256Part[min(4, rows-r)](t)
	}
	t.a, t.c = a, c // the next panel of these rows begins where this did
}

func dgemm512(t *microTile) {
	switch {
	case t.columns <= 8:
		dgemm512Half[t.rows](t)
	case t.columns <= 16:
		dgemm512Whole[t.rows](t)
	default:
		dgemm512Wide[t.rows][ceilDiv(t.columns, 8)](t)
	}
}

func dgemm256(t *microTile) {
	switch {
	case t.columns == 8:
		dgemm256Whole[t.rows](t)
	case t.columns < 8:
		dgemm256Parts(t)
	default:
		dgemm256Wide[ceilDiv(t.columns, 4)](t)
	}
}

// dgemm256Parts computes a tile that is cut short at the right: the masks leave
// registers for four rows at a time.
func dgemm256Parts(t *microTile) {
	a, c, rows := t.a, t.c, t.rows
	for r := 0; r < rows; r += 4 {
		t.a, t.c = unsafe.Add(a, r*t.aRow), unsafe.Add(c, r*t.cRow)
		dgemm256Part[min(4, rows-r)](t)
	}
	t.a, t.c = a, c // the next panel of these rows begins where this did
}

// packRowsSIMD is packRows for rows of two vectors; it reports whether it was done.
func packRowsSIMD[T Float](dst, src []T, distance, width int) bool {
	size := int(unsafe.Sizeof(T(0)))
	d, s := (*byte)(unsafe.Pointer(first(dst))), (*byte)(unsafe.Pointer(first(src)))
	switch rows := len(dst) / width; {
	case rows == 0:
	case active == AVX512 && width*size == 128:
		packRowsAVX512(d, s, rows, distance*size)
	case active == AVX2 && width*size == 64:
		packRowsAVX2(d, s, rows, distance*size)
	default:
		return false
	}
	return true
}

// packColumns8 is packColumns for 8 columns of 8*blocks elements; it reports
// whether it was done.
func packColumns8(dst, src []float32, blocks, distance, width int) bool {
	if active == Portable {
		return false
	}
	packColumnsAVX2(first(dst), first(src), blocks, 4*distance, 4*width)
	return true
}

// peakSIMD is PeakFlops. A round of the loop has 12 multiply-adds.
func peakSIMD(rounds int) int {
	const each = 12
	loops := max(1, ceilDiv(rounds, each))
	switch active {
	case AVX512:
		peakAVX512(loops)
		return 2 * 16 * each * loops
	case AVX2:
		peakAVX2(loops)
		return 2 * 8 * each * loops
	}
	return 0
}
