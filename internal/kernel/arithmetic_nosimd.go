//go:build !amd64 || noasm

package kernel

func addSIMD(dst, a, b []float32) bool                        { return false }
func subSIMD(dst, a, b []float32) bool                        { return false }
func mulSIMD(dst, a, b []float32) bool                        { return false }
func divSIMD(dst, a, b []float32) bool                        { return false }
func squaredDifferenceSIMD(dst, a, b []float32) bool          { return false }
func minimumSIMD(dst, a, b []float32) bool                    { return false }
func maximumSIMD(dst, a, b []float32) bool                    { return false }
func addScalarSIMD(dst, x []float32, s float32) bool          { return false }
func mulScalarSIMD(dst, x []float32, s float32) bool          { return false }
func divScalarSIMD(dst, x []float32, s float32) bool          { return false }
func scalarSubSIMD(dst, x []float32, s float32) bool          { return false }
func scalarDivSIMD(dst, x []float32, s float32) bool          { return false }
func minimumScalarSIMD(dst, x []float32, s float32) bool      { return false }
func maximumScalarSIMD(dst, x []float32, s float32) bool      { return false }
func negSIMD(dst, x []float32) bool                           { return false }
func absSIMD(dst, x []float32) bool                           { return false }
func squareSIMD(dst, x []float32) bool                        { return false }
func clipSIMD(dst, x []float32, lo, hi float32) bool          { return false }
func axpySIMD(dst []float32, alpha float32, x []float32) bool { return false }
