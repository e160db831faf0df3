//go:build !amd64 || noasm

package kernel

func momentumSIMD(w, acc, grad []float32, lr, mu float32, nesterov bool) bool { return false }

func adamSIMD(w, m, v, grad []float32, alpha, beta1, beta2, epsilon float32) bool { return false }
