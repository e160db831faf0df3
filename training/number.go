package training

import (
	"encoding/json"
	"math"
	"strconv"
)

// number is a float64 that JSON keeps bit for bit, with NaN and the infinities, for which JSON has
// no form, as strings.
type number float64

// MarshalJSON writes the shortest text that reads as the same number.
func (n number) MarshalJSON() ([]byte, error) {
	x := float64(n)
	text := strconv.FormatFloat(x, 'g', -1, 64)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		text = strconv.Quote(text)
	}
	return []byte(text), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (n *number) UnmarshalJSON(b []byte) error {
	text := string(b)
	if len(b) > 0 && b[0] == '"' {
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
	}
	x, err := strconv.ParseFloat(text, 64)
	*n = number(x)
	return err
}
