package kernel

import "testing"

func TestMulAdd(t *testing.T) {
	const gap = 3
	atEachISA(t, func(t *testing.T) {
		for _, n := range vectorLengths() {
			for rows := 0; rows < 4; rows++ {
				ld := n + gap
				x, y, z := ordinary(rows*ld+n, 1), ordinary(rows*ld+n, 2), ordinary(rows*ld+n, 3)
				offset := rows % 4
				matrix, check := placed(t, z, offset)
				a, _ := placed(t, x, (offset+1)%4)
				b, _ := placed(t, y, (offset+2)%4)
				MulAddRows(matrix, a, b[:n], rows, ld, ld)
				check()
				for i := range matrix {
					want := z[i]
					if r, c := i/ld, i%ld; r < rows && c < n {
						product := float32(x[i] * y[c]) // rounded, on every processor
						want += product
					}
					if !equal(matrix[i], want) {
						t.Fatalf("length %d, row %d, element %d: %v, want %v", n, i/ld, i%ld, matrix[i], want)
					}
				}

				vector, check := placed(t, z[:n], offset)
				MulAddSums(vector, a, b, rows, ld, ld)
				check()
				for i := range vector {
					want := z[i]
					for r := range rows {
						product := float32(x[r*ld+i] * y[r*ld+i])
						want += product
					}
					if !equal(vector[i], want) {
						t.Fatalf("length %d, %d rows, element %d: %v, want %v", n, rows, i, vector[i], want)
					}
				}
			}
		}
	})
}
