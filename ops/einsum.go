package ops

import (
	"sort"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/gorgonia"

	"github.com/plexaura/plexaura/graph"
)

// Einsum is Einstein's summation: subscripts give each axis of each operand a
// letter, and say which of them the result has; the products of the operands are
// summed over the others.
//
//	"ij,jk->ik"      matrix product
//	"bij,bjk->bik"   of a batch of matrices
//	"...ij,...jk"    of batches of any rank, which broadcast
//	"ii->", "ii->i"  trace and diagonal
//	"ij->ji"         transposition
//	"i,j->ij"        outer product
//	"bi,ij,bj->b"    bilinear form
//
// A letter that an operand has twice takes its diagonal. Without "->" the result
// has the letters that occur once, in alphabetical order, after those of "...".
// Sizes of one letter must be equal; only axes of "..." broadcast. Spaces do not
// count.
//
// One operand or more, float32 or float64 of one dtype; sizes may be unknown. It is
// built of Transpose, MatMul, Mul and Sum, contracting the operands from left
// to right, and its gradients are theirs.
//
// TF: tf.einsum. PyTorch: torch.einsum. Dtypes: float. Gradient: yes.
func Einsum(s *graph.Scope, subscripts string, operands ...*gorgonia.Node) *gorgonia.Node {
	const name = "Einsum"
	for i, x := range operands {
		if x == nil {
			return s.Failf(name, nil, "operand %d of %q is nil", i, subscripts)
		}
	}
	terms, result, err := parseEinsum(subscripts, operands)
	if err != nil {
		intended := graph.Spec{Dtype: s.Graph().Dtype()}
		if len(operands) > 0 {
			intended.Dtype = graph.SpecOf(operands[0]).Dtype
		}
		for range result {
			intended.Shape = append(intended.Shape, graph.Unknown)
		}
		return s.Fail(name, operands, intended, errors.Wrapf(err, "subscripts %q", subscripts))
	}
	return s.Compose(func(s *graph.Scope) *gorgonia.Node {
		s = s.NameScope(name)
		for i, x := range operands {
			terms[i].x = x
			terms[i] = terms[i].diagonals(s)
		}
		y := terms[0]
		for i, t := range terms[1:] {
			y = contract(s, y, t, result, terms[i+2:])
		}
		return y.sumBut(s, result, nil).transposed(s, result).x
	})
}

// parseEinsum reads subscripts and checks them against the operands.
func parseEinsum(subscripts string, operands gorgonia.Nodes) (terms []term, result []int, err error) {
	text := strings.Join(strings.Fields(subscripts), "")
	inputs, output, explicit := strings.Cut(text, "->")
	parts := strings.Split(inputs, ",")
	if len(operands) == 0 || len(parts) != len(operands) {
		return nil, nil, errors.Errorf("there are subscripts for %d operands; %d came", len(parts), len(operands))
	}
	dots, times := 0, map[int]int{} // the rank of "...", the terms that have a label
	for i, part := range parts {
		sp := graph.SpecOf(operands[i])
		if err := floats.check(sp); err != nil {
			return nil, nil, err
		}
		if first := graph.SpecOf(operands[0]); sp.Dtype != first.Dtype {
			return nil, nil, errors.Errorf("operand 0 is %v and operand %d %v; want one dtype (ops.Cast converts)", first, i, sp)
		}
		letters := len(part)
		if strings.Contains(part, "...") {
			letters -= 3
			dots = max(dots, sp.Rank()-letters)
		}
		if letters > sp.Rank() || letters < sp.Rank() && letters == len(part) {
			return nil, nil, errors.Errorf("operand %d is %v, of rank %d; %q has %d subscripts", i, sp, sp.Rank(), part, letters)
		}
		labels, err := labelsOf(part, sp.Rank()-letters)
		if err != nil {
			return nil, nil, err
		}
		terms = append(terms, term{operands[i], labels})
		for _, l := range labels {
			times[l]++
		}
	}
	if explicit {
		if result, err = labelsOf(output, dots); err != nil {
			return nil, nil, err
		}
		seen := map[int]bool{}
		for _, l := range result {
			switch {
			case seen[l]:
				return nil, result, errors.Errorf("%q is twice in the result", letter(l))
			case times[l] == 0 && l >= 0:
				return nil, result, errors.Errorf("%q is in the result but in no operand", letter(l))
			}
			seen[l] = true
		}
		if dots > 0 && !seen[-1] {
			return nil, result, errors.New("the operands have axes of \"...\"; want \"...\" in the result too")
		}
	} else {
		for d := -dots; d < 0; d++ {
			result = append(result, d)
		}
		first := len(result)
		for l, n := range times {
			if n == 1 && l >= 0 {
				result = append(result, l)
			}
		}
		sort.Ints(result[first:])
	}
	return terms, result, sameSizes(terms, letter)
}

// labelsOf reads the subscripts of one tensor, whose "..." stands for dots axes.
func labelsOf(part string, dots int) ([]int, error) {
	before, after, ellipsis := strings.Cut(part, "...")
	var labels []int
	for i, half := range []string{before, after} {
		if i == 1 && ellipsis {
			for d := -dots; d < 0; d++ {
				labels = append(labels, d)
			}
		}
		for _, r := range half {
			if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
				return nil, errors.Errorf("%q in %q is no subscript; want letters, \"...\", \",\" and \"->\"", r, part)
			}
			labels = append(labels, int(r))
		}
	}
	return labels, nil
}

// letter is how a label is written.
func letter(label int) string {
	if label < 0 {
		return "..."
	}
	return string(rune(label))
}
