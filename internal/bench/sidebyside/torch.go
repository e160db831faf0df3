package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"golang.org/x/sys/cpu"
)

//go:embed peers/torch_convnets.py
var torchConvNets string

//go:embed peers/rbm.py
var rbmPeer string

//go:embed peers/torch_peer.py
var torchPeer string

// torch is PyTorch: as it comes, and told to use its AVX-512 code, which it
// does not by itself.
type torch struct {
	python  string
	shipped *fleet
	avx512  *fleet // nil where the processor has none
	gflops  float64
}

// torchThreads are the threads of OpenMP and of OpenBLAS. Which is best depends on
// the work, so each is tried.
var torchThreads = []struct{ omp, blas int }{{1, 1}, {1, 2}, {2, 2}}

// torchEnv is the environment in which PyTorch is fast. Without the MALLOC
// settings glibc gives memory back to the system in every step, and takes it again.
func torchEnv(omp, blas int, capability string) map[string]string {
	const gigabyte = "1073741824"
	return map[string]string{
		"OMP_NUM_THREADS":        strconv.Itoa(omp),
		"OPENBLAS_NUM_THREADS":   strconv.Itoa(blas),
		"OPENBLAS_CORETYPE":      "", // what somebody set for another purpose
		"OPENBLAS_L2_SIZE":       "",
		"ATEN_CPU_CAPABILITY":    capability,
		"MALLOC_MMAP_THRESHOLD_": gigabyte,
		"MALLOC_TRIM_THRESHOLD_": gigabyte,
		"MALLOC_TOP_PAD_":        gigabyte,
	}
}

func startTorch(python string) (*torch, error) {
	python, err := findTorch(python)
	if err != nil {
		return nil, err
	}
	t := &torch{python: python}
	if t.shipped, err = t.start(""); err != nil {
		return nil, err
	}
	if cpu.X86.HasAVX512F {
		if t.avx512, err = t.start("avx512"); err != nil {
			t.stop()
			return nil, err
		}
	}
	// A reference BLAS makes a hundredth of this: no peer to measure against.
	const n, sane = 1024, 15
	seconds, err := t.shipped.all[0].time(sampleTime, fmt.Sprint("mm NN ", n, n, n))
	if err != nil {
		t.stop()
		return nil, err
	}
	if t.gflops = 2 * n * n * n / seconds / 1e9; t.gflops < sane {
		t.stop()
		return nil, fmt.Errorf("its matrix product makes %.1f GFLOP/s on %s: it needs libopenblas0-pthread", t.gflops, t.shipped.about)
	}
	return t, nil
}

// findTorch returns the first Python that has torch and torchvision.
func findTorch(python string) (string, error) {
	candidates := []string{"python3", "/usr/bin/python3"}
	if python != "" {
		candidates = []string{python}
	}
	for _, p := range candidates {
		if exec.Command(p, "-c", "import torch, torchvision").Run() == nil {
			return p, nil
		}
	}
	return "", errors.New("no Python with torch and torchvision: " + strings.Join(candidates, ", "))
}

func (t *torch) start(capability string) (*fleet, error) {
	f := &fleet{}
	for _, n := range torchThreads {
		p, err := startProcess(fmt.Sprintf("OMP %d, BLAS %d", n.omp, n.blas), n.omp == 1 && n.blas == 1,
			torchEnv(n.omp, n.blas, capability), t.python, "-u", "-c", torchConvNets+rbmPeer+torchPeer)
		if err != nil {
			f.stop()
			return nil, err
		}
		f.all = append(f.all, p)
	}
	about, err := f.all[0].ask("about")
	f.about = about
	return f, err
}

func (t *torch) stop() {
	t.shipped.stop()
	if t.avx512 != nil {
		t.avx512.stop()
	}
}

// asShipped is PyTorch's side of a work, none where it is not installed: for work
// that its AVX-512 code has no part in.
func (t *torch) asShipped(request string, oneCore bool, atLeast float64) []rival {
	if t == nil {
		return nil
	}
	return []rival{{name: "PyTorch", contenders: t.shipped.contenders(request, oneCore), atLeast: atLeast}}
}

// rivals are PyTorch's sides of a work, as it comes and with AVX-512.
func (t *torch) rivals(request string, oneCore bool, atLeast float64) []rival {
	out := t.asShipped(request, oneCore, atLeast)
	if t != nil && t.avx512 != nil {
		out = append(out, rival{name: "PyTorch, AVX-512", contenders: t.avx512.contenders(request, oneCore)})
	}
	return out
}
