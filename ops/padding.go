package ops

import "fmt"

// Padding says what windows that slide over an image find beyond its borders;
// the names are TensorFlow's.
type Padding int

const (
	// Valid, the default, adds nothing but what the config's Pads say (explicit
	// padding): with n elements and p before and q behind them, windows of k
	// elements that move by s give (n + p + q - k)/s + 1 results, rounded down. A
	// dilated window counts as (k - 1)*dilation + 1.
	Valid Padding = iota
	// Same gives n/s results, rounded up. What the windows need beyond the
	// border, max(0, (n/s - 1)*s + k - n), is split in two; the odd one comes
	// behind (below, to the right).
	Same
)

// String returns TensorFlow's word for the padding.
func (p Padding) String() string {
	switch p {
	case Valid:
		return "VALID"
	case Same:
		return "SAME"
	}
	return fmt.Sprintf("Padding(%d)", int(p))
}
