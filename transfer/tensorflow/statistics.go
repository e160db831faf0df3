package tensorflow

// statistics finds the moving statistics of batch norm that is made of single ops, as Keras and tf.layers make it where it is not fused:
//
//	scale = rsqrt(variance + epsilon) * gamma
//	y = x*scale + (beta - mean*scale)
//
// The variance is what a root is taken of, the mean what is multiplied by the scale and subtracted.
func (l *linked) statistics(found map[*node]bool) {
	users := map[*node][]*node{}
	for _, n := range l.nodes {
		for _, in := range n.in {
			users[in.node] = append(users[in.node], n)
		}
	}
	uses := func(n *node, is func(user *node) bool) bool {
		for _, u := range users[n] {
			if is(u) {
				return true
			}
		}
		return false
	}
	isScale := func(n *node) bool {
		return n.op == "Rsqrt" || n.op == "Mul" && len(n.in) == 2 && (n.in[0].op == "Rsqrt" || n.in[1].op == "Rsqrt")
	}
	for _, n := range l.nodes {
		if len(n.in) != 2 {
			continue
		}
		for i, in := range n.in {
			switch v, other := source(in), n.in[1-i].node; {
			case !isVariable(v):
			case (n.op == "Add" || n.op == "AddV2") && uses(n, func(u *node) bool { return u.op == "Rsqrt" }):
				found[v] = true
			case n.op == "Mul" && isScale(other) && uses(n, func(u *node) bool { return u.op == "Sub" && len(u.in) == 2 && u.in[1].node == n }):
				found[v] = true
			}
		}
	}
}
